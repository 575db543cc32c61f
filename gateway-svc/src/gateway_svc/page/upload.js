// Give a file, watch it being read.

import { follow, post } from "./api.js";
import { complain, calm, count, el, field, link } from "./dom.js";
import { nextStep } from "./words.js";

const TYPES = ".pdf,.docx,.txt,.md,.json";

// `onRead(status)` gets the finished job; the returned box holds the control and its state.
export function uploadBox(label, signal, onRead) {
  const input = el("input", { type: "file", accept: TYPES });
  const state = el("p", { class: "note", role: "status" });
  const box = el("div", { class: "drop" }, field(label, input, "PDF, DOCX, TXT, Markdown or JSON Resume, 5 MiB at most. You can also drop it here."), state);
  const take = async (file) => {
    if (!file) return;
    calm(state);
    state.textContent = `Reading ${file.name}…`;
    try {
      const status = await read(file, (message) => { state.textContent = message; }, signal);
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

async function read(file, onMessage, signal) {
  const form = new FormData();
  form.append("file", file);
  const { jobId } = await post("/api/resumes/upload", form, crypto.randomUUID());
  const status = await follow(`/api/resumes/job/${jobId}`, (now) => onMessage(now.message), signal);
  if (status.status === "completed") return status;
  const error = new Error(status.error?.message || status.message);
  error.code = status.error?.code;
  error.next = nextStep(error.code);
  throw error;
}
