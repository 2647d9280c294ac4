/** What the shopper said and the door has not stored yet: kept in the browser, handed in one by one, in order. */
import { backoff } from "./backoff.js";

const PREFIX = "shopdesk:out:";
const ACK_MS = 10_000;
const TOO_FAST_MS = 3_000;
const LASTING = new Set(["message", "choose", "human", "contact", "rate"]);
const REPLACING = new Set(["contact", "rate"]);
const PASSING = new Set(["rate_limited", "unavailable", "offline"]);

const browserClock = {
  now: () => Date.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

/** A new id for a message: 32 letters and digits, unique without asking anybody. */
export function newMid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Items are `{"mid","at","frame","text","state","code"}`, `state` being queued, sending, sent (stored, not yet seen
 * in the log) or failed. `send(frame)` is false without a link; `onSilence` is called when an answer is overdue.
 * An item with a `picture` is uploaded first: `upload(picture, {onProgress, signal})` answers what the door made of it,
 * and the item's `progress` goes from 0 to 1. `picture.data` is kept until the door has it.
 */
export class Outbox {
  #store;
  #send;
  #upload;
  #onChange;
  #onSilence;
  #clock;
  #scope = null;
  #items = [];
  #ready = false;
  #inFlight = null;
  #stopWatch = () => {};
  #pause = null;
  #refusals = 0;

  constructor({ store, send, upload = null, onChange = () => {}, onSilence = () => {}, clock = browserClock }) {
    this.#store = store;
    this.#send = send;
    this.#upload = upload;
    this.#onChange = onChange;
    this.#onSilence = onSilence;
    this.#clock = clock;
  }

  get items() {
    return this.#items;
  }

  /** Take up what this shopper left unsent, in this tab or another; `carry` also takes along what is in hand. */
  open(scope, { carry = false } = {}) {
    if (scope === this.#scope) return;
    const inHand = carry ? this.#items : [];
    for (const item of inHand) this.#store.remove(this.#key(item.mid));
    this.#scope = scope;
    this.#settle();
    const kept = this.#store.keys(this.#key("")).map((key) => this.#store.get(key));
    this.#items = [...kept.filter((item) => item?.frame), ...inHand.map((item) => ({ ...item, state: waiting(item) }))];
    this.#items.sort((one, other) => one.at - other.at);
    for (const item of this.#items) this.#keep(item);
    this.#changed();
    this.#pump();
  }

  /** Put a frame in; `text` is what the shopper sees of it, with a `picture` or without. Answers its id. */
  add(frame, text = null, picture = null) {
    const mid = frame.mid ?? newMid();
    const at = Math.max(this.#clock.now(), (this.#items.at(-1)?.at ?? 0) + 1);
    const item = { mid, at, frame, text, state: "queued", code: null, ...(picture ? { picture } : {}) };
    if (REPLACING.has(frame.type)) this.#forgetEarlier(frame);
    this.#items = [...this.#items, item];
    this.#keep(item);
    this.#changed();
    this.#pump();
    return mid;
  }

  /** The link came or went; what was on its way when it went is handed in again, under the same id. */
  linked(ready) {
    this.#ready = ready;
    if (!ready) {
      const mid = this.#inFlight;
      this.#settle();
      if (mid) this.#change(mid, { state: "queued" });
    }
    this.#pump();
  }

  /** The door has stored it; what shows nothing is not waited for in the log. */
  acked(mid) {
    this.#store.remove(this.#key(mid));
    this.#refusals = 0;
    if (this.#find(mid)?.text === null) this.discard(mid);
    else this.#change(mid, { state: "sent", code: null });
    this.#done(mid);
  }

  /** It has come back as an entry of the log: nothing is left to do for it here. */
  echoed(mids) {
    const gone = this.#items.filter((item) => mids.has(item.mid));
    if (gone.length === 0) return;
    for (const item of gone) this.#store.remove(this.#key(item.mid));
    this.#items = this.#items.filter((item) => !mids.has(item.mid));
    this.#changed();
    for (const item of gone) this.#done(item.mid);
  }

  /** A state came: that is the answer to a frame without an id of its own. */
  stated() {
    const item = this.#find(this.#inFlight);
    if (item && !item.frame.mid) this.discard(item.mid);
  }

  /** The door refused it: for now (then it is tried again), or for good. */
  refused(code, mid = this.#inFlight) {
    const item = this.#find(mid);
    if (!item) return;
    if (PASSING.has(code)) {
      this.#change(item.mid, { state: "queued", code });
      this.#rest(code === "rate_limited" ? TOO_FAST_MS : backoff(this.#refusals));
      this.#refusals += 1;
    } else if (code === "bad_image" && item.frame.image && item.picture?.data && !item.again) {
      // The door does not know it (any more): another conversation has begun meanwhile. It is handed in once more.
      const { image, ...frame } = item.frame;
      this.#change(item.mid, { state: "queued", frame, again: true });
    } else if (item.frame.mid) this.#change(item.mid, { state: "failed", code });
    else this.discard(item.mid);
    this.#done(item.mid);
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
    if (!this.#ready || this.#inFlight || this.#pause) return;
    const item = this.#items.find(({ state }) => state === "queued");
    if (item?.picture && !item.frame.image) {
      this.#handIn(item);
      return;
    }
    if (!item || !this.#send(item.frame)) return;
    this.#inFlight = item.mid;
    this.#stopWatch = this.#clock.after(ACK_MS, () => this.#onSilence());
    this.#change(item.mid, { state: "sending" });
  }

  async #handIn({ mid, frame, picture }) {
    const stop = new AbortController();
    const { signal } = stop;
    const onProgress = (progress) => !signal.aborted && this.#show(mid, { progress });
    this.#inFlight = mid;
    this.#stopWatch = () => stop.abort();
    this.#change(mid, { state: "sending", progress: 0 });
    try {
      const { id } = await this.#upload(picture, { onProgress, signal });
      if (signal.aborted) return;
      this.#change(mid, { state: "queued", frame: { ...frame, image: id }, progress: null });
      this.#done(mid);
    } catch (error) {
      if (!signal.aborted) this.refused(error.code ?? "unavailable", mid);
      if (!error.code) throw error;
    }
  }

  #forgetEarlier({ type, of }) {
    for (const { mid, state, frame } of this.#items) {
      if (state === "queued" && frame.type === type && frame.of === of) this.discard(mid);
    }
  }

  #done(mid) {
    if (mid !== this.#inFlight) return;
    this.#settle();
    this.#pump();
  }

  #settle() {
    this.#stopWatch();
    this.#inFlight = null;
  }

  #rest(ms) {
    this.#pause?.();
    this.#pause = this.#clock.after(ms, () => {
      this.#pause = null;
      this.#pump();
    });
  }

  #find(mid) {
    return this.#items.find((item) => item.mid === mid);
  }

  #change(mid, news) {
    this.#show(mid, news);
    const item = this.#find(mid);
    if (item && item.state !== "sent") this.#keep(item);
  }

  #show(mid, news) {
    this.#items = this.#items.map((item) => (item.mid === mid ? { ...item, ...news } : item));
    this.#changed();
  }

  #keep(item) {
    if (!LASTING.has(item.frame.type)) return;
    const kept = { ...item, state: waiting(item), progress: null };
    if (item.frame.image) kept.picture = { ...item.picture, data: null };
    this.#store.set(this.#key(item.mid), kept);
  }

  #key(mid) {
    return `${PREFIX}${this.#scope}:${mid}`;
  }

  #changed() {
    this.#onChange(this.#items);
  }
}

function waiting({ state }) {
  return state === "failed" ? "failed" : "queued";
}
