// Everything ordered: what runs, what is there by posting, what went wrong.

import { get, isOver } from "./api.js";
import { badge, el, empty, link, list, moment, section } from "./dom.js";
import { jobLine, stageNote } from "./progress.js";
import { PRODUCTS } from "./words.js";

export async function resultsView() {
  const products = Object.keys(PRODUCTS);
  const [postings, ...pages] = await Promise.all([get("/api/jobs/?limit=100"), ...products.map((product) => get(`/api/${product}/jobs?limit=50`))]);
  const jobs = pages.flatMap((page, at) => page.items.map((job) => ({ product: products[at], job })))
    .sort((a, b) => b.job.createdAt.localeCompare(a.job.createdAt));
  const running = jobs.filter(({ job }) => !isOver(job));
  const done = jobs.filter(({ job }) => job.resultId);
  const ended = jobs.filter(({ job }) => isOver(job) && !job.resultId);
  const head = el("h1", {}, "Results");
  if (jobs.length === 0) return [head, empty("Nothing ordered yet. ", link("#/new", "Make something for a posting"))];
  return [
    head,
    running.length > 0 && section("Under way", running.map(({ product, job }) => jobLine(product, job))),
    section("By posting", groups(done, postings.items)),
    ended.length > 0 && section("Without a result", ended.map(({ product, job }) => jobLine(product, job))),
  ].filter(Boolean);
}

function groups(done, postings) {
  if (done.length === 0) return empty("No result yet.");
  const keys = [...new Set(done.map(({ job }) => job.postingId || ""))].sort((a, b) => (a === "") - (b === ""));
  return keys.map((key) => {
    const posting = postings.find((one) => one.id === key);
    const name = posting ? [posting.title || "Without a title", posting.company].filter(Boolean).join(" – ") : "Not for one posting";
    return el("div", { class: "card" },
      el("h3", {}, posting ? link(`#/postings/${key}`, name) : name),
      list(done.filter(({ job }) => (job.postingId || "") === key).map(line), { class: "rows" }));
  });
}

const line = ({ product, job }) => [
  link(`#/results/${product}/${job.resultId}`, PRODUCTS[product].name), " ",
  job.resumeConfirmed === false && badge("resume not confirmed", "warn"),
  el("p", { class: "note" }, moment(job.createdAt)), job.notes.map(stageNote),
];
