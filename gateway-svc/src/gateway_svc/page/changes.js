// The changes of a tailored resume: each with its difference, why, from where; decided one by one.

import { action, badge, busy, buttons, el, field, list, more, note, para, quote, terms } from "./dom.js";
import { difference } from "./diff.js";
import { entryTitle, findEntry } from "./document.js";
import { CHANGES, gateWord } from "./words.js";

const HIDING = ["hide_entry", "hide_highlight", "hide_keyword"];
const isOrder = (change) => change.kind.startsWith("reorder");
const isHiding = (change) => HIDING.includes(change.kind);
const QUESTIONS = { hide_entry: "Leave out this entry?", hide_highlight: "Leave out this line?", hide_keyword: "Leave out this skill?" };
const ORIGINS = { model: "a model", rules: "rules", user: "you" };

const isOpen = (change) => change.state === "proposed" && !change.inDocument;

// Three groups, the ones that wait for the person first.
export function grouped(changes) {
  const waiting = changes.filter(isOpen);
  const rest = changes.filter((change) => !isOpen(change));
  return [
    ["Waiting for you", waiting, "Nothing of this happens unless you say so."],
    ["Words", rest.filter((change) => !isOrder(change)), ""],
    ["Order", rest.filter(isOrder), ""],
  ].filter(([, items]) => items.length > 0);
}

function stateOf(change) {
  if (change.withheld.length > 0) return ["kept out", "warn"];
  if (change.state === "rejected") return ["rejected", "failed"];
  if (change.by === "user") return ["your words", "unconfirmed"];
  if (change.state === "accepted") return [isHiding(change) ? "left out, as you say" : "accepted", "confirmed"];
  if (isOpen(change)) return ["your decision", "unconfirmed"];
  return change.inDocument ? ["in the document", "confirmed"] : ["not in the document", ""];
}

// `decide(change, decision, text?)` carries a decision out; `context` is {resume, requirements, sources}.
export function changeCard(change, context, decide) {
  const entry = findEntry(context.resume, change.entryId);
  const title = el("h4", { id: `title-${change.id}` }, isHiding(change) && isOpen(change) ? QUESTIONS[change.kind] : CHANGES[change.kind] || change.kind, entry && el("span", { class: "note" }, ` ${entryTitle(entry)}`));
  const requirements = context.requirements.filter((one) => change.requirementIds.includes(one.id));
  const doubts = [...new Set([...change.withheld, ...change.unverified])];
  return el("article", { class: "card change", "aria-labelledby": title.id, "data-change": change.id, "data-state": change.state },
    el("div", { class: "row" }, title, badge(...stateOf(change))),
    shown(change, context.sources),
    change.reason && el("p", { class: "why" }, change.reason),
    change.withheld.length > 0 && el("p", { class: "warning" }, `The truth gate keeps it out: ${doubts.map(gateWord).join("; ")}.`),
    change.unverified.length > 0 && el("p", { class: "warning" }, `Your own words, marked as such. Your resume does not show: ${change.unverified.map(gateWord).join("; ")}. They do not count in the scores until you confirm them as a fact.`),
    change.flags.length > 0 && el("p", { class: "warning" }, `Look closely: ${change.flags.map(gateWord).join("; ")}.`),
    el("div", { class: "foot" }, decisions(change, decide), more("Where it comes from",
      terms([
        ["In your resume", change.sourceFactIds.length > 0 && context.sources.facts(change.sourceFactIds)],
        ["Asked for", requirements.map((one) => `${one.skill || one.text} (${one.kind === "must" ? "required" : "preferred"})`).join(", ")],
        ["Proposed by", ORIGINS[change.origin]],
        ["Proposed words", change.by === "user" && change.origin !== "user" && typeof change.proposed === "string" && change.proposed],
      ]))));
}

function shown(change, sources) {
  if (isHiding(change) && isOpen(change)) return el("p", { class: "diff" }, quote(change.before || sources.text(change.targetId || change.entryId) || "this entry"));
  if (isOrder(change)) {
    const was = Array.isArray(change.before) ? change.before : [];
    const items = (change.after || []).map((id) => [sources.text(id) || id, was.indexOf(id) >= 0 && el("span", { class: "note" }, ` was ${was.indexOf(id) + 1}`)]);
    return more(`The new order of ${items.length}`, el("ol", {}, items.map((item) => el("li", {}, item))));
  }
  if (change.kind === "hide_entry") return el("p", { class: "diff" }, el("del", {}, sources.text(change.entryId) || "this entry"));
  return difference(typeof change.before === "string" ? change.before : "", typeof change.after === "string" ? change.after : "");
}

function decisions(change, decide) {
  const row = buttons();
  const about = CHANGES[change.kind] || change.kind;
  const button = (label, decision) => action(label, () => decide(change, decision), { "data-decision": decision, "aria-label": `${label}: ${about}` });
  if (change.state !== "accepted") row.append(button(isHiding(change) ? "Leave it out" : "Accept", "accepted"));
  if (change.state !== "rejected") row.append(button(isHiding(change) ? "Keep it" : "Reject", "rejected"));
  if (!isOrder(change) && !isHiding(change)) row.append(action("Edit", () => edit(change, decide, row), { "data-decision": "edited", "aria-label": `Edit: ${about}` }));
  if (change.state !== "proposed" && change.state !== "reverted") row.append(button("Undo", "reverted"));
  return row;
}

function edit(change, decide, row) {
  const words = el("textarea", { rows: "3", maxlength: "2000", value: typeof change.after === "string" ? change.after : "" });
  const save = el("button", { type: "submit" }, "Save my words");
  const close = () => { form.replaceWith(row); row.querySelector("[data-decision=edited]").focus(); };
  const form = el("form", {}, field("Your words", words), buttons(save, action("Cancel", close)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(save, async () => {
      if (!words.value.trim()) throw new Error("Write something, or reject the change.");
      await decide(change, "edited", words.value.trim());
    });
  });
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  row.replaceWith(form);
  words.focus();
}

export function blockedList(blocked) {
  if (blocked.length === 0) return note("Nothing had to be thrown away.");
  return [
    para(`${blocked.length} proposed ${blocked.length === 1 ? "change was" : "changes were"} thrown away because your resume does not support ${blocked.length === 1 ? "it" : "them"}. What they said is not kept.`),
    list(blocked.map(({ kind, codes, origin }) => `${CHANGES[kind] || kind}, proposed by ${ORIGINS[origin] || origin}: ${codes.map(gateWord).join("; ")}`)),
  ];
}
