// Shows a finished job: coverage, line by line, what was kept out, gaps. Text only, never markup.

const SECTIONS = ["work", "projects", "volunteer", "education", "skills", "certificates", "awards", "publications", "languages", "interests"];
const TITLES = ["position", "name", "organization", "institution", "studyType", "area", "title", "language"];

const el = (tag, text, attributes = {}) => {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
};

const heading = (entry) => TITLES.map((key) => entry?.[key]).filter(Boolean).join(", ");
const percent = (share) => `${Math.round(share * 100)} %`;

export function showResult(result, base) {
  const { coverage, changes, blocked, gaps, engine, degraded, notes, posting } = result;
  const place = [posting.title, posting.company].filter(Boolean).join(" at ");
  const by = engine === "rules" ? "Proposed by rules" : "Proposed by a model, checked against your resume";
  const about = [place && `For ${place}.`, `${by}${degraded ? " (a lesser route than asked for)" : ""}.`, ...(notes || [])];
  document.getElementById("outcome-engine").textContent = about.filter(Boolean).join(" ");
  meters(coverage);
  lines(base, result.resume, changes);
  document.getElementById("blocked").textContent = blocked.length
    ? `${blocked.length} proposed ${blocked.length === 1 ? "change was" : "changes were"} thrown away because your resume does not support ${blocked.length === 1 ? "it" : "them"}.`
    : "Nothing had to be thrown away.";
  list("gaps", gaps.map((gap) => gap.question || gap.text), "Nothing: your resume covers it all.");
}

export function showReceipt(receipt) {
  const { calls, inputTokens, outputTokens, costUsd, unpricedCalls, cachedAnswers, savedUsd } = receipt || {};
  const usd = (sum) => `${sum.toFixed(4)} USD`;
  const parts = [];
  if (calls) parts.push(`${calls} paid ${calls === 1 ? "call" : "calls"}, ${inputTokens + outputTokens} tokens, ${usd(costUsd)}${unpricedCalls ? " and what has no known price" : ""}`);
  if (cachedAnswers) parts.push(`${cachedAnswers} earlier ${cachedAnswers === 1 ? "answer" : "answers"} used again, ${usd(savedUsd)} saved`);
  document.getElementById("receipt").textContent = receipt ? `Receipt: ${parts.join("; ") || "nothing was paid for"}.` : "";
}

function meters({ before, after, ceiling }) {
  const box = document.getElementById("meters");
  box.replaceChildren();
  for (const [name, value] of [["Honest ceiling", ceiling], ["Before", before], ["After", after]]) {
    const row = el("div", undefined, { class: "meter" });
    const meter = el("meter", undefined, { min: "0", max: "1", value: String(value), "aria-label": name });
    row.append(el("span", name), meter, el("strong", percent(value)));
    box.append(row);
  }
  document.getElementById("coverage-text").textContent =
    `Your resume showed ${percent(before)} of what the posting asks for, in the posting's own words. It now shows ${percent(after)}; the most that can truthfully be shown is ${percent(ceiling)}.`;
}

function lines(base, tailored, changes) {
  const body = document.querySelector("#lines tbody");
  body.replaceChildren();
  const applied = changes.filter((change) => change.status !== "blocked");
  const text = (value) => (typeof value === "string" ? value : "");
  const basics = (field, kind) => {
    const change = applied.find((c) => c.kind === kind);
    row(body, base.basics?.[field], tailored.basics?.[field], change?.reason);
  };
  basics("label", "set_label");
  basics("summary", "rewrite_summary");
  for (const section of SECTIONS) {
    const old = new Map((base[section] || []).map((entry) => [entry.id, entry]));
    for (const entry of tailored[section] || []) {
      const before = old.get(entry.id);
      const own = applied.filter((c) => c.entryId === entry.id);
      const orders = own.filter((c) => c.kind.startsWith("reorder")).map((c) => c.reason);
      row(body, heading(before), heading(entry), orders.join(" "), "head");
      const rewritten = new Map(own.filter((c) => text(c.after)).map((c) => [text(c.after), c]));
      for (const field of ["highlights", "keywords"]) {
        const left = [...(before?.[field] || [])];
        for (const line of entry[field] || []) {
          const change = rewritten.get(line);
          const source = change ? text(change.before) : line;
          const at = left.indexOf(source);
          if (at >= 0) left.splice(at, 1);
          row(body, at >= 0 ? source : "", line, change?.reason);
        }
        for (const line of left) row(body, line, "", "Left out, as you agreed");
      }
    }
  }
  for (const change of applied.filter((c) => c.kind.startsWith("hide") && c.status === "proposed")) {
    row(body, text(change.before), "still there: your decision", `Could be left out: ${change.reason}`);
  }
}

function row(body, before, after, reason, kind = "") {
  if (!before && !after) return;
  const line = el("tr", undefined, { class: kind || (before !== after ? "changed" : "") });
  const why = el("td");
  if (reason) why.append(el("span", reason, { class: "note" }));
  line.append(el("td", before || ""), el("td", after || ""), why);
  body.append(line);
}

export function list(id, items, none = "") {
  const node = document.getElementById(id);
  node.replaceChildren(...(items.length || !none ? items : [none]).map((item) => el("li", item)));
}
