// The statements that a result cites by id, in the person's own words.

import { el, link, list, quote } from "./dom.js";
import { SECTIONS } from "./words.js";

const DATE = /^\d{4}(-\d{2}){0,2}$/;

export class Sources {
  constructor(items, posting) {
    this.byId = new Map(items.map((item) => [item.id, item]));
    this.posting = posting;
  }

  // An entry's head is told with its dates last.
  text(id) {
    const item = this.byId.get(id);
    if (!item || item.entryId !== id) return item?.text || "";
    const parts = item.text.split(" · ");
    const dates = parts.filter((part) => DATE.test(part));
    return [...parts.filter((part) => !DATE.test(part)), dates.join(" – ")].filter(Boolean).join(", ");
  }

  // The entry a statement belongs to, unless it is that entry.
  context(id) {
    const item = this.byId.get(id);
    if (!item) return "";
    if (item.section === "confirmed") return "you confirmed it";
    const entry = item.entryId && item.entryId !== id ? this.text(item.entryId) : "";
    return [SECTIONS[item.section] || item.section, entry].filter(Boolean).join(": ");
  }

  facts(ids) {
    return list([...new Set(ids)].map((id) => (this.byId.has(id)
      ? [quote(this.text(id)), " ", el("span", { class: "note" }, this.context(id))]
      : el("span", { class: "note" }, "A line of a resume that is no longer there"))), { class: "facts" });
  }

  ground({ kind, ref, start, end }) {
    if (kind === "fact") return this.byId.has(ref) ? ["Your resume: ", quote(this.text(ref)), " ", el("span", { class: "note" }, this.context(ref))] : "A line of your resume";
    if (kind === "posting") return ["The posting: ", start >= 0 && this.posting ? quote(this.posting.text.slice(start, end)) : quote(this.stated(ref))];
    return ["A page: ", link(ref, ref)];
  }

  stated(ref) {
    return this.posting?.[ref] || `its ${ref}`;
  }
}
