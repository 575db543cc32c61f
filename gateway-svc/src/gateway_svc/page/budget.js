// Budgets and quotas as of now, and what other months and days cost, where the answer tells of them.

import { bar, count, el, moment, more, table } from "./dom.js";
import { usd, workflowName } from "./words.js";

export function budgetPart({ budget, quotas }) {
  const periods = Object.entries(budget || {}).filter(([, period]) => period);
  return [
    ...periods.map(([name, period]) => budgetOf(name, period)),
    quotas?.length > 0 && more("How much can be ordered", table("Quotas", ["What", "Within", "At most", "Used", "Given back", "Left"], quotas.map((one) => [
      workflowName(one.product), count(Math.round(one.windowS / 60), "minute"), String(one.limit), String(one.used), String(one.returned), String(one.left)]))),
  ].filter(Boolean);
}

function budgetOf(name, { limitUsd, spentUsd, reservedUsd, leftUsd, resetsAt }) {
  const title = `Budget of the ${name}`;
  return el("div", {},
    el("div", { class: "score" }, el("span", {}, title), bar(title, spentUsd + reservedUsd, limitUsd), el("strong", {}, `${usd(leftUsd)} left`)),
    el("p", { class: "note" }, `${usd(spentUsd)} of ${usd(limitUsd)} spent${reservedUsd ? `, ${usd(reservedUsd)} set aside for jobs under way` : ""}; renewed ${moment(resetsAt)}.`));
}

export function courseOf({ months, byDay }) {
  const rows = (items, key) => items.map((one) => [one[key], String(one.jobs), String(one.calls), usd(one.costUsd)]);
  const head = (what) => [what, "Jobs", "Paid calls", "Cost"];
  return [
    byDay?.length > 0 && more("Day by day", table("By day", head("Day"), rows(byDay, "day"))),
    months?.length > 0 && more("Month by month", table("By month", head("Month"), rows(months, "month"))),
  ].filter(Boolean);
}
