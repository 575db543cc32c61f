// Scores: three marks on one scale, and each point with its reason.

import { badge, bar, el, more, note, para, table } from "./dom.js";

const RULES = {
  contact_name: "Name", contact_email: "Email", contact_phone: "Phone", contact_place: "Place or link", dates_parse: "Dates", dates_newest_first: "Newest first",
  section_experience: "Experience", section_education: "Education", section_skills: "Skills", sections_standard: "Usual sections", plain_text: "Plain text",
  lines_length: "Length of lines", entries_told: "Recent jobs told", entries_short: "Not too many lines", lines_once: "Said once", lines_quantified: "Numbers", length: "Length", summary: "Summary",
};

const named = (point, requirements) => {
  const requirement = requirements.find((one) => one.id === point.requirementId);
  if (!requirement) return RULES[point.rule] || point.rule.replaceAll("_", " ");
  return [requirement.skill || requirement.text, " ", requirement.kind === "must" && badge("required", "must")];
};

export function scoreDetails(score, what, summary, requirements = [], sources = null) {
  const rows = [...score.points].sort((a, b) => (b.of - b.points) - (a.of - a.points));
  return more(summary, score.cap && para(score.cap.why), table(`${what}: each point, what is lost first`, ["For", "Points", "Why"], rows.map((point) => [
    named(point, requirements), `${point.points} of ${point.of}`,
    [point.why, sources && point.where?.length > 0 && point.requirementId && sources.facts(point.where)],
  ])));
}

const row = (name, value, kind) => el("div", { class: "score" }, el("span", {}, name), bar(name, value, 100, kind), el("strong", {}, String(value)));

export function scorePanel(scores, requirements, sources) {
  const { match, readability } = scores;
  return el("div", { class: "scores" },
    el("div", { class: "card" }, el("h3", {}, "Match with the posting"),
      match ? [
        row("Now", match.base, "before"), row("With this resume", match.tailored.value, "after"), row("Honest ceiling", match.ceiling, "ceiling"),
        note("The ceiling is the most that can truthfully be shown. What lies beyond it are the questions below."),
        scoreDetails(match.tailored, "Match", "Where the points come from", requirements, sources),
      ] : note("The posting asks for nothing that can be scored.")),
    el("div", { class: "card" }, el("h3", {}, "Readability"),
      row("Now", readability.base, "before"), row("With this resume", readability.tailored.value, "after"),
      note("How well people and their software can read it; the posting plays no part."),
      scoreDetails(readability.tailored, "Readability", "Where the points come from")),
    note(`Computed, not asked of a model: rules ${scores.scoresVersion}, skills ${scores.catalogVersion}.`));
}
