import { ApiError, blob, follow, get, post, session, signIn } from "./api.js";
import { list, showReceipt, showResult } from "./result.js";

const $ = (id) => document.getElementById(id);
let resumeId = null;
let jobPath = null;

const show = (id, on = true) => { $(id).hidden = !on; };
const fail = (id, error) => {
  show(id);
  const wait = error instanceof ApiError && error.retryAfter ? ` Try again in ${error.retryAfter} s.` : "";
  $(id).textContent = `${error.message}${wait}`;
};

async function start() {
  const current = session.get();
  show("account", !current);
  show("order", !!current);
  show("who", !!current);
  if (!current) return;
  $("who-email").textContent = current.user?.email || "";
  try {
    await known();
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) { session.clear(); await start(); } else { fail("order-error", error); }
  }
}

async function known() {
  const { items } = await get("/api/resumes/");
  const ready = items.filter((item) => item.status === "ready");
  $("resumes").replaceChildren(new Option("(none)", ""), ...ready.map((item) => new Option(item.name || item.filename || item.id, item.id)));
  show("known", ready.length > 0);
}

$("account-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  show("account-error", false);
  try {
    await signIn(event.submitter?.value === "signup" ? "signup" : "login", $("email").value, $("password").value);
    await start();
  } catch (error) { fail("account-error", error); }
});

$("sign-out").addEventListener("click", async () => {
  try { await post("/auth/v1/logout"); } catch { /* the session is forgotten here either way */ }
  session.clear();
  location.reload();
});

async function upload(file) {
  show("order-error", false);
  list("doubts", []);
  $("resume-state").textContent = `Reading ${file.name}…`;
  resumeId = null;
  try {
    const form = new FormData();
    form.append("file", file);
    const { jobId } = await post("/api/resumes/upload", form, { "Idempotency-Key": crypto.randomUUID() });
    const status = await follow(`/api/resumes/job/${jobId}`, (s) => { $("resume-state").textContent = s.message; });
    if (status.status !== "completed") throw new Error(status.error?.message || "The file could not be read.");
    resumeId = status.result.resumeId;
    const parsed = status.result.document;
    const count = (parsed.work || []).length;
    $("resume-state").textContent = `Read: ${parsed.basics?.name || "no name found"}, ${count} ${count === 1 ? "position" : "positions"}.`;
    list("doubts", (status.result.doubts || []).map((doubt) => `Please check: ${doubt.reason}`));
  } catch (error) {
    $("resume-state").textContent = "";
    fail("order-error", error);
  }
}

$("file").addEventListener("change", () => { if ($("file").files[0]) upload($("file").files[0]); });
for (const kind of ["dragover", "dragleave", "drop"]) {
  $("drop").addEventListener(kind, (event) => {
    event.preventDefault();
    $("drop").classList.toggle("over", kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files[0]) upload(event.dataTransfer.files[0]);
  });
}
$("resumes").addEventListener("change", () => { resumeId = $("resumes").value || null; $("resume-state").textContent = ""; });

$("order-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  show("order-error", false);
  show("outcome", false);
  show("live-error", false);
  const [jobUrl, jobText, company] = ["job-url", "job-text", "company"].map((id) => $(id).value.trim());
  try {
    if (!resumeId) throw new Error("Give a resume first.");
    if (!jobUrl && !jobText) throw new Error("Give the posting's address or its text.");
    $("go").disabled = true;
    const body = { baseResumeId: resumeId, options: { engine: document.querySelector("[name=engine]:checked").value } };
    if (jobText) body.jobText = jobText; else body.jobUrl = jobUrl;
    if (company) body.company = company;
    const { jobId } = await post("/api/tailor/tailor-async", body, { "Idempotency-Key": crypto.randomUUID() });
    await watch(jobId);
  } catch (error) { fail("order-error", error); } finally { $("go").disabled = false; }
});

async function watch(jobId) {
  jobPath = `/api/tailor/job/${jobId}`;
  show("live");
  show("cancel");
  const status = await follow(jobPath, (s) => {
    $("bar").value = s.progress;
    $("live-message").textContent = s.message;
  });
  show("cancel", false);
  if (status.status !== "completed") {
    fail("live-error", new Error(status.error?.message || status.message));
    return;
  }
  const base = await get(`/api/resumes/${resumeId}`);
  showResult(status.result, base.document || base);
  showReceipt(status.receipt);
  downloads(status);
  show("outcome");
  $("outcome").focus();
}

$("cancel").addEventListener("click", async () => {
  try { await post(`${jobPath}/cancel`); } catch (error) { fail("live-error", error); }
});

function downloads(status) {
  const id = status.resultId || status.result.resultId || status.links?.result?.split("/").pop();
  const buttons = ["json", "md"].map((format) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = format === "json" ? "Download JSON Resume" : "Download Markdown";
    button.addEventListener("click", async () => {
      try {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(await blob(`/api/tailor/results/${id}/export?format=${format}`));
        link.download = `resume.${format}`;
        link.click();
        URL.revokeObjectURL(link.href);
      } catch (error) { fail("live-error", error); }
    });
    return button;
  });
  $("downloads").replaceChildren(...buttons);
}

start();
