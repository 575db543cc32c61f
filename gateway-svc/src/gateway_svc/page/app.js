// The frame: who is signed in, which view the address asks for, where the focus goes.

import { session } from "./api.js";
import { accountView } from "./account.js";
import { action, buttons, el, problem, say } from "./dom.js";
import { orderView } from "./order.js";
import { postingView, postingsView } from "./postings.js";
import { progressView } from "./progress.js";
import { resultView } from "./result.js";
import { resultsView } from "./results.js";
import { resumeView, versionView } from "./resume.js";
import { resumesView } from "./resumes.js";
import { signInView } from "./signin.js";

const HOME = "#/new";
const ROUTES = [
  [/^#\/new(?:\?(.*))?$/, orderView, HOME],
  [/^#\/progress\/([\w:,-]+)$/, progressView, "#/results"],
  [/^#\/results$/, resultsView, "#/results"],
  [/^#\/results\/([\w-]+)\/([\w-]+)$/, resultView, "#/results"],
  [/^#\/resumes$/, resumesView, "#/resumes"],
  [/^#\/resumes\/([\w-]+)$/, resumeView, "#/resumes"],
  [/^#\/resumes\/([\w-]+)\/versions\/(\d+)$/, versionView, "#/resumes"],
  [/^#\/postings$/, postingsView, "#/postings"],
  [/^#\/postings\/([\w-]+)$/, postingView, "#/postings"],
  [/^#\/account$/, accountView, "#/account"],
];

const main = document.getElementById("main");
let leaving = new AbortController();
let isFirst = true;

function route() {
  for (const [pattern, view, menu] of ROUTES) {
    const match = pattern.exec(location.hash);
    if (match) return { view, menu, params: match.slice(1) };
  }
  return null;
}

function frame(menu) {
  const isIn = session.get() !== null;
  document.getElementById("menu").hidden = !isIn;
  for (const item of document.querySelectorAll("#menu a")) {
    if (isIn && item.getAttribute("href") === menu) item.setAttribute("aria-current", "page");
    else item.removeAttribute("aria-current");
  }
}

async function show() {
  if (location.hash === "#main") return;
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const found = session.get() ? route() : { view: signInView, params: [] };
  if (!found) {
    location.replace(HOME);
    return;
  }
  frame(found.menu);
  main.setAttribute("aria-busy", "true");
  if (isFirst) main.replaceChildren(el("p", { class: "empty" }, "Loading…"));
  let content;
  try {
    content = await found.view({ params: found.params, signal, again: show });
  } catch (error) {
    if (signal.aborted) return;
    if (!session.get()) { show(); return; }
    content = [el("h1", {}, "This could not be loaded"), problem(error), buttons(action("Try again", show))];
  }
  if (signal.aborted) return;
  main.replaceChildren(...[content].flat());
  main.removeAttribute("aria-busy");
  settle();
}

// A new view is announced by its heading, which gets the focus; the first one leaves it alone.
function settle() {
  const heading = main.querySelector("h1");
  document.title = `${heading.textContent} – Resume, truthfully`;
  if (!isFirst && !main.contains(document.activeElement)) {
    heading.setAttribute("tabindex", "-1");
    heading.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  isFirst = false;
  say("");
}

addEventListener("hashchange", show);
session.onChange(show);
show();
