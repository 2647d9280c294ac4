/** The prepared answers, mine and shared, and the tags of the house: fetched once, fetched again when changed here. */
import { signal } from "../vendor/view.js";

const REPLIES = "/api/desk/quick-replies";
const TAGS = "/api/desk/tags";

export class ReplyBook {
  replies = signal([]);
  tags = signal([]);
  error = signal(null);
  #api;

  constructor(api) {
    this.#api = api;
  }

  async load() {
    try {
      const [replies, tags] = await Promise.all([this.#api.get(REPLIES), this.#api.get(TAGS)]);
      this.replies.value = replies.replies;
      this.tags.value = tags.tags;
      this.error.value = null;
    } catch (error) {
      this.error.value = error;
    }
  }

  /** Keep a reply: a new one without an id. */
  async save({ id, ...reply }) {
    if (id === undefined) await this.#api.post(REPLIES, reply);
    else await this.#api.put(`${REPLIES}/${id}`, reply);
    await this.load();
  }

  async drop(id) {
    await this.#api.remove(`${REPLIES}/${id}`);
    await this.load();
  }

  /** It was used: the list learns what is used most. Nobody waits for this, and nothing hangs on it. */
  used(id) {
    this.replies.value = this.replies.peek().map((one) => (one.id === id ? { ...one, used: (one.used ?? 0) + 1 } : one));
    this.#api.post(`${REPLIES}/${id}/used`).catch(() => {});
  }

  async addTag(tag) {
    await this.#api.post(TAGS, tag);
    await this.load();
  }

  async dropTag(id) {
    await this.#api.remove(`${TAGS}/${id}`);
    await this.load();
  }
}
