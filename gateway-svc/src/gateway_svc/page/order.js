// What to make, from which resume, for which posting.

import { get, post } from "./api.js";
import { busy, calm, choice, day, el, field, more, select } from "./dom.js";
import { after, atLeastOne, newOrder, place, progressOf } from "./ordering.js";
import { uploadBox } from "./upload.js";
import { PRODUCTS, RESUME_STATES } from "./words.js";

const LANGUAGES = [["", "The posting's own"], ["en", "English"], ["de", "Deutsch"], ["fr", "Français"], ["es", "Español"]];
const TONES = [["", "As usual in the language"], ["formal", "Formal"], ["friendly", "Friendly"]];
export const TEMPLATES = [["classic", "Classic"], ["modern", "Modern"], ["compact", "Compact"]];

export const resumeLabel = (resume) => [resume.name || "Without a name", resume.fileName || "written here", `version ${resume.version}`, resume.state !== "confirmed" && RESUME_STATES[resume.state]].filter(Boolean).join(" · ");
export const postingLabel = (posting) => [posting.title || "Without a title", posting.company, day(posting.frozenAt)].filter(Boolean).join(" · ");

export async function orderView({ params, signal }) {
  const asked = new URLSearchParams(params[0] || "");
  const [resumes, postings] = await Promise.all([get("/api/resumes/?limit=100"), get("/api/jobs/?limit=100")]);
  const resume = resumePart(resumes.items.filter((one) => one.version > 0 && !["parsing", "failed"].includes(one.state)), asked, signal);
  const posting = postingPart(postings.items, asked);
  const products = productPart(asked, posting.node);
  const options = optionPart(asked);
  const submit = el("button", { type: "submit" }, "Make it");
  const form = el("form", { novalidate: true }, resume.node, posting.node, products.node, options.node, el("div", { class: "buttons" }, submit));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(submit, () => send({ resume, posting, products, options }));
  });
  return [el("h1", {}, "For a posting"), form];
}

async function send({ resume, posting, products, options }) {
  const chosen = products.chosen();
  const resumeId = resume.chosen();
  const needsPosting = chosen.some((product) => product !== "career-path");
  const order = newOrder({ products: chosen, resumeId, options: options.chosen(), ...(needsPosting && posting.chosen()) });
  if (needsPosting && !order.postingId) {
    const { jobUrl, jobText, company } = order;
    const { jobId } = await post("/api/jobs/", { ...(jobText ? { jobText } : { jobUrl }), ...(company && { company }) }, crypto.randomUUID());
    after.set(jobId, order);
    location.hash = `#/progress/jobs:${jobId}`;
    return;
  }
  location.hash = progressOf(atLeastOne(await place(order)));
}

// A control that lacks something gets the focus, and what it lacks is said below it.
function lacking(control, message) {
  control.setAttribute("aria-invalid", "true");
  control.addEventListener("input", () => control.removeAttribute("aria-invalid"), { once: true });
  control.focus();
  return new Error(message);
}

function resumePart(resumes, asked, signal) {
  const known = select([["", "Choose…"], ...resumes.map((one) => [one.id, resumeLabel(one)])], asked.get("resume") || resumes[0]?.id);
  const knownField = field("Resume", known);
  knownField.hidden = resumes.length === 0;
  const upload = uploadBox(resumes.length ? "Or another file" : "A file with your resume", signal, ({ result }) => {
    known.append(el("option", { value: result.resumeId }, `${result.document.basics?.name || "Without a name"} · just read · not confirmed yet`));
    known.value = result.resumeId;
    knownField.hidden = false;
    calm(knownField);
  });
  return {
    node: el("fieldset", {}, el("legend", {}, "1. Your resume"), knownField, upload),
    chosen: () => {
      if (!known.value) throw lacking(resumes.length ? known : upload.querySelector("input"), "Give a resume first.");
      return known.value;
    },
  };
}

function postingPart(postings, asked) {
  const known = select([["", "A new one"], ...postings.map((one) => [one.id, postingLabel(one)])], asked.get("posting") || "");
  const url = el("input", { type: "url", inputmode: "url", placeholder: "https://…" });
  const text = el("textarea", { rows: "6" });
  const company = el("input", { type: "text", autocomplete: "off" });
  const fresh = el("div", {}, field("Its address", url), field("Or its text", text));
  const toggle = () => { fresh.hidden = known.value !== ""; };
  known.addEventListener("change", toggle);
  toggle();
  return {
    node: el("fieldset", {}, el("legend", {}, "2. The posting"),
      postings.length > 0 && field("Posting", known), fresh,
      field("Company", company, "Only if the posting does not name it.")),
    chosen: () => {
      const given = { company: company.value.trim() };
      if (known.value) return { ...given, postingId: known.value };
      const [jobUrl, jobText] = [url.value.trim(), text.value.trim()];
      if (!jobUrl && !jobText) throw lacking(url, "Give the posting's address or its text.");
      if (!jobText && !/^https?:\/\/\S+$/i.test(jobUrl)) throw lacking(url, "The address must begin with http:// or https://.");
      return { ...given, jobUrl, jobText };
    },
  };
}

function productPart(asked, posting) {
  const wanted = (asked.get("product") || "tailor").split(",");
  const boxes = Object.entries(PRODUCTS).map(([key, { name, about }]) => choice("checkbox", "product", key, name, { checked: wanted.includes(key), hint: about }));
  const node = el("fieldset", {}, el("legend", {}, "3. What to make"), boxes);
  const checked = () => [...node.querySelectorAll("input:checked")].map((box) => box.value);
  const toggle = () => { posting.hidden = checked().length > 0 && checked().every((product) => product === "career-path"); };
  node.addEventListener("change", toggle);
  toggle();
  return {
    node,
    chosen: () => {
      if (checked().length === 0) throw lacking(node.querySelector("input"), "Choose at least one thing to make.");
      return checked();
    },
  };
}

function optionPart(asked) {
  const engine = asked.get("engine") || "auto";
  const engines = el("fieldset", { class: "plain" }, el("legend", {}, "Who proposes"),
    choice("radio", "engine", "auto", "A model, else rules", { checked: engine === "auto", hint: "What a model proposes is checked against your resume; rules take over when it does not answer." }),
    choice("radio", "engine", "model", "A model only", { checked: engine === "model", hint: "Fails when no model answers." }),
    choice("radio", "engine", "rules", "Rules only", { checked: engine === "rules", hint: "Your resume is sent to no model. The company may still be looked up." }));
  const language = select(LANGUAGES, asked.get("language") || "");
  const tone = select(TONES, "");
  const template = select(TEMPLATES, preferred.template());
  return {
    node: more("Options", engines, field("Language", language), field("Tone of the letter", tone), field("Template of files", template)),
    chosen: () => {
      preferred.setTemplate(template.value);
      return {
        engine: engines.querySelector("input:checked").value,
        template: template.value,
        ...(language.value && { language: language.value }),
        ...(tone.value && { tone: tone.value }),
      };
    },
  };
}

export const preferred = {
  template: () => localStorage.getItem("template") || "classic",
  setTemplate: (value) => localStorage.setItem("template", value),
};

export const orderHint = (resumeId, postingId, product) => {
  const query = new URLSearchParams(Object.entries({ resume: resumeId, posting: postingId, product }).filter(([, value]) => value));
  return `#/new?${query}`;
};

