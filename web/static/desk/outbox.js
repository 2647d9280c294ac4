/**
 * What was said at this desk and is not stored yet: kept in the browser, handed in one by one in each conversation, and
 * again under the same mid.
 */
import { backoff } from "../widget/backoff.js";

const PREFIX = "shopdesk:desk:out:";
const ACK_MS = 10_000;
const PASSING = new Set(["rate_limited", "unavailable"]);

const browserClock = {
  now: () => Date.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

const atRest = (item) => ({ ...item, state: item.state === "failed" ? "failed" : "queued" });

/**
 * Items are `{"mid","at","frame","state","code"}`, `state` being queued, sending, sent (stored, not yet seen in the
 * log) or failed. `send(frame)` is false without a link; `onSilence` is called when an answer is overdue.
 */
export class Outbox {
  #store;
  #send;
  #onChange;
  #onSilence;
  #clock;
  #scope = null;
  #items = [];
  #ready = false;
  /** By conversation, the mid that is on its way, and how to stop waiting for its answer. */
  #inFlight = new Map();
  #pause = null;
  #refusals = 0;

  constructor({ store, send, onChange = () => {}, onSilence = () => {}, clock = browserClock }) {
    this.#store = store;
    this.#send = send;
    this.#onChange = onChange;
    this.#onSilence = onSilence;
    this.#clock = clock;
  }

  get items() {
    return this.#items;
  }

  /** Take up what this account left unsent. */
  open(scope) {
    if (scope === this.#scope) return;
    this.#scope = scope;
    this.#settleAll();
    const kept = this.#store.keys(this.#key("")).map((key) => this.#store.get(key));
    this.#items = kept.filter((item) => item?.frame).map(atRest).sort((one, other) => one.at - other.at);
    this.#changed();
    this.#pump();
  }

  /** Put in a frame with a mid; until it is acknowledged it survives a reload. */
  add(frame) {
    const at = Math.max(this.#clock.now(), (this.#items.at(-1)?.at ?? 0) + 1);
    const item = { mid: frame.mid, at, frame, state: "queued", code: null };
    this.#items = [...this.#items, item];
    this.#store.set(this.#key(item.mid), item);
    this.#changed();
    this.#pump();
  }

  /** The link came or went; what was on its way when it went is handed in again. */
  linked(ready) {
    this.#ready = ready;
    if (!ready) for (const mid of this.#settleAll()) this.#change(mid, { state: "queued" });
    this.#pump();
  }

  /** The server has stored it; `watched` says whether it will come back as an entry of an open log. */
  acked(mid, watched) {
    this.#store.remove(this.#key(mid));
    this.#refusals = 0;
    if (watched) this.#change(mid, { state: "sent", code: null });
    else this.#items = this.#items.filter((item) => item.mid !== mid);
    this.#changed();
    this.#done(mid);
  }

  /** It has come back as an entry of the log: nothing is left to do for it here. */
  echoed(mid) {
    if (!this.#items.some((item) => item.mid === mid)) return;
    this.discard(mid);
  }

  /** The server refused it: for now (then it is tried again), or until somebody decides. */
  refused(mid, code) {
    if (!this.#items.some((item) => item.mid === mid)) return;
    const passing = PASSING.has(code);
    this.#change(mid, { state: passing ? "queued" : "failed", code });
    if (passing) {
      this.#rest(backoff(this.#refusals));
      this.#refusals += 1;
    }
    this.#done(mid);
  }

  /** Try a failed one again. */
  retry(mid) {
    this.#change(mid, { state: "queued", code: null });
    this.#pump();
  }

  discard(mid) {
    this.#store.remove(this.#key(mid));
    this.#items = this.#items.filter((item) => item.mid !== mid);
    this.#changed();
    this.#done(mid);
  }

  #pump() {
    if (!this.#ready || this.#pause) return;
    const going = new Set(this.#inFlight.keys());
    for (const { mid, frame, state } of this.#items) {
      if (state !== "queued" || going.has(frame.conversation)) continue;
      going.add(frame.conversation);
      if (!this.#send(frame)) return;
      this.#inFlight.set(frame.conversation, { mid, stop: this.#clock.after(ACK_MS, () => this.#onSilence()) });
      this.#change(mid, { state: "sending" });
    }
  }

  #done(mid) {
    for (const [conversation, one] of this.#inFlight) {
      if (one.mid !== mid) continue;
      one.stop();
      this.#inFlight.delete(conversation);
    }
    this.#pump();
  }

  /** Wait for no answer any more; the mids that were on their way. */
  #settleAll() {
    const under = [...this.#inFlight.values()];
    for (const { stop } of under) stop();
    this.#inFlight.clear();
    return under.map(({ mid }) => mid);
  }

  #rest(ms) {
    this.#pause?.();
    this.#pause = this.#clock.after(ms, () => {
      this.#pause = null;
      this.#pump();
    });
  }

  #change(mid, news) {
    this.#items = this.#items.map((item) => (item.mid === mid ? { ...item, ...news } : item));
    const item = this.#items.find((one) => one.mid === mid);
    if (item && item.state !== "sent") this.#store.set(this.#key(mid), atRest(item));
    this.#changed();
  }

  #key(mid) {
    return `${PREFIX}${this.#scope}:${mid}`;
  }

  #changed() {
    this.#onChange(this.#items);
  }
}
