// An interview pack: what may be asked, by what one can answer it, what to admit, what to ask.

import { badge, busy, buttons, count, el, empty, field, link, list, more, note, para, section, terms } from "./dom.js";
import { ownMark } from "./own.js";
import { droppedNote } from "./letter.js";

export async function interviewView(detail, sources, { files, own }) {
  const { document: pack } = detail;
  const of = (kind) => pack.questions.filter((question) => question.kind === kind);
  const mine = pack.questions.filter((question) => !KINDS.includes(question.kind));
  const cards = (questions, none) => cardList(questions, none, (question) => card(question, sources, own && (() => answerForm(question, pack, own))));
  return [
    section("Be ready to defend this", note("Lines of your resume that this application leans on."), cards(of("defend"), "Nothing is emphasised that would need it.")),
    section("Likely questions", cards(of("requirement"), "The posting asks for nothing that your resume shows.")),
    of("gap").length > 0 && section("Questions about what is missing", cards(of("gap"), "")),
    mine.length > 0 && section("Your own questions", cards(mine, "")),
    section("Gaps to admit", pack.gaps.length ? list(pack.gaps.map(({ text, advice }) => [el("strong", {}, text), para(advice)]), { class: "rows" }) : empty("None.")),
    section("On the company", pack.companyQuestions.length
      ? list(pack.companyQuestions.map(({ question, url }) => [para(question), note("Read at ", link(url, url))]), { class: "rows" })
      : empty("No page about the company was found, so nothing is made up.")),
    section("Questions to ask them", list(pack.questionsToAsk.map((one) => [one.question, " ", one.own && badge("your words", "unconfirmed")])),
      own?.form("Write the questions in your own words", () => askForm(pack, own))),
    droppedNote(pack),
    files,
  ];
}

const KINDS = ["requirement", "defend", "gap"];

// The whole pack is what is saved: each question by its id stays as it is.
const kept = (pack) => pack.questions.map(({ id }) => ({ id }));

function submitting(label, work, ...parts) {
  const save = el("button", { type: "submit" }, label);
  const form = el("form", {}, ...parts, buttons(save));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(save, work);
  });
  return form;
}

function answerForm(question, pack, own) {
  const answer = el("textarea", { rows: "4", value: (question.outline || []).map(({ text }) => text).join(" ") });
  return submitting("Save my answer", () => own.save({
    questions: kept(pack).map((one) => (one.id === question.id ? { ...one, answer: answer.value.trim() } : one)),
  }), field("Your answer", answer, "What nothing in your resume proves is marked, not refused."));
}

function askForm(pack, own) {
  const lines = el("textarea", { rows: "6", value: pack.questionsToAsk.map(({ question }) => question).join("\n") });
  return submitting("Save my questions", () => own.save({
    questions: kept(pack), questionsToAsk: lines.value.split("\n").map((line) => line.trim()).filter(Boolean),
  }), field("One question a line", lines));
}

function cardList(questions, none, cardOf) {
  if (questions.length === 0) return empty(none);
  const nodes = questions.map(cardOf);
  nodes[0].open = true;
  return el("div", { class: "cards" }, nodes);
}

function card({ question, claim, star, evidence, weakSpots, outline }, sources, answer) {
  return el("details", { class: "card asked" },
    el("summary", {}, el("h3", {}, question)),
    claim && !question.includes(claim) && el("p", { class: "claim" }, claim),
    star && terms([["Situation", star.situation], ["What you did", star.action], ["What came of it", star.result || "Your resume does not say: be ready to tell it."]]),
    outline?.length > 0 && [el("p", { class: "note" }, "An answer:"), list(outline.map((sentence) => [sentence.text, " ", ownMark(sentence)]))],
    weakSpots.length > 0 && [el("p", { class: "note" }, "They may dig here:"), list(weakSpots.map(({ advice, code }) => [badge(code.replaceAll("_", " "), "warn"), " ", advice]))],
    evidence.length > 0 && more(`Your own evidence (${count(new Set(evidence).size, "line")})`, sources.facts(evidence)),
    answer && opened("Write my answer", answer));
}

function opened(title, make) {
  const details = more(title);
  details.addEventListener("toggle", () => { if (details.open && !details.querySelector("form")) details.append(make()); });
  return details;
}
