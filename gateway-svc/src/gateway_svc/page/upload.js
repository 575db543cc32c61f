// Give a file, watch it being read.

import { follow, formTakes, post } from "./api.js";
import { calm, choice, complain, count, el, field, link } from "./dom.js";
import { nextStep } from "./words.js";

const PATH = "/api/resumes/upload";
const TYPES = ".pdf,.docx,.txt,.md,.json";

// `onRead(status)` gets the finished job; the returned box holds the control and its state.
export function uploadBox(label, signal, onRead) {
  const input = el("input", { type: "file", accept: TYPES });
  const state = el("p", { class: "note", role: "status" });
  const alone = choice("checkbox", "upload-engine", "rules", "Read it by rules alone", { hint: "Else a model may point at the lines of its text, without your contact details." });
  alone.hidden = true;
  formTakes(PATH, "engine").then((takes) => { alone.hidden = !takes; }, () => {});
  const box = el("div", { class: "drop" }, field(label, input, "PDF, DOCX, TXT, Markdown or JSON Resume, 5 MiB at most. You can also drop it here."), alone, state);
  const take = async (file) => {
    if (!file) return;
    calm(state);
    state.textContent = `Reading ${file.name}…`;
    try {
      const status = await read(file, alone.querySelector("input").checked, (message) => { state.textContent = message; }, signal);
      const { resumeId, document: parsed, doubts } = status.result;
      const found = `Read: ${parsed.basics?.name || "no name found"}, ${count((parsed.work || []).length, "position")}, ${count((doubts || []).length, "doubt")}.`;
      state.replaceChildren(`${found} `, link(`#/resumes/${resumeId}`, "Check and confirm it"));
      await onRead(status);
    } catch (error) {
      state.textContent = "";
      complain(state, error);
    }
  };
  input.addEventListener("change", () => take(input.files[0]));
  for (const kind of ["dragover", "dragleave", "drop"]) {
    box.addEventListener(kind, (event) => {
      event.preventDefault();
      box.classList.toggle("over", kind === "dragover");
      if (kind === "drop") take(event.dataTransfer.files[0]);
    });
  }
  return box;
}

async function read(file, byRules, onMessage, signal) {
  const form = new FormData();
  form.append("file", file);
  if (byRules) form.append("engine", "rules");
  const { jobId } = await post(PATH, form, crypto.randomUUID());
  const status = await follow(`/api/resumes/job/${jobId}`, (now) => onMessage(now.message), signal);
  if (status.status === "completed") return status;
  const error = new Error(status.error?.message || status.message);
  error.code = status.error?.code;
  error.next = nextStep(error.code);
  throw error;
}
