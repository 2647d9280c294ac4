/** Small JSON values in the browser's storage, or in memory where the browser refuses it. */

function usable(area) {
  const probe = "shopdesk:probe";
  try {
    area.setItem(probe, "1");
    area.removeItem(probe);
    return true;
  } catch {
    return false;
  }
}

/** The named area of this window ("localStorage", "sessionStorage"), or null where touching it is forbidden. */
export function browserArea(name) {
  try {
    return window[name];
  } catch {
    return null;
  }
}

/** A store over `area`; what the area does not take (blocked, full) is kept in memory for the life of the page. */
export class Store {
  #area;
  #memory = new Map();

  constructor(area) {
    this.#area = area && usable(area) ? area : null;
  }

  get(key) {
    const text = this.#memory.get(key) ?? this.#area?.getItem(key) ?? null;
    if (text === null) return null;
    try {
      return JSON.parse(text);
    } catch {
      this.remove(key);
      return null;
    }
  }

  set(key, value) {
    const text = JSON.stringify(value);
    try {
      if (!this.#area) throw new Error("no area");
      this.#area.setItem(key, text);
      this.#memory.delete(key);
    } catch {
      this.#memory.set(key, text);
    }
  }

  remove(key) {
    this.#memory.delete(key);
    this.#area?.removeItem(key);
  }

  /** All keys that begin with `prefix`. */
  keys(prefix) {
    const found = new Set(this.#memory.keys());
    for (let index = 0; index < (this.#area?.length ?? 0); index += 1) found.add(this.#area.key(index));
    return [...found].filter((key) => key.startsWith(prefix));
  }
}
