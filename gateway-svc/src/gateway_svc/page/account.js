// Who is signed in, what was spent, everything we hold as one file, and erasing it.

import { download, get, operation, remove, session, signOut } from "./api.js";
import { action, buttons, el, empty, field, note, say, section, table, terms, twoSteps } from "./dom.js";
import { budgetPart, courseOf } from "./budget.js";
import { usd, workflowName } from "./words.js";

const MONTHS = 12;

export async function accountView({ again }) {
  const [me, archive, erasure] = await Promise.all([get("/api/auth/me"), operation("/api/account/export"), operation("/api/account", "delete")]);
  const leave = async () => {
    await signOut();
    location.hash = "#/new";
    await again();
  };
  return [
    el("h1", {}, "Account"),
    terms([["Signed in as", me.email]]),
    buttons(action("Sign out", leave)),
    section("Usage", await usage()),
    archive && section("Everything we hold", note("One archive: resumes in all versions, files, postings, results with your decisions, facts, jobs and receipts."),
      buttons(action("Download the archive", async () => { say(`Saved as ${await download("/api/account/export", "account.zip")}.`); }, { class: "" }))),
    erasure && section("Erase the account", twoSteps("Erase everything", "Erase this account and all that belongs to it? This cannot be undone.", async () => {
      await remove("/api/account");
      session.clear();
      await again();
    })),
  ].filter(Boolean);
}

async function usage() {
  const box = el("div", {});
  const month = el("select", {}, lastMonths().map((value) => el("option", { value }, value)));
  const show = async () => box.replaceChildren(...usageOf(await get(`/api/account/usage?month=${month.value}`)));
  month.addEventListener("change", show);
  await show();
  return [field("Month (UTC)", month), box];
}

function lastMonths() {
  const now = new Date();
  return Array.from({ length: MONTHS }, (_, back) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7));
}

function usageOf({ total, byProvider, byProduct, ...rest }) {
  const budget = budgetPart(rest);
  if (total.jobs === 0 && !total.calls) return [...budget, empty("Nothing was spent in this month."), ...courseOf(rest)];
  const row = (name, { jobs, calls, inputTokens, outputTokens, credits, costUsd, savedUsd }) => [
    name, String(jobs), String(calls), String(inputTokens + outputTokens), credits ? String(credits) : "–", usd(costUsd), usd(savedUsd)];
  const head = (what) => [what, "Jobs", "Paid calls", "Tokens", "Credits", "Cost", "Saved"];
  return [
    ...budget,
    terms([["Cost", `${usd(total.costUsd)}${total.unpricedCalls ? `, and ${total.unpricedCalls} calls of unknown price` : ""}`], ["Paid calls", String(total.calls)], ["Saved by earlier answers", usd(total.savedUsd)]]),
    table("By product", head("Product"), byProduct.map((one) => row(workflowName(one.product), one))),
    table("By provider", head("Provider"), byProvider.map((one) => row(one.provider, one))),
    ...courseOf(rest),
  ];
}
