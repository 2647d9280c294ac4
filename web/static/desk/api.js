/** Plain requests to the desk's server; whatever goes wrong becomes an `ApiError` with a code. */

/** `code` is one of docs/frames.md, or `offline` when no answer came; `retryAfter` is in seconds, or null. */
export class ApiError extends Error {
  constructor(code, status = 0, message = code, retryAfter = null) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** A path with its query; what is null, undefined or empty is left out. */
export function address(path, query = {}) {
  const told = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return told.length === 0 ? path : `${path}?${new URLSearchParams(told.map(([name, value]) => [name, String(value)]))}`;
}

async function answered(request) {
  try {
    return await request();
  } catch {
    throw new ApiError("offline");
  }
}

async function bodyOf(response) {
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch {
    return null;
  }
}

/** `onSignedOut` is called when the server does not know us any more. */
export class Api {
  #onSignedOut;

  constructor({ onSignedOut = () => {} } = {}) {
    this.#onSignedOut = onSignedOut;
  }

  get(path, query) {
    return this.#call("GET", address(path, query));
  }

  post(path, body = {}) {
    return this.#call("POST", path, JSON.stringify(body), "application/json");
  }

  put(path, body) {
    return this.#call("PUT", path, JSON.stringify(body), "application/json");
  }

  patch(path, body) {
    return this.#call("PATCH", path, JSON.stringify(body), "application/json");
  }

  remove(path) {
    return this.#call("DELETE", path);
  }

  /** Hand in a file as it is. */
  upload(path, file) {
    return this.#call("POST", path, file, file.type || "application/octet-stream");
  }

  async #call(method, path, body, kind) {
    const headers = kind ? { "Content-Type": kind } : {};
    const asked = { method, headers, body, credentials: "same-origin", cache: "no-store" };
    const response = await answered(() => fetch(path, asked));
    const answer = await bodyOf(response);
    if (response.ok) return answer;
    const error = answer?.error ?? {};
    const code = error.code ?? (response.status === 413 ? "too_long" : "unavailable");
    if (response.status === 401 && code !== "bad_login") this.#onSignedOut();
    const pause = Number(response.headers.get("Retry-After"));
    throw new ApiError(code, response.status, error.message ?? code, pause > 0 ? pause : null);
  }
}
