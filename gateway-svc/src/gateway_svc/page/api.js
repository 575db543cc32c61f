// The edge API: the session, JSON calls with versions, and status streams read with fetch (a
// browser's own EventSource cannot send the Authorization header).

const KEY = "session";
const PATIENCE_S = 10;

export class ApiError extends Error {
  constructor(status, problem, retryAfter) {
    super(problem.detail || problem.title || problem.msg || `The server answered ${status}.`);
    this.status = status;
    // auth-svc speaks another dialect: its `code` is the status.
    this.code = problem.error_code || problem.code || "";
    this.errors = problem.errors || [];
    this.retryAfter = Number(retryAfter) || 0;
    this.correlationId = problem.correlationId;
  }
}

export const session = {
  get: () => JSON.parse(localStorage.getItem(KEY) || "null"),
  set: (value) => localStorage.setItem(KEY, JSON.stringify(value)),
  clear: () => localStorage.removeItem(KEY),
  // Calls `work` when another tab signs in or out.
  onChange: (work) => addEventListener("storage", (event) => {
    const [was, is] = [event.oldValue, event.newValue].map((text) => JSON.parse(text || "null")?.user?.id);
    if (event.key === KEY && was !== is) work();
  }),
};

async function read(response) {
  const text = await response.text();
  let body = {};
  try { body = text ? JSON.parse(text) : {}; } catch { body = { title: response.statusText }; }
  if (!response.ok) throw new ApiError(response.status, body, response.headers.get("Retry-After"));
  return body;
}

const asJson = (method, body) => ({
  method,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body ?? {}),
});

export async function signIn(kind, email, password) {
  const path = kind === "signup" ? "/auth/v1/signup" : "/auth/v1/token?grant_type=password";
  session.set(await read(await fetch(path, asJson("POST", { email, password }))));
}

export async function signOut() {
  try { await post("/auth/v1/logout"); } catch { /* it is forgotten here either way */ }
  session.clear();
}

// A refresh token is good once: tabs take turns, and the second finds what the first was given.
async function refresh(stale) {
  const renew = async () => {
    const now = session.get();
    if (!now) throw new ApiError(401, { title: "You are signed out.", code: "token_missing" });
    if (now.access_token !== stale) return;
    const answer = await fetch("/auth/v1/token?grant_type=refresh_token", asJson("POST", { refresh_token: now.refresh_token }));
    try {
      session.set(await read(answer));
    } catch (error) {
      if (answer.status < 500) session.clear();
      throw error;
    }
  };
  await (navigator.locks ? navigator.locks.request(KEY, renew) : renew());
}

async function send(path, options = {}, again = 1) {
  const token = session.get()?.access_token || "";
  const headers = { ...options.headers, Authorization: `Bearer ${token}` };
  const response = await fetch(path, { ...options, headers });
  if (!again) return response;
  if (response.status === 401) {
    await refresh(token);
    return send(path, options, 0);
  }
  const wait = Number(response.headers.get("Retry-After"));
  if (response.status === 429 && !options.method && wait && wait <= PATIENCE_S) {
    await pause(wait * 1000, options.signal);
    return send(path, options, 0);
  }
  return response;
}

const pause = (milliseconds, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, milliseconds);
  signal?.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); });
});

async function withTag(response) {
  return { etag: response.headers.get("ETag"), body: await read(response) };
}

const versioned = (options, etag) => ({ ...options, headers: { ...options.headers, ...(etag && { "If-Match": etag }) } });

// `read…` and the writes below answer `{body, etag}`; `get` and `post` the body alone.
export const readTagged = async (path) => withTag(await send(path));
export const get = async (path) => read(await send(path));
export const put = async (path, body, etag) => withTag(await send(path, versioned(asJson("PUT", body), etag)));
export const patch = async (path, body, etag) => withTag(await send(path, versioned(asJson("PATCH", body), etag)));
export const remove = async (path, etag) => withTag(await send(path, versioned({ method: "DELETE" }, etag)));
export const confirmAt = async (path, etag) => withTag(await send(path, versioned(asJson("POST"), etag)));

export async function post(path, body, idempotencyKey) {
  const options = body instanceof FormData ? { method: "POST", body } : asJson("POST", body);
  if (idempotencyKey) options.headers = { ...options.headers, "Idempotency-Key": idempotencyKey };
  return read(await send(path, options));
}

// What the server's contract says of an operation, or undefined when it does not offer it.
let contract = null;
export async function operation(path, method = "get") {
  contract ??= get("/openapi.json").catch((error) => { contract = null; throw error; });
  return (await contract).paths?.[path]?.[method];
}

// Whether a form with a file takes this field too.
export async function formTakes(path, field) {
  const offered = (await operation(path, "post"))?.requestBody?.content["multipart/form-data"]?.schema;
  const named = offered?.$ref ? (await contract).components.schemas[offered.$ref.split("/").pop()] : offered;
  return Boolean(named?.properties?.[field]);
}

// What is there, or null where nothing is (any more).
export async function maybe(promise) {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

// Saves an answer as a file under the name that the server gives it.
export async function download(path, fallback) {
  const response = await send(path);
  if (!response.ok) await read(response);
  const told = response.headers.get("Content-Disposition") || "";
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(told)?.[1];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = encoded ? decodeURIComponent(encoded) : /filename="([^"]+)"/.exec(told)?.[1] || fallback;
  link.click();
  URL.revokeObjectURL(link.href);
  return link.download;
}

export const isOver = (status) => ["completed", "failed", "cancelled"].includes(status.status);

// Calls `onStatus` with each whole status until the run is over; reconnects after a break.
export async function follow(path, onStatus, signal) {
  let last = "";
  let wait = 1000;
  for (;;) {
    try {
      const response = await send(`${path}/events`, { headers: last ? { "Last-Event-ID": last } : {}, signal });
      if (!response.ok) await read(response);
      if (response.status === 204) return get(path);
      for await (const event of events(response.body)) {
        if (event.retry) wait = Number(event.retry);
        if (event.id) last = event.id;
        if (!event.data) continue;
        const status = JSON.parse(event.data);
        onStatus(status);
        if (isOver(status)) return status;
      }
    } catch (error) {
      if (signal?.aborted || (error instanceof ApiError && ![429, 502, 503, 504].includes(error.status))) throw error;
    }
    await pause(wait, signal);
  }
}

async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    buffer += value.replaceAll("\r\n", "\n");
    let end;
    while ((end = buffer.indexOf("\n\n")) >= 0) {
      yield parsed(buffer.slice(0, end));
      buffer = buffer.slice(end + 2);
    }
  }
}

function parsed(block) {
  const event = { data: "" };
  for (const line of block.split("\n")) {
    const at = line.indexOf(":");
    if (at <= 0) continue;
    const field = line.slice(0, at);
    const text = line.slice(at + 1).replace(/^ /, "");
    event[field] = field === "data" && event.data ? `${event.data}\n${text}` : text;
  }
  return event;
}
