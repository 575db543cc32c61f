// A result: what all products share around what is theirs.

import { get, maybe, remove } from "./api.js";
import { careerView } from "./career.js";
import { badge, buttons, el, link, list, moment, note, section, twoSteps, way } from "./dom.js";
import { downloads } from "./downloads.js";
import { interviewView } from "./interview.js";
import { letterView } from "./letter.js";
import { orderHint } from "./order.js";
import { OwnWords } from "./own.js";
import { jobAt } from "./progress.js";
import { readingOf } from "./postings.js";
import { receiptLine } from "./receipt.js";
import { Sources } from "./sources.js";
import { tailoredView } from "./tailored.js";
import { ENGINES, PRODUCTS } from "./words.js";

const MANY = 6;
const VIEWS = { tailor: tailoredView, "cover-letters": letterView, "interview-prep": interviewView, "career-path": careerView };

export async function resultView({ params: [product, id], again }) {
  if (!VIEWS[product]) throw new Error("There is no such product.");
  const path = `/api/${product}/results/${id}`;
  const detail = await get(path);
  const [cited, posting, job, files, own] = await Promise.all([
    maybe(get(`${path}/sources`)), detail.postingId ? maybe(get(`/api/jobs/${detail.postingId}`)) : null, jobAt(product, detail.jobId),
    downloads(`${path}/export`, `/api/${product}/results/{result_id}/export`),
    OwnWords.offered(product, detail, path, again)]);
  const sources = new Sources(cited?.items || [], posting);
  const about = detail.document.posting;
  const place = [about?.title, about?.company].filter(Boolean).join(" – ");
  const parts = [
    ...(await VIEWS[product](detail, sources, { own, files: files && section("Files", files) })),
    about?.read && section("How the posting was read", readingOf(about.read)),
    section("About this result", receiptLine(job?.receipt), versions(detail),
      buttons(way(orderHint(detail.resumeId, detail.postingId, product), "Order it again", "quiet")),
      twoSteps("Delete", "Delete this result?", async () => { await remove(path); location.hash = "#/results"; })),
  ].filter(Boolean);
  return [el("h1", {}, [PRODUCTS[product].name, place].filter(Boolean).join(": ")), headline(detail, posting), contents(parts), ...parts].filter(Boolean);
}

// Leads to the parts of a long result. Buttons, since the address says which view this is.
function contents(parts) {
  if (parts.length < MANY) return null;
  const heads = parts.map((part) => part.querySelector?.("h2")).filter(Boolean);
  return el("nav", { "aria-label": "On this page", class: "contents" }, list(heads.map((head) => el("button", {
    type: "button", class: "quiet", onclick: () => { head.setAttribute("tabindex", "-1"); head.focus(); head.scrollIntoView(); },
  }, head.textContent))));
}

function headline(detail, posting) {
  const { document } = detail;
  const made = `Made ${moment(detail.createdAt)} ${ENGINES[document.engine] || ""}, from `;
  return el("div", { class: "headline" },
    el("p", { class: "note" }, made,
      detail.resumeId ? link(`#/resumes/${detail.resumeId}/versions/${detail.resumeVersion}`, `version ${detail.resumeVersion} of your resume`) : "a resume that was deleted",
      detail.tailoredId && [", going with ", link(`#/results/tailor/${detail.tailoredId}`, "this tailored resume")],
      posting && [" for ", link(`#/postings/${posting.id}`, "this posting")], "."),
    el("p", {},
      document.degraded && badge("reduced: see the notes", "warn"), " ",
      detail.resumeConfirmed === false && badge("resume not confirmed", "warn"), " ",
      detail.superseded && badge("came after the job had ended", "warn"), " ",
      posting?.expired && badge("posting expired", "warn")),
    document.notes?.length > 0 && list(document.notes, { class: "notes" }));
}

function versions({ document }) {
  const told = { gate: document.gateVersion, ...document.versions };
  const text = Object.entries(told).filter(([, value]) => value).map(([name, value]) => `${name} ${value}`).join(", ");
  return text ? note(`Made by these versions: ${text}.`) : "";
}
