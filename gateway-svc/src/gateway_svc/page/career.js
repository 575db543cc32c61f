// A career path: where one stands, next roles, counts over stored postings, pay with its source.

import { badge, bar, busy, buttons, count, day, el, empty, field, link, list, more, note, para, section, table, terms } from "./dom.js";
import { droppedNote } from "./letter.js";
import { ownMark } from "./own.js";
import { months } from "./words.js";

const KINDS = { step_up: "a step up", sideways: "a field beside", seen: "in your postings", own: "your own" };

export async function careerView(detail, sources, { files, own }) {
  const { document: path } = detail;
  const { current } = path;
  return [
    section("Where you stand", terms([
      ["Title", current.title], ["Field", current.field], ["Level", current.level], ["Experience", `${months(current.months)}, counted to ${current.asOf}`],
    ]), more("From these entries", sources.facts(current.factIds))),
    section("Next roles", path.roles.length ? el("div", { class: "cards" }, path.roles.map((role) => roleCard(role, sources))) : empty("No title of yours is known here, and no stored posting names another."),
      own?.form("Change the roles", () => rolesForm(path, own))),
    section("What is asked for and not shown", counts(path.missing, path.postings, sources)),
    section("What is asked for and shown", counts(path.present, path.postings, sources)),
    section("Pay", pay(path.pay), path.payDropped > 0 && note(`${count(path.payDropped, "figure")} left out: without source, date, region or sample size.`)),
    note(`${path.ladderSource} Version ${path.ladderVersion}.`),
    droppedNote(path),
    files,
  ];
}

// Roles are kept, left out, given reasons, or added by a title.
function rolesForm(path, own) {
  const rows = path.roles.map((role) => {
    const keep = el("input", { type: "checkbox", checked: true, "aria-label": `Keep ${role.title}` });
    const reasons = el("textarea", { rows: "2", value: role.reasons.map(({ text }) => text).join(" ") });
    return { role, keep, reasons, shown: el("fieldset", {}, el("legend", {}, keep, ` ${role.title}`), field("Why", reasons)) };
  });
  const title = el("input", { type: "text" });
  const save = el("button", { type: "submit" }, "Save my roles");
  const form = el("form", {}, rows.map(({ shown }) => shown), field("Another role", title), buttons(save));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const kept = rows.filter(({ keep }) => keep.checked).map(({ role, reasons }) => ({ id: role.id, reasons: reasons.value.trim() }));
    busy(save, () => own.save({ roles: [...kept, ...(title.value.trim() ? [{ title: title.value.trim() }] : [])] }));
  });
  return form;
}

function roleCard(role, sources) {
  return el("article", { class: "card" },
    el("div", { class: "row" }, el("h3", {}, role.title), badge(KINDS[role.kind] || role.kind)),
    note([role.field, role.level && `level ${role.level}`, role.postingIds.length > 0 && `in ${count(role.postingIds.length, "posting")} of yours`].filter(Boolean).join(" · ")),
    role.reasons.length > 0 && list(role.reasons.map((sentence) => [sentence.text, " ", ownMark(sentence)])),
    role.missing.length > 0 && para("Missing: ", role.missing.map(({ skill, count: n, of }) => `${skill} (${n} of ${of})`).join(", ")),
    role.present.length > 0 && more(`Shown: ${role.present.length}`, list(role.present.map(({ skill, count: n, of, factIds }) => [`${skill} (${n} of ${of})`, sources.facts(factIds)]))),
    role.pay.length > 0 && pay(role.pay));
}

function counts(items, postings, sources) {
  if (postings === 0) return empty("No data: you have kept no posting yet. ", link("#/postings", "Keep some"), ", then order this again.");
  if (items.length === 0) return empty("Nothing.");
  const most = items.slice(0, 10);
  const rows = (some) => list(some.map(({ skill, count: n, of, factIds }) => [
    el("div", { class: "score" }, el("span", {}, skill), bar(skill, n, of), el("span", {}, `${n} of ${of}`)),
    factIds.length > 0 && more("Your evidence", sources.facts(factIds)),
  ]), { class: "counts" });
  return [note(`Counted over ${count(postings, "stored posting")} of yours.`), rows(most), items.length > most.length && more(`${items.length - most.length} more`, rows(items.slice(most.length)))];
}

const money = (figure) => `${figure.low.toLocaleString()} – ${figure.high.toLocaleString()} ${figure.currency} a ${figure.period}`;

function pay(figures) {
  if (figures.length === 0) return empty("No data: no page with source, date, region and sample size was found.");
  return table("Published pay", ["Role", "Range", "Region", "As of", "Sample", "Source"], figures.map((figure) => [
    figure.role, money(figure), figure.region, figure.date.length > 7 ? day(figure.date) : figure.date, String(figure.sampleSize), link(figure.url, new URL(figure.url).host)]));
}
