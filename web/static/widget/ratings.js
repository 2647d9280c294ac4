/** How it was, with the assistant and with the person: told at the first touch, and again with each word that is added. */
import { signal } from "../vendor/view.js";

const PAUSE_MS = 900;

/** The reasons that fit a score, by who is rated. */
const REASONS = {
  bot: {
    good: ["solved", "fast", "friendly"],
    fair: ["solved", "unsolved", "not_understood", "repeated", "slow"],
    bad: ["unsolved", "not_understood", "repeated", "slow"],
  },
  agent: {
    good: ["solved", "fast", "friendly"],
    fair: ["solved", "friendly", "unsolved", "slow", "repeated"],
    bad: ["unsolved", "slow", "unfriendly", "repeated"],
  },
};

export function reasonsFor(of, score) {
  return REASONS[of][score >= 4 ? "good" : score === 3 ? "fair" : "bad"];
}

/** `send(frame)` hands a rating in; a later one replaces it. */
export class Ratings {
  /** By who is rated: `{"score","reasons","comment"}`. */
  given = signal({});
  /** Who was rated last. */
  last = signal(null);
  #send;
  #timer = null;
  #unsaid = new Set();

  constructor(send) {
    this.#send = send;
  }

  score(of, score) {
    const { reasons = [], comment = "" } = this.given.peek()[of] ?? {};
    const fitting = reasonsFor(of, score);
    this.last.value = of;
    if (this.given.peek()[of]?.score === score) return;
    this.#put(of, { score, reasons: reasons.filter((reason) => fitting.includes(reason)), comment });
    this.flush();
  }

  toggle(of, reason) {
    const rating = this.given.peek()[of];
    const { reasons } = rating;
    const next = reasons.includes(reason) ? reasons.filter((other) => other !== reason) : [...reasons, reason];
    this.#put(of, { ...rating, reasons: next });
  }

  comment(of, comment) {
    this.#put(of, { ...this.given.peek()[of], comment });
  }

  /** Hand in now what was to be handed in after a pause. */
  flush() {
    clearTimeout(this.#timer);
    for (const of of this.#unsaid) {
      const { score, reasons, comment } = this.given.peek()[of];
      const said = comment.trim();
      const more = { ...(reasons.length > 0 ? { reasons } : {}), ...(said ? { comment: said } : {}) };
      this.#send({ type: "rate", of, score, ...more });
    }
    this.#unsaid.clear();
  }

  /** The next visit is rated anew; what was not handed in is dropped. */
  reset() {
    clearTimeout(this.#timer);
    this.#unsaid.clear();
    this.given.value = {};
    this.last.value = null;
  }

  #put(of, rating) {
    this.given.value = { ...this.given.peek(), [of]: rating };
    this.#unsaid.add(of);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), PAUSE_MS);
  }
}
