/** The shoppers' door over HTTP: sessions, and the frames of a chat that cannot have a socket. See docs/frames.md. */

/** What the door refused, with the code of docs/frames.md, or "offline" when it could not be reached. */
export class DoorError extends Error {
  constructor(code, message = code) {
    super(message);
    this.code = code;
  }
}

const ANSWER_MS = 15_000;
const PICTURE_MS = 120_000;

function within(signal, ms) {
  const limit = AbortSignal.timeout(ms);
  if (!signal) return limit;
  const both = new AbortController();
  for (const one of [signal, limit]) {
    if (one.aborted) both.abort();
    one.addEventListener("abort", () => both.abort(), { once: true });
  }
  return both.signal;
}

async function call(path, { method = "GET", token, body, signal, ms = ANSWER_MS } = {}) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  let response;
  let answer;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      signal: within(signal, ms),
      cache: "no-store",
      credentials: "omit",
    });
    answer = await response.json().catch(() => null);
  } catch {
    throw new DoorError("offline");
  }
  if (response.ok && answer) return answer;
  const { code, message } = answer?.error ?? {};
  throw new DoorError(code ?? (response.status === 401 ? "unauthorized" : "unavailable"), message);
}

/** Open a session: `{"token","conversation"}`. With `token`, the conversation of that session goes on, signed in. */
export function openSession({ lang, identity, token }) {
  return call("/api/chat/sessions", { method: "POST", token, body: identity ? { lang, identity } : { lang } });
}

/** Hand in one frame; answers its `ack` or `state` frame. */
export function postFrame(token, frame, signal) {
  return call("/api/chat/messages", { method: "POST", token, body: frame, signal });
}

/** Wait up to `wait` seconds for what came after the entry `after`: `{"messages","state"}`. */
export function awaitNews(token, after, wait, signal) {
  const query = new URLSearchParams({ wait: String(wait), ...(after ? { after } : {}) });
  return call(`/api/chat/messages?${query}`, { token, signal, ms: wait * 1000 + ANSWER_MS });
}

/**
 * Hand in a picture: `{"id","width","height"}`. By XMLHttpRequest, which alone tells how much has gone: `onProgress`
 * gets 0 to 1.
 */
export function sendImage(token, blob, { onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = (code) => reject(new DoorError(code));
    request.open("POST", "/api/chat/images");
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Content-Type", blob.type);
    request.responseType = "json";
    request.timeout = PICTURE_MS;
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status === 201 && request.response) resolve(request.response);
      else fail(request.response?.error?.code ?? "unavailable");
    };
    request.onerror = request.ontimeout = request.onabort = () => fail("offline");
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(blob);
  });
}

/** Where a picture of this session's conversation is. */
export function imageAddress(token, id) {
  return `/api/chat/images/${encodeURIComponent(id)}?token=${encodeURIComponent(token)}`;
}

/** Where the socket is, with what was seen last. */
export function socketAddress(token, after) {
  const address = new URL("/api/chat/ws", location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  address.searchParams.set("token", token);
  if (after) address.searchParams.set("after", after);
  return address.href;
}
