/** Short notices in a corner of the desk: they go by themselves, trouble stays longer. */
import { signal } from "../vendor/view.js";

const STAY_MS = { info: 5_000, good: 3_500, trouble: 9_000 };
const MOST = 4;

export class Notices {
  list = signal([]);
  #count = 0;

  /** Show `text`; `tone` is info, good or trouble; `act` as `{"label","run"}` becomes a button. */
  say(text, { tone = "info", act = null } = {}) {
    if (this.list.peek().some((one) => one.text === text)) return;
    this.#count += 1;
    const id = this.#count;
    this.list.value = [...this.list.peek(), { id, text, tone, act }].slice(-MOST);
    setTimeout(() => this.drop(id), STAY_MS[tone]);
  }

  drop(id) {
    this.list.value = this.list.peek().filter((one) => one.id !== id);
  }
}
