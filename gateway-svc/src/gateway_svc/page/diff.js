// The words that differ between two texts, by their longest common subsequence.

import { el } from "./dom.js";

const MOST = 400_000;
// Each word, or sign, with the space behind it: spaces alone would count as common words.
const words = (text) => text.match(/^\s+|(?:[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_])\s*/gu) || [];

// Parts `[kind, text]` in order; kind is "same", "gone" or "new".
export function compare(before, after) {
  const [a, b] = [words(before), words(after)];
  if (a.length * b.length > MOST) return [["gone", before], ["new", after]];
  const isSame = (i, j) => a[i].trim() === b[j].trim();
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i][j] = isSame(i, j) ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const parts = [];
  const push = (kind, word) => {
    if (parts.at(-1)?.[0] === kind) parts.at(-1)[1] += word;
    else parts.push([kind, word]);
  };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && isSame(i, j)) { push("same", b[j]); i += 1; j += 1; }
    else if (i < a.length && (j === b.length || lengths[i + 1][j] >= lengths[i][j + 1])) { push("gone", a[i]); i += 1; }
    else { push("new", b[j]); j += 1; }
  }
  return parts;
}

export function difference(before, after) {
  const tags = { gone: "del", new: "ins" };
  const parts = compare(before || "", after || "");
  // A word that lost the space behind it does not run into the struck one.
  const isJoined = (at) => parts[at][0] === "gone" && at > 0 && /\w$/.test(parts[at - 1][1]) && /^\w/.test(parts[at][1]);
  return el("p", { class: "diff" }, parts.map(([kind, text], at) => [isJoined(at) && " ", tags[kind] ? el(tags[kind], {}, text) : text]));
}
