// Building what is seen: text only, never markup, and no inline style (the page's policy forbids it).

import { ApiError } from "./api.js";
import { nextStep } from "./words.js";

let ids = 0;
export const newId = (prefix) => `${prefix}-${(ids += 1)}`;

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return node;
}

export const link = (href, ...children) => el("a", { href }, ...children);
export const para = (...children) => el("p", {}, ...children);
export const note = (...children) => el("p", { class: "note" }, ...children);
export const badge = (text, kind = "") => el("span", { class: `badge ${kind}` }, text);
export const list = (items, attributes = {}) => el("ul", attributes, items.map((item) => el("li", {}, item)));
export const buttons = (...children) => el("div", { class: "buttons" }, ...children);
export const empty = (...children) => el("p", { class: "empty" }, ...children);
export const more = (summary, ...children) => el("details", {}, el("summary", {}, summary), ...children);
export const quote = (text) => el("q", {}, text);

export function section(title, ...children) {
  const heading = el("h2", { id: newId("section") }, title);
  return el("section", { "aria-labelledby": heading.id }, heading, ...children);
}

// A label, its control, and what helps to fill it in.
export function field(label, control, hint) {
  if (!control.id) control.id = newId("field");
  const parts = [el("label", { for: control.id }, label), control];
  if (hint) {
    const help = el("p", { class: "hint", id: `${control.id}-hint` }, hint);
    control.setAttribute("aria-describedby", help.id);
    parts.splice(1, 0, help);
  }
  return el("div", { class: "field" }, ...parts);
}

// A link that looks like the action it leads to.
export const way = (href, text, kind = "") => el("a", { href, class: `button ${kind}` }, text);

export function choice(type, name, value, label, { checked = false, hint } = {}) {
  const input = el("input", { type, name, value, checked, id: newId(name) });
  const help = hint && el("span", { class: "hint", id: `${input.id}-hint` }, hint);
  if (help) input.setAttribute("aria-describedby", help.id);
  return el("div", { class: "choice" }, input, el("div", {}, el("label", { for: input.id }, label), help));
}

export function select(options, value) {
  const node = el("select", {}, options.map(([key, text]) => el("option", { value: key }, text)));
  if (value !== undefined && options.some(([key]) => key === value)) node.value = value;
  return node;
}

// A table of rows of cells; in a narrow window each row stands as a block of named lines.
export function table(caption, head, rows) {
  const columns = head.map((text) => el("th", { scope: "col" }, text));
  const body = rows.map(([first, ...rest]) => el("tr", {}, el("th", { scope: "row" }, first), rest.map((cell, at) => el("td", { "data-label": head[at + 1] }, cell))));
  const name = el("caption", { id: newId("table") }, caption);
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": name.id },
    el("table", {}, name, el("thead", {}, el("tr", {}, columns)), el("tbody", {}, body)));
}

export function terms(pairs) {
  const shown = pairs.filter(([, value]) => value || value === 0);
  return el("dl", {}, shown.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value))));
}

export function bar(label, value, of = 100, kind = "") {
  const fill = el("span", { class: "fill" });
  fill.style.width = `${Math.round((100 * Math.max(0, Math.min(value, of))) / (of || 1))}%`;
  return el("div", { class: `bar ${kind}`, role: "meter", "aria-label": label, "aria-valuemin": "0", "aria-valuemax": String(of), "aria-valuenow": String(value) }, fill);
}

// A button that does its work once at a time, and says below itself what went wrong.
export function action(label, work, attributes = {}) {
  const node = el("button", { type: "button", class: "quiet", ...attributes }, label);
  node.addEventListener("click", () => busy(node, work));
  return node;
}

// Not `disabled`: a disabled button would lose the focus.
export async function busy(node, work) {
  if (node.getAttribute("aria-disabled") === "true") return;
  node.setAttribute("aria-disabled", "true");
  calm(node);
  try {
    await work();
  } catch (error) {
    complain(node, error);
  } finally {
    node.removeAttribute("aria-disabled");
  }
}

const rowOf = (node) => node.closest(".buttons") || node;
const isComplaint = (node) => node?.classList.contains("problem");

export function calm(node) {
  if (isComplaint(rowOf(node).nextElementSibling)) rowOf(node).nextElementSibling.remove();
}

export function complain(node, error) {
  if (error.name === "AbortError") return;
  calm(node);
  rowOf(node).after(problem(error));
}

export function problem(error, next = nextStep(error.code)) {
  const wait = error instanceof ApiError && error.retryAfter ? `Try again in ${error.retryAfter} s.` : "";
  return el("div", { class: "problem", role: "alert" },
    para(error.message || String(error)),
    (next || wait) && para([next, wait].filter(Boolean).join(" ")),
    error.errors?.length > 0 && list(error.errors.map((one) => (typeof one === "string" ? one : JSON.stringify(one)))),
    error.code && el("p", { class: "code" }, "Code: ", el("code", {}, error.code)));
}

// Two steps instead of a dialogue: nothing is lost by one slip.
export function twoSteps(label, question, work) {
  const start = action(label, () => {
    const yes = action(`Yes, ${label.toLowerCase()}`, work, { class: "danger" });
    const no = action("No, keep it", () => { row.replaceChildren(start); start.focus(); });
    row.replaceChildren(el("span", { class: "question" }, question), yes, no);
    no.focus();
  });
  const row = buttons(start);
  return row;
}

// Tells screen readers what has changed; it is seen elsewhere.
export function say(text) {
  document.getElementById("say").textContent = text;
}

export const day = (iso) => (iso ? new Date(iso).toLocaleDateString(undefined, { dateStyle: "medium" }) : "");
export const moment = (iso) => (iso ? new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }) : "");
export const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
