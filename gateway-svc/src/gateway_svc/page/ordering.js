// Orders of products: placed once, also when the page is loaded again in the middle.

import { ApiError, post } from "./api.js";
import { PRODUCTS } from "./words.js";

const key = (captureId) => `then:${captureId}`;

// `order`: `{products, resumeId, postingId? | tailoredId?, options, company?, keys}`.
export function newOrder(order) {
  return { ...order, keys: Object.fromEntries(order.products.map((product) => [product, crypto.randomUUID()])) };
}

// One job for each product; a refused one is told beside the others.
export async function place(order) {
  const placed = await Promise.allSettled(order.products.map((product) => placeOne(product, order)));
  return order.products.map((product, at) => ({ product, jobId: placed[at].value, error: placed[at].reason }));
}

async function placeOne(product, { resumeId, postingId, tailoredId, options, company, keys }) {
  const body = { baseResumeId: resumeId, options };
  if (tailoredId) {
    body.tailoredId = tailoredId;
  } else if (product !== "career-path") {
    body.postingId = postingId;
    if (company) body.company = company;
  }
  const { jobId } = await post(`/api/${product}/${PRODUCTS[product].verb}-async`, body, keys[product]);
  return jobId;
}

// What is to be ordered once the posting is read.
export const after = {
  set: (captureId, order) => sessionStorage.setItem(key(captureId), JSON.stringify(order)),
  get: (captureId) => JSON.parse(sessionStorage.getItem(key(captureId)) || "null"),
  done: (captureId) => sessionStorage.removeItem(key(captureId)),
};

export const progressOf = (placed) => `#/progress/${placed.map(({ product, jobId }) => `${product}:${jobId}`).join(",")}`;

// Throws when nothing could be ordered, so that the form says why.
export function atLeastOne(placed) {
  const good = placed.filter(({ jobId }) => jobId);
  if (good.length === 0) throw placed[0].error;
  return good;
}

export const refusals = (placed) => placed.filter(({ error }) => error).map(({ product, error }) => {
  const told = error instanceof ApiError ? error : new Error(String(error));
  told.message = `${PRODUCTS[product].name}: ${told.message}`;
  return told;
});
