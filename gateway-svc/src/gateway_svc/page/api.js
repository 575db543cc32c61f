// The edge API: tokens, JSON calls, and status streams read with fetch (a browser's own
// EventSource cannot send the Authorization header).

const KEY = "session";

export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || problem.msg || `The server answered ${status}.`);
    this.status = status;
    this.code = problem.code || problem.error_code;
    this.retryAfter = problem.retryAfter;
  }
}

export const session = {
  get: () => JSON.parse(sessionStorage.getItem(KEY) || "null"),
  set: (value) => sessionStorage.setItem(KEY, JSON.stringify(value)),
  clear: () => sessionStorage.removeItem(KEY),
};

async function read(response) {
  const text = await response.text();
  let body = {};
  try { body = text ? JSON.parse(text) : {}; } catch { body = { title: response.statusText }; }
  if (!response.ok) {
    throw new ApiError(response.status, { ...body, retryAfter: response.headers.get("Retry-After") });
  }
  return body;
}

export async function signIn(kind, email, password) {
  const path = kind === "signup" ? "/auth/v1/signup" : "/auth/v1/token?grant_type=password";
  const answer = await read(await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email, password }),
  }));
  session.set(answer);
  return answer;
}

async function refresh() {
  const old = session.get();
  if (!old) throw new ApiError(401, { title: "Signed out" });
  try {
    session.set(await read(await fetch("/auth/v1/token?grant_type=refresh_token", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ refresh_token: old.refresh_token }),
    })));
  } catch (error) {
    session.clear();
    throw error;
  }
}

async function send(path, options = {}) {
  const request = () => fetch(path, {
    ...options,
    headers: { ...options.headers, Authorization: `Bearer ${session.get()?.access_token || ""}` },
  });
  let response = await request();
  if (response.status === 401) {
    await refresh();
    response = await request();
  }
  return response;
}

export const get = async (path) => read(await send(path));
export const blob = async (path) => {
  const response = await send(path);
  if (!response.ok) await read(response);
  return response.blob();
};
export const post = async (path, body, headers = {}) => read(await send(path, body instanceof FormData
  ? { method: "POST", body, headers }
  : { method: "POST", body: JSON.stringify(body ?? {}), headers: { "Content-Type": "application/json", ...headers } }));

// Calls `onStatus` with each whole status until the run is over; reconnects after a break.
export async function follow(path, onStatus, signal) {
  let last = "";
  let pause = 1000;
  for (;;) {
    try {
      const response = await send(`${path}/events`, { headers: last ? { "Last-Event-ID": last } : {}, signal });
      if (!response.ok) await read(response);
      for await (const event of events(response.body)) {
        if (event.retry) pause = Number(event.retry);
        if (event.id) last = event.id;
        if (!event.data) continue;
        const status = JSON.parse(event.data);
        onStatus(status);
        if (["completed", "failed", "cancelled"].includes(status.status)) return status;
      }
    } catch (error) {
      if (signal?.aborted || (error instanceof ApiError && ![429, 502, 503, 504].includes(error.status))) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
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
      const event = { data: "" };
      for (const line of buffer.slice(0, end).split("\n")) {
        const at = line.indexOf(":");
        if (at <= 0) continue;
        const field = line.slice(0, at);
        const text = line.slice(at + 1).replace(/^ /, "");
        event[field] = field === "data" && event.data ? `${event.data}\n${text}` : text;
      }
      buffer = buffer.slice(end + 2);
      yield event;
    }
  }
}
