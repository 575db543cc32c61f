// Budgets and quotas, where the answer tells of them.

import { bar, el, moment, table } from "./dom.js";
import { usd, workflowName } from "./words.js";

export function budgetPart({ budget, quotas }) {
  const parts = [];
  for (const [name, one] of Object.entries(budget || {})) if (one?.limitUsd) parts.push(budgetOf(name, one));
  if (quotas?.length) {
    parts.push(table("Quotas", ["What", "Allowed", "Used", "Given back", "Left"], quotas.map(({ product, limit, windowS, used, returned, left }) => [
      workflowName(product), `${limit} in ${span(windowS)}`, String(used), String(returned), String(left)])));
  }
  return parts;
}

const span = (seconds) => (seconds === 3600 ? "an hour" : `${Math.round(seconds / 60)} minutes`);

function budgetOf(name, { limitUsd, spentUsd = 0, reservedUsd = 0, resetsAt }) {
  return el("div", { class: "score" }, el("span", {}, `Budget a ${name}`), bar(`Budget a ${name}`, spentUsd + reservedUsd, limitUsd),
    el("span", {}, `${usd(spentUsd)} of ${usd(limitUsd)}${reservedUsd ? `, ${usd(reservedUsd)} reserved` : ""}, until ${moment(resetsAt)}`));
}
