// How a file was read: what was doubtful, and how sure each field is where that is told.

import { badge, count, list, more, note, section, table } from "./dom.js";
import { SECTIONS } from "./words.js";

const NAMES = { position: "title", startDate: "start", endDate: "end", studyType: "degree", institution: "school" };

export function at(document, path) {
  return path.replaceAll(/\[(\d+)\]/g, ".$1").split(".").reduce((value, key) => value?.[key], document);
}

export function where(path) {
  const [section, ...rest] = path.replaceAll(/\[(\d+)\]/g, (_, n) => ` ${Number(n) + 1}`).split(".");
  const name = section.replace(/^\w+/, (key) => SECTIONS[key] || key);
  return [name, ...rest.map((key) => (key === "name" && section.startsWith("work") ? "employer" : NAMES[key] || key))].join(", ");
}

const text = (value) => (typeof value === "string" ? value : "");

export function doubtsOf({ report, document }) {
  return (report?.doubts || []).map((doubt) => ({ ...doubt, where: where(doubt.path || ""), value: text(at(document, doubt.path || "")) }));
}

export function readingView({ report, document }) {
  const fields = report.fields || [];
  const about = [
    report.engine && (report.engine === "model" ? "By rules, compared with a model's reading" : "By rules"), report.format && `from a ${report.format.toUpperCase()} file`, report.pages && count(report.pages, "page"),
    report.characters && `${report.characters} characters`, count((report.doubts || []).length, "doubt"),
  ];
  return section("How it was read",
    note(about.filter(Boolean).join(" · "), "."),
    report.notes?.length > 0 && list(report.notes, { class: "notes" }),
    fields.length > 0 && more(`How sure each of ${fields.length} fields is`, table("Fields and confidence", ["Field", "Read as", "Where", "Sure"],
      fields.map((one) => [where(one.path), text(at(document, one.path)), [one.page && `page ${one.page}`, one.line && `line ${one.line}`].filter(Boolean).join(", ") || "–", badge(`${Math.round((one.confidence ?? 0) * 100)} %`, one.confidence < 0.85 ? "warn" : "")]))));
}
