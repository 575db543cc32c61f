// One resume: what was read, with doubts; correct it, confirm it; its versions, facts and files.

import { confirmAt, get, maybe, put, readTagged, remove } from "./api.js";
import { action, badge, buttons, el, empty, link, list, moment, more, note, para, quote, section, say, twoSteps, way } from "./dom.js";
import { documentView, entryTitle, findEntry } from "./document.js";
import { downloads } from "./downloads.js";
import { editor } from "./editor.js";
import { orderHint } from "./order.js";
import { scoreDetails } from "./scores.js";
import { doubtsOf, readingView } from "./reading.js";
import { RESUME_STATES } from "./words.js";

export async function resumeView({ params: [id], again }) {
  const path = `/api/resumes/${id}`;
  const { body: resume, etag } = await readTagged(path);
  const head = el("h1", {}, resume.name || resume.fileName || "Resume");
  const state = para(badge(RESUME_STATES[resume.state], resume.state), " ", el("span", { class: "note" }, `version ${resume.version} · ${moment(resume.updatedAt)}`));
  const remover = twoSteps("Delete", "Delete this resume with all its versions and its file? What was made from it stays.", async () => {
    await remove(path);
    location.hash = "#/resumes";
  });
  if (!resume.document) return [head, state, empty("This file has not been read, or could not be."), remover];
  const [facts, versions, score, files] = await Promise.all([
    get(`${path}/facts`), get(`${path}/versions`), maybe(get(`${path}/score`)), downloads(`${path}/export`, "/api/resumes/{resume_id}/export")]);
  return [
    head, state, confirmation(resume, path, etag, again),
    buttons(way(orderHint(id), "Use it for a posting", resume.state === "unconfirmed" ? "quiet" : "")),
    section("What it says", corrections(resume, path, etag, again), documentView(resume.document)),
    resume.report && readingView(resume),
    score && section("How well it reads", scoreDetails(score.readability, "Readability", `${score.readability.value} of 100 points`)),
    section("What you confirmed beside it", factList(facts.items, path, resume.document, again)),
    section("Files", files),
    section("Versions", list(versions.items.map((one) => versionLine(id, one, resume.version)), { class: "rows" })),
    section("Delete it", remover),
  ];
}

function confirmation(resume, path, etag, again) {
  if (resume.state !== "unconfirmed") return "";
  const doubts = doubtsOf(resume);
  return el("div", { class: "callout" },
    para(doubts.length ? "This was read from your file. Some of it was doubtful; please check:" : "This was read from your file. Please check it, then confirm: from then on it is taken for the truth about you."),
    doubts.length > 0 && list(doubts.map(({ where, value, reason, confidence, alternative }) => [
      el("strong", {}, where), value && [": ", quote(value)], ` – ${reason}`, confidence !== undefined && ` (${Math.round(confidence * 100)} % sure)`,
      alternative && [". Another reading: ", quote(alternative)]])),
    buttons(action("It is right: confirm it", async () => {
      await confirmAt(`${path}/confirm`, etag);
      await again();
      say("Confirmed.");
    }, { class: "" })));
}

function corrections(resume, path, etag, again) {
  const details = more("Correct it");
  details.addEventListener("toggle", () => {
    if (details.open && !details.querySelector("form")) {
      details.append(editor(resume.document, doubtsOf(resume), async (document) => {
        const { body } = await put(path, document, etag);
        await again();
        say(`Saved as version ${body.version}.`);
      }));
    }
  });
  return details;
}

function factList(facts, path, document, again) {
  if (facts.length === 0) return empty("Nothing yet. Answers to questions about a posting are kept here, and later results may use them.");
  return list(facts.map((fact) => {
    const at = findEntry(document, fact.entryId);
    return [
      [fact.name, fact.statement, fact.detail].filter(Boolean).join(": "), at && note(entryTitle(at)),
      buttons(action("Take it back", async () => { await remove(`${path}/facts/${fact.id}`); await again(); }, { "aria-label": `Take back: ${fact.name || fact.statement}` })),
    ];
  }), { class: "rows" });
}

const HOW = { json: "given as JSON Resume", upload: "read from the file", edit: "edited" };
const versionLine = (id, { version, source, createdAt }, present) => [
  link(`#/resumes/${id}/versions/${version}`, `Version ${version}`), version === present && badge("present", "confirmed"),
  note(`${HOW[source] || source} · ${moment(createdAt)}`),
];

export async function versionView({ params: [id, number] }) {
  const path = `/api/resumes/${id}`;
  const [{ body: resume, etag }, version] = await Promise.all([readTagged(path), get(`${path}/versions/${number}`)]);
  const isPresent = Number(number) === resume.version;
  return [
    el("h1", {}, `Version ${number} of ${resume.name || "a resume"}`),
    note(`${HOW[version.source] || version.source} · ${moment(version.createdAt)}`),
    buttons(
      way(`#/resumes/${id}`, "Back to the present version", "quiet"),
      !isPresent && action("Make this the next version", async () => {
        await put(path, version.document, etag);
        location.hash = `#/resumes/${id}`;
      })),
    section("What it said", documentView(version.document)),
  ];
}
