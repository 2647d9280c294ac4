/** What was typed and not sent, for each conversation and kind, until this tab is closed. */

const PREFIX = "shopdesk:desk:draft:";

/** Drafts over a Store of this tab; `kind` is reply, note or whisper. */
export class Drafts {
  #store;

  constructor(store) {
    this.#store = store;
  }

  get(conversation, kind) {
    return this.#store.get(this.#key(conversation, kind)) ?? "";
  }

  set(conversation, kind, text) {
    if (text) this.#store.set(this.#key(conversation, kind), text);
    else this.#store.remove(this.#key(conversation, kind));
  }

  /** Whether anything unsent lies in a conversation. */
  has(conversation) {
    return this.#store.keys(`${PREFIX}${conversation}:`).length > 0;
  }

  #key(conversation, kind) {
    return `${PREFIX}${conversation}:${kind}`;
  }
}
