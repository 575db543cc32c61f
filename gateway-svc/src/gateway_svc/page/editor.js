// A form for a whole JSON Resume. What it has no field for is kept as it is.

import { action, busy, buttons, el, field, more } from "./dom.js";
import { entryTitle } from "./document.js";
import { SECTIONS } from "./words.js";

// `|` marks several lines, `,` a list of words, `¶` a long text.
const DATED = { startDate: "Start (YYYY-MM)", endDate: "End (empty: now)" };
const FIELDS = {
  basics: { name: "Name", label: "Headline", email: "Email", phone: "Phone", url: "Website", summary: "¶Summary" },
  work: { position: "Title", name: "Employer", location: "Place", ...DATED, summary: "¶Summary", highlights: "|What you did, one line each" },
  volunteer: { position: "Role", organization: "Organisation", ...DATED, summary: "¶Summary", highlights: "|What you did, one line each" },
  projects: { name: "Name", ...DATED, url: "Address", summary: "¶Summary", highlights: "|What you did, one line each", keywords: ",Skills, with commas" },
  education: { studyType: "Degree", area: "Field", institution: "School", ...DATED, score: "Grade", courses: "|Courses, one line each" },
  skills: { name: "Group", level: "Level", keywords: ",Skills, with commas" },
  certificates: { name: "Name", issuer: "Issuer", date: "Date", url: "Address" },
  awards: { title: "Title", awarder: "Given by", date: "Date", summary: "¶About it" },
  publications: { name: "Title", publisher: "Publisher", releaseDate: "Date", url: "Address", summary: "¶About it" },
  languages: { language: "Language", fluency: "Level" },
  interests: { name: "Name", keywords: ",Words, with commas" },
  references: { name: "Name", reference: "¶Reference" },
};

const split = (text, by) => text.split(by).map((part) => part.trim()).filter(Boolean);

function control(kind, value) {
  if (kind === "|") return el("textarea", { rows: String(Math.min(8, (value?.length || 1) + 1)), value: (value || []).join("\n") });
  if (kind === "¶") return el("textarea", { rows: "3", value: value || "" });
  return el("input", { type: "text", value: kind === "," ? (value || []).join(", ") : value || "" });
}

const valueOf = (kind, node) => {
  if (kind === "|") return split(node.value, "\n");
  if (kind === ",") return split(node.value, ",");
  return node.value.trim();
};

// The fields of one entry; `read` gives it back with what was changed.
function part(section, entry, path, doubts) {
  const rows = Object.entries(FIELDS[section]).map(([key, told]) => {
    const kind = "|,¶".includes(told[0]) ? told[0] : "";
    const doubt = doubts.find((one) => one.path === `${path}.${key}`);
    const node = control(kind, entry[key]);
    if (doubt) node.classList.add("doubtful");
    return { key, kind, node, shown: field(kind ? told.slice(1) : told, node, doubt && `Please check: ${doubt.reason}`) };
  });
  const read = () => {
    const next = { ...entry };
    for (const { key, kind, node } of rows) {
      const value = valueOf(kind, node);
      if (value.length) next[key] = value;
      else delete next[key];
    }
    return next;
  };
  return { nodes: rows.map(({ shown }) => shown), read };
}

function entries(section, items, doubts) {
  const parts = [];
  const box = el("div", {});
  const add = (entry, path, isOpen) => {
    const { nodes, read } = part(section, entry, path, doubts);
    const one = { read };
    const drop = action("Remove this entry", () => { parts.splice(parts.indexOf(one), 1); details.remove(); });
    const details = more(entryTitle(entry) || "New entry", ...nodes, buttons(drop));
    details.open = isOpen || doubts.some((doubt) => doubt.path?.startsWith(`${path}.`));
    parts.push(one);
    box.append(details);
    return details;
  };
  items.forEach((entry, index) => add(entry, `${section}[${index}]`, false));
  const another = action(`Add to ${SECTIONS[section].toLowerCase()}`, () => add({}, "", true).querySelector("input").focus());
  return { node: el("fieldset", {}, el("legend", {}, SECTIONS[section]), box, buttons(another)), read: () => parts.map((one) => one.read()) };
}

export function editor(document, doubts, onSave) {
  const basics = part("basics", document.basics || {}, "basics", doubts);
  const sections = Object.keys(FIELDS).filter((key) => key !== "basics").map((key) => [key, entries(key, document[key] || [], doubts)]);
  const save = el("button", { type: "submit" }, "Save as the next version");
  const form = el("form", { class: "editor" },
    el("fieldset", {}, el("legend", {}, SECTIONS.basics), basics.nodes), sections.map(([, { node }]) => node), buttons(save));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const next = { ...document, basics: basics.read() };
    for (const [key, { read }] of sections) {
      const value = read();
      if (value.length || document[key]) next[key] = value;
    }
    busy(save, () => onSave(next));
  });
  return form;
}
