// Stored postings: capture one, list them, and one with what it asks for and what was made for it.

import { get, post, remove } from "./api.js";
import { badge, busy, buttons, count, day, el, empty, field, link, list, moment, more, note, section, table, terms, twoSteps, way } from "./dom.js";
import { orderHint } from "./order.js";
import { OUTCOMES, SOURCES, productOf, workflowName } from "./words.js";

export async function postingsView() {
  const { items } = await get("/api/jobs/?limit=100");
  return [
    el("h1", {}, "Postings"),
    section("Keep one", captureForm()),
    section("What you kept", items.length ? list(items.map(line), { class: "rows" })
      : empty("No posting yet. Keep one above, or order something for one: it is read once and kept as it was.")),
  ];
}

function captureForm() {
  const url = el("input", { type: "url", inputmode: "url", placeholder: "https://…" });
  const text = el("textarea", { rows: "4" });
  const submit = el("button", { type: "submit" }, "Read and keep it");
  const form = el("form", { novalidate: true }, field("Its address", url), field("Or its text", text), buttons(submit));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(submit, async () => {
      const [jobUrl, jobText] = [url.value.trim(), text.value.trim()];
      if (!jobUrl && !jobText) { url.focus(); throw new Error("Give the posting's address or its text."); }
      const { jobId } = await post("/api/jobs/", jobText ? { jobText } : { jobUrl }, crypto.randomUUID());
      location.hash = `#/progress/jobs:${jobId}`;
    });
  });
  return form;
}

const title = (posting) => posting.title || "A posting without a title";
const line = (posting) => [
  link(`#/postings/${posting.id}`, title(posting)),
  note([posting.company, posting.isPublic ? "from its address" : "pasted", moment(posting.frozenAt)].filter(Boolean).join(" · ")),
];

export async function postingView({ params: [id] }) {
  const path = `/api/jobs/${id}`;
  const [posting, resumes] = await Promise.all([get(path), get("/api/resumes/?limit=100")]);
  const { stated } = posting;
  return [
    el("h1", {}, [title(posting), posting.company].filter(Boolean).join(" – ")),
    note(`Kept as it was on ${moment(posting.frozenAt)}`, posting.expired && ". It had expired by then."),
    buttons(way(orderHint(null, id), "Make something for it")),
    section("What was made for it", made(posting.results, resumes.items)),
    section("What it states", terms(Object.entries(STATED).map(([key, name]) => [name, stated[key] && fact(stated[key])])),
      !stated.salary && note("It states no salary, and none is guessed.")),
    section("What it asks for", requirementTable(posting.requirements, posting.text)),
    section("How it was read", readingOf({ ...posting, routes: posting.routes || [] }), more("Its whole text", el("div", { class: "paper pre" }, posting.text))),
    section("Delete it", twoSteps("Delete", "Delete this posting? What was made for it stays.", async () => {
      await remove(path);
      location.hash = "#/postings";
    })),
  ];
}

const STATED = { title: "Title", company: "Company", location: "Place", employmentType: "Kind", salary: "Salary", datePosted: "Posted", validThrough: "Open until" };
const spoken = (value) => (/^[A-Z_]+$/.test(value) ? value.toLowerCase().replaceAll("_", " ") : value);
const fact = ({ value, source }) => [spoken(value), " ", el("span", { class: "note" }, `(${SOURCES[source] || source})`)];

const NEAR = 60;
// The words of the posting that say so, with what stands around them on their line.
function evidence({ start, end, text: wording }, text) {
  if (start < 0) return [el("mark", {}, wording), " (its title)"];
  const line = text.lastIndexOf("\n", start - 1) + 1;
  const stop = text.indexOf("\n", end) < 0 ? text.length : text.indexOf("\n", end);
  const before = text.slice(Math.max(line, start - NEAR), start).replace(start - NEAR > line ? /^\S*\s/ : /^[-•*\s]+/, start - NEAR > line ? "… " : "");
  const behind = text.slice(end, Math.min(stop, end + NEAR)).replace(end + NEAR < stop ? /\s\S*$/ : /$/, end + NEAR < stop ? " …" : "");
  return [before, el("mark", {}, text.slice(start, end)), behind];
}

function requirementTable(requirements, text) {
  if (requirements.length === 0) return empty("Nothing that could be told apart.");
  return table(`${count(requirements.length, "requirement")}, the required ones first`, ["What", "Wanted", "Weight", "Where it says so"], requirements.map((one) => [
    one.skill || one.text, badge(one.kind === "must" ? "required" : "preferred", one.kind), String(one.weight), evidence(one, text)]));
}

function made(results, resumes) {
  if (results.length === 0) return empty("Nothing yet.");
  return table("Results, newest first", ["What", "From which resume", "When"], results.map((one) => {
    const product = productOf(one.product);
    const resume = resumes.find((candidate) => candidate.id === one.resumeId);
    return [
      [link(`#/results/${product}/${one.id}`, workflowName(one.product)), one.degraded && [" ", badge("reduced", "warn")]],
      resume ? link(`#/resumes/${one.resumeId}/versions/${one.resumeVersion}`, `${resume.name || resume.fileName}, version ${one.resumeVersion}`) : "a resume that was deleted",
      moment(one.createdAt),
    ];
  }));
}

// `read` is a posting, or how a result says that its posting was read.
export function readingOf(read) {
  const routes = (read.routes || []).map(({ route, outcome, code }) => `${SOURCES[route] || route}: ${OUTCOMES[outcome] || outcome}${code ? ` (${code.replaceAll("_", " ")})` : ""}`);
  const { url, finalUrl } = read;
  return [
    terms([
      ["Read from", SOURCES[read.route] || read.route],
      ["Address", url && el("a", { href: url, rel: "noreferrer noopener" }, url)],
      ["Led to", finalUrl && finalUrl !== url && el("a", { href: finalUrl, rel: "noreferrer noopener" }, finalUrl)],
      ["Language", read.language],
      ["Hidden text left out", read.hiddenRemoved > 0 && count(read.hiddenRemoved, "piece")],
      ["Posted", day(read.fields?.datePosted?.value)],
    ]),
    routes.length > 1 && more("Routes that were tried", list(routes)),
  ];
}
