// Budgets and quotas, where the answer tells of them.

import { bar, el, moment, table } from "./dom.js";
import { usd } from "./words.js";

export function budgetPart({ budget, quotas }) {
  const parts = [];
  for (const [name, one] of Object.entries(budget || {})) if (one?.limitUsd) parts.push(budgetOf(name, one));
  if (quotas?.length) {
    parts.push(table("Quotas", ["What", "Used", "Given back", "Left", "Renewed"], quotas.map(({ name, used, returned, left, resetsAt }) => [
      name.replaceAll("_", " "), String(used ?? 0), String(returned ?? 0), String(left ?? ""), moment(resetsAt)])));
  }
  return parts;
}

function budgetOf(name, { limitUsd, spentUsd = 0, reservedUsd = 0, resetsAt }) {
  return el("div", { class: "score" }, el("span", {}, `Budget a ${name}`), bar(`Budget a ${name}`, spentUsd + reservedUsd, limitUsd),
    el("span", {}, `${usd(spentUsd)} of ${usd(limitUsd)}${reservedUsd ? `, ${usd(reservedUsd)} reserved` : ""}, until ${moment(resetsAt)}`));
}
