// Jobs while they run: followed live, and found again when the page is loaded anew.

import { follow, isOver, maybe, get, post } from "./api.js";
import { action, badge, buttons, el, link, moment, note, para, problem, say, section, way } from "./dom.js";
import { after, atLeastOne, place, progressOf, refusals } from "./ordering.js";
import { orderHint } from "./order.js";
import { receiptLine } from "./receipt.js";
import { PRODUCTS, READERS, STATES, nextStep } from "./words.js";

const STAGES = { "extract.posting": "the posting", "research.company": "the company", "research.market": "the market", "tailor.resume": "tailoring", "extract.resume": "the file", "tailor.reading": "a second reading" };

export async function progressView({ params, signal }) {
  const jobs = params[0].split(",").map((pair) => pair.split(":")).filter(([product, id]) => id && (PRODUCTS[product] || READERS[product]));
  const box = el("div", { class: "cards" });
  for (const [product, id] of jobs) box.append(card(product, id, jobs.length === 1, box, signal));
  return [el("h1", {}, "Progress"), note("You may leave or close this page: the work goes on, and “Results” finds it again."), box];
}

function card(product, id, isAlone, box, signal) {
  const { name } = PRODUCTS[product] || READERS[product];
  const path = `/api/${product}/job/${id}`;
  const meter = el("progress", { max: "100", value: "0", "aria-label": `${name}: progress` });
  const state = badge("", "state");
  const message = el("p", { class: "message" });
  const notes = el("div", {});
  const cancel = action("Cancel", () => post(`${path}/cancel`), { "aria-label": `Cancel: ${name}` });
  const foot = buttons(cancel);
  const node = section(name, state, meter, message, notes, foot);
  node.classList.add("card");
  const show = (status) => {
    const isNew = message.textContent !== status.message;
    meter.value = status.progress;
    message.textContent = status.message;
    state.textContent = STATES[status.status];
    node.dataset.status = status.status;
    notes.replaceChildren(...status.notes.map(stageNote));
    if (isNew) say(`${name}: ${status.message}`);
  };
  run({ product, id, path, isAlone, box, signal, show, foot, node }).catch((error) => {
    if (!signal.aborted) foot.replaceWith(problem(error));
  });
  return node;
}

export function stageNote({ stage, unavailable, degraded }) {
  const what = STAGES[stage] || stage;
  if (unavailable) return note(`Done without: ${what} (${unavailable.replaceAll("_", " ").replace(/\.$/, "")}).`);
  return note(degraded ? `Done with less than asked for: ${what}.` : "");
}

async function run({ product, id, path, isAlone, box, signal, show, foot, node }) {
  const status = await follow(path, show, signal);
  foot.replaceChildren();
  if (status.status === "completed" && product === "jobs") {
    await captured(id, status, box, signal);
  } else if (status.status === "completed" && product === "resumes") {
    foot.append(way(`#/resumes/${status.result.resumeId}`, "Check what was read"));
  } else if (status.status === "completed") {
    const href = `#/results/${product}/${status.resultId}`;
    if (isAlone) location.replace(href);
    foot.append(way(href, `Open: ${PRODUCTS[product].name}`));
    foot.after(receiptLine(status.receipt));
  } else {
    ended(product, status, node, foot);
  }
}

// The posting is read: what was to be ordered for it is ordered now.
async function captured(id, status, box, signal) {
  const order = after.get(id);
  if (!order) {
    location.replace(`#/postings/${status.postingId}`);
    return;
  }
  const placed = await place({ ...order, postingId: status.postingId });
  const good = atLeastOne(placed);
  after.done(id);
  if (signal.aborted) return;
  // Without a `hashchange`: the cards of this view are exchanged in place.
  history.replaceState(null, "", progressOf(good));
  const isAlone = placed.length === 1;
  box.replaceChildren(
    ...refusals(placed).map((error) => problem(error)),
    ...good.map(({ product, jobId }) => card(product, jobId, isAlone, box, signal)));
}

function ended(product, status, node, foot) {
  if (status.status === "failed") {
    const error = Object.assign(new Error(status.error.message), { code: status.error.code });
    node.querySelector(".message").replaceWith(problem(error, nextStep(error.code) || (status.error.retryable ? "Order it again." : "")));
  } else {
    node.querySelector(".message").textContent = "Cancelled. Nothing more is paid for.";
    say("Cancelled.");
  }
  foot.append(way(orderHint(null, status.postingId, PRODUCTS[product] && product), product === "resumes" ? "Back to the form" : "Change the order and try again", "quiet"));
  foot.after(receiptLine(status.receipt));
}

// A line of a list about a job that has no result to show.
export function jobLine(product, job) {
  const { name } = PRODUCTS[product] || READERS[product];
  const href = `#/progress/${product}:${job.jobId}`;
  return para(link(href, name), " ", badge(STATES[job.status], job.status), ` ${isOver(job) ? job.error?.message || "" : job.message} `, el("span", { class: "note" }, moment(job.createdAt)));
}

export const jobAt = (product, id) => maybe(get(`/api/${product}/job/${id}`));
