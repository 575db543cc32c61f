// A cover letter: each sentence shows on demand what proves it.

import { badge, busy, buttons, count, el, field, list, note, para, section } from "./dom.js";
import { ownMark } from "./own.js";
import { percent, gateWord } from "./words.js";

const ABOUT = { person: "about you", intent: "why you write", posting: "about the posting", research: "about the company", phrase: "a fixed phrase" };

export async function letterView(detail, sources, { files, own }) {
  const { document: letter } = detail;
  const { measures } = letter;
  return [
    section("The letter",
      note("Choose a sentence to see what proves it."),
      el("article", { class: "paper letter", lang: letter.language },
        para(letter.greeting), letter.paragraphs.map((paragraph) => paragraphOf(paragraph, sources)), para(letter.closing), para(letter.signature)),
      letter.own?.length > 0 && note(badge("your words", "unconfirmed"), ` ${letter.own.join(", ")}: yours, and not checked.`),
      note(`${count(measures.words, "word")} · ${percent(measures.grounded)} of what is asserted has a ground · ${measures.fillerPer100} filler phrases in 100 words · ${letter.tone}`),
      droppedNote(letter), own?.form("Write it in your own words", () => letterForm(letter, own))),
    files,
  ];
}

function letterForm(letter, own) {
  const greeting = el("input", { type: "text", value: letter.greeting });
  const text = letter.paragraphs.map(({ sentences }) => sentences.map((sentence) => sentence.text).join(" ")).join("\n\n");
  const paragraphs = el("textarea", { rows: "14", value: text });
  const closing = el("input", { type: "text", value: letter.closing });
  const save = el("button", { type: "submit" }, "Save my letter");
  const form = el("form", {}, field("Greeting", greeting), field("Paragraphs", paragraphs, "An empty line between two. What you do not touch keeps its proof."), field("Closing", closing), buttons(save));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(save, () => own.save({
      greeting: greeting.value.trim(), closing: closing.value.trim(),
      paragraphs: paragraphs.value.split(/\n\s*\n/).map((part) => part.trim().replaceAll(/\s+/g, " ")).filter(Boolean),
    }));
  });
  return form;
}

export function droppedNote({ dropped, droppedCodes }) {
  if (!dropped) return note("No sentence had to be left out.");
  return note(`${count(dropped, "sentence")} left out because nothing proves ${dropped === 1 ? "it" : "them"}: ${droppedCodes.map(gateWord).join("; ")}.`);
}

// Sentences are buttons in running text (a <button> would not break over lines); the ground opens
// below their paragraph.
function paragraphOf({ sentences }, sources) {
  const panel = el("div", { class: "grounds", hidden: true });
  let open = null;
  const close = () => { panel.hidden = true; open?.setAttribute("aria-expanded", "false"); open = null; };
  const text = el("p", {}, sentences.map((sentence, at) => [at > 0 && " ", sentenceOf(sentence, (node) => {
    const isSame = node === open;
    close();
    if (isSame) return;
    open = node;
    node.setAttribute("aria-expanded", "true");
    panel.replaceChildren(groundsOf(sentence, sources));
    panel.hidden = false;
  })]));
  const box = el("div", { class: "paragraph" }, text, panel);
  box.addEventListener("keydown", (event) => { if (event.key === "Escape" && open) { const last = open; close(); last.focus(); } });
  return box;
}

function sentenceOf(sentence, onChoose) {
  const node = el("span", { role: "button", tabindex: "0", class: `sentence${sentence.own ? " own" : ""}`, "aria-expanded": "false" }, sentence.text);
  node.addEventListener("click", () => onChoose(node));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onChoose(node);
  });
  return node;
}

function groundsOf(sentence, sources) {
  const grounds = sentence.grounds || [];
  return el("div", {},
    ownMark(sentence),
    !sentence.own && el("p", { class: "note" }, `This sentence is ${ABOUT[sentence.about] || sentence.about}. `, grounds.length ? "It rests on:" : "It asserts nothing that would need a proof."),
    grounds.length > 0 && list(grounds.map((ground) => sources.ground(ground)), { class: "facts" }));
}
export { groundsOf };
