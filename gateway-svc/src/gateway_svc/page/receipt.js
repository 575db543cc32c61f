// What a job has cost.

import { count, note } from "./dom.js";
import { usd } from "./words.js";

export function receiptLine(receipt) {
  if (!receipt) return "";
  const { calls, inputTokens, outputTokens, costUsd, unpricedCalls, cachedAnswers, savedUsd, chargedUsd } = receipt;
  const parts = [];
  if (calls) parts.push(`${count(calls, "paid call")}, ${inputTokens + outputTokens} tokens, ${usd(costUsd)}${unpricedCalls ? " and what has no known price" : ""}`);
  if (cachedAnswers) parts.push(`${count(cachedAnswers, "earlier answer")} used again, ${usd(savedUsd)} saved`);
  if (chargedUsd !== undefined && chargedUsd < costUsd) parts.push(`${usd(chargedUsd)} of it is charged to your budget`);
  return note(`Receipt: ${parts.join("; ") || "nothing was paid for"}.`);
}
