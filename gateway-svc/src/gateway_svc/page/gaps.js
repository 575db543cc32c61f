// What the posting asks for and the resume does not show, as questions; a yes becomes a fact.

import { post } from "./api.js";
import { badge, busy, buttons, el, empty, field, link, note, para, say, select } from "./dom.js";
import { entryTitle } from "./document.js";

// `onAnswer()` is called once a fact is kept.
export function gapList(gaps, resumeId, resume, onAnswer) {
  if (gaps.length === 0) return empty("Nothing is open: your resume covers what the posting asks for.");
  return el("div", { class: "cards" }, gaps.map((gap) => question(gap, resumeId, resume, onAnswer)));
}

function question(gap, resumeId, resume, onAnswer) {
  const can = new Set(gap.answerKinds);
  const answers = [["", "Choose…"]];
  if (can.has("name_at_entry")) answers.push(["at", "Yes, I used it at…"]);
  if (can.has("name")) answers.push(["name", "Yes, but at no place of my resume"]);
  if (can.has("statement")) answers.push(["statement", "Yes, in my own words"]);
  const kind = select(answers);
  const places = ["work", "projects", "volunteer", "education"].flatMap((section) => (resume[section] || []).map((entry) => [entry.id, entryTitle(entry)]));
  const where = select(places);
  const words = el("textarea", { rows: "2", maxlength: "500" });
  const whereField = field("Where", where);
  const wordsField = field("In your own words", words, "One sentence that is true, and that you would say in an interview.");
  const toggle = () => {
    whereField.hidden = kind.value !== "at";
    wordsField.hidden = !["at", "statement"].includes(kind.value);
  };
  kind.addEventListener("change", toggle);
  toggle();
  const submit = el("button", { type: "submit" }, "Confirm it");
  const form = el("form", {}, field("Your answer", kind), whereField, wordsField,
    can.has("resume") && note("If it belongs into your resume, write it there: ", link(`#/resumes/${resumeId}`, "correct the resume"), "."),
    buttons(submit));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(submit, async () => {
      const statement = words.value.trim();
      if (!kind.value) throw new Error("Choose an answer. If the answer is no, leave it as it is.");
      if (kind.value === "statement" && !statement) throw new Error("Say it in your own words.");
      await post(`/api/resumes/${resumeId}/facts`, {
        requirementId: gap.requirementId,
        ...(kind.value !== "statement" && { name: gap.skill || gap.text }),
        ...(statement && kind.value !== "name" && { statement }),
        ...(kind.value === "at" && { entryId: where.value }),
      }, crypto.randomUUID());
      const kept = para("Confirmed. It counts from the next tailoring on.");
      kept.classList.add("good");
      form.replaceWith(kept);
      say(kept.textContent);
      onAnswer();
    });
  });
  return el("div", { class: "card gap" },
    el("h3", {}, gap.skill || gap.text, " ", badge(gap.kind === "must" ? "required" : "preferred", gap.kind)),
    para(gap.question), form);
}
