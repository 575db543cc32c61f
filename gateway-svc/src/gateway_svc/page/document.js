// A JSON Resume to read.

import { el, list } from "./dom.js";
import { SECTIONS } from "./words.js";

const TITLES = ["position", "studyType", "area", "title", "name", "organization", "institution", "awarder", "issuer", "publisher", "language", "fluency"];
const LINES = ["highlights", "courses"];
const SHORT = ["keywords", "roles"];

export const entryTitle = (entry) => TITLES.map((key) => entry?.[key]).filter((text) => typeof text === "string" && text).join(", ");

export function findEntry(resume, id) {
  for (const key of Object.keys(SECTIONS)) {
    const found = Array.isArray(resume?.[key]) && resume[key].find((entry) => entry.id === id);
    if (found) return found;
  }
  return null;
}

const span = ({ startDate, endDate, date, releaseDate }) => date || releaseDate || [startDate, startDate && !endDate ? "now" : endDate].filter(Boolean).join(" – ");

export function documentView(resume) {
  const { basics = {} } = resume;
  const contact = [basics.email, basics.phone, basics.url, [basics.location?.city, basics.location?.region].filter(Boolean).join(", "), ...(basics.profiles || []).map((profile) => profile.url || profile.username)];
  return el("article", { class: "paper" },
    el("p", { class: "owner" }, basics.name || "Without a name"),
    basics.label && el("p", { class: "label" }, basics.label),
    el("p", { class: "note" }, contact.filter(Boolean).join(" · ")),
    basics.summary && el("p", {}, basics.summary),
    Object.keys(SECTIONS).filter((key) => resume[key]?.length && key !== "basics").map((key) => [
      el("h3", {}, SECTIONS[key]), resume[key].map(entryView),
    ]));
}

function entryView(entry) {
  const lines = LINES.flatMap((key) => entry[key] || []);
  const short = SHORT.flatMap((key) => entry[key] || []);
  return el("div", { class: "entry" },
    el("p", {}, el("strong", {}, entryTitle(entry)), " ", el("span", { class: "note" }, [span(entry), entry.location].filter(Boolean).join(" · "))),
    (entry.summary || entry.description || entry.reference) && el("p", {}, entry.summary || entry.description || entry.reference),
    lines.length > 0 && list(lines),
    short.length > 0 && el("p", {}, short.join(", ")));
}
