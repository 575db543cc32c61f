// An interview pack: what may be asked, by what one can answer it, what to admit, what to ask.

import { badge, count, el, empty, link, list, more, note, para, section, terms } from "./dom.js";
import { droppedNote } from "./letter.js";

export async function interviewView(detail, sources, { files }) {
  const { document: pack } = detail;
  const of = (kind) => pack.questions.filter((question) => question.kind === kind);
  return [
    section("Be ready to defend this", note("Lines of your resume that this application leans on."), cards(of("defend"), sources, "Nothing is emphasised that would need it.")),
    section("Likely questions", cards(of("requirement"), sources, "The posting asks for nothing that your resume shows.")),
    section("Gaps to admit", pack.gaps.length ? list(pack.gaps.map(({ text, advice }) => [el("strong", {}, text), para(advice)]), { class: "rows" }) : empty("None.")),
    section("On the company", pack.companyQuestions.length
      ? list(pack.companyQuestions.map(({ question, url }) => [para(question), note("Read at ", link(url, url))]), { class: "rows" })
      : empty("No page about the company was found, so nothing is made up.")),
    section("Questions to ask them", list(pack.questionsToAsk.map(({ question }) => question))),
    droppedNote(pack),
    files,
  ];
}

function cards(questions, sources, none) {
  if (questions.length === 0) return empty(none);
  const nodes = questions.map((question) => card(question, sources));
  nodes[0].open = true;
  return el("div", { class: "cards" }, nodes);
}

function card({ question, claim, star, evidence, weakSpots, outline }, sources) {
  return el("details", { class: "card asked" },
    el("summary", {}, el("h3", {}, question)),
    claim && !question.includes(claim) && el("p", { class: "claim" }, claim),
    star && terms([["Situation", star.situation], ["What you did", star.action], ["What came of it", star.result || "Your resume does not say: be ready to tell it."]]),
    outline?.length > 0 && more("An outline", list(outline.map(({ text }) => text))),
    weakSpots.length > 0 && [el("p", { class: "note" }, "They may dig here:"), list(weakSpots.map(({ advice, code }) => [badge(code.replaceAll("_", " "), "warn"), " ", advice]))],
    evidence.length > 0 && more(`Your own evidence (${count(new Set(evidence).size, "line")})`, sources.facts(evidence)));
}
