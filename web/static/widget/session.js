/** Whose conversation this browser holds: one session for each signed identity, and one for the anonymous shopper. */
import { subjectOf } from "./identity.js";

const PREFIX = "shopdesk:session:";
const ANONYMOUS = "anon";

/** Sessions kept in `store`; `open` is the door's `openSession`, `locks` the browser's or null. */
export class Sessions {
  #store;
  #open;
  #locks;
  #identity = null;

  constructor({ store, open, locks = null }) {
    this.#store = store;
    this.#open = open;
    this.#locks = locks;
  }

  /** The name under which this shopper's things are kept: "anon", or "sub:" and the customer's id. */
  get scope() {
    return this.#identity ? `sub:${subjectOf(this.#identity) ?? ""}` : ANONYMOUS;
  }

  get signedIn() {
    return this.#identity !== null;
  }

  get known() {
    return this.#read(this.scope) !== null;
  }

  identify(identity) {
    this.#identity = identity || null;
  }

  /** The customer leaves: what was kept for them goes too. */
  signOut() {
    this.#store.remove(PREFIX + this.scope);
    this.#identity = null;
  }

  /** The session to use now, opened when there is none: `{"token","conversation","fresh"}`. */
  async enter(lang) {
    return this.#alone(() => this.#held() ?? this.#openNew(lang));
  }

  /** The door did not take this token any more. */
  forget(token) {
    const kept = this.#read(this.scope);
    if (kept?.token === token) this.#store.remove(PREFIX + this.scope);
  }

  /** Something was said in it: an anonymous conversation is now worth taking along when the shopper signs in. */
  markUsed() {
    const kept = this.#read(this.scope);
    if (kept && !kept.used) this.#store.set(PREFIX + this.scope, { ...kept, used: true });
  }

  // Two tabs that start at once shall open one session; where storage is blocked, locks are too, and nothing is shared.
  async #alone(act) {
    let begun = false;
    const once = () => {
      begun = true;
      return act();
    };
    if (!this.#locks) return once();
    try {
      return await this.#locks.request("shopdesk:session", once);
    } catch (error) {
      if (begun) throw error;
      return once();
    }
  }

  #read(scope) {
    const kept = this.#store.get(PREFIX + scope);
    return kept?.token && kept?.conversation ? kept : null;
  }

  #held() {
    const kept = this.#read(this.scope);
    const takenAlong = this.signedIn && this.#read(ANONYMOUS)?.used;
    return kept && !takenAlong ? { ...kept, fresh: false } : null;
  }

  async #openNew(lang) {
    const identity = this.#identity;
    const scope = this.scope;
    const anonymous = identity ? this.#read(ANONYMOUS) : null;
    const opened = await this.#openWith(lang, identity, anonymous);
    const used = Boolean(anonymous?.used && anonymous.conversation === opened.conversation);
    const kept = { token: opened.token, conversation: opened.conversation, used };
    if (scope !== this.scope) return { ...kept, fresh: true };
    this.#store.set(PREFIX + scope, kept);
    if (anonymous) this.#store.remove(PREFIX + ANONYMOUS);
    return { ...kept, fresh: !used };
  }

  async #openWith(lang, identity, anonymous) {
    if (!anonymous) return this.#open({ lang, identity });
    try {
      return await this.#open({ lang, identity, token: anonymous.token });
    } catch (error) {
      if (error.code !== "session_expired" && error.code !== "unauthorized") throw error;
      return this.#open({ lang, identity });
    }
  }
}
