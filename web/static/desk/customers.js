/** What the right column knows of each conversation's customer, fetched when looked at and again when it has changed. */
import { signal } from "../vendor/view.js";

const FRESH_MS = 60_000;

export class Customers {
  known = signal({});
  #api;
  #proofs = new Map();

  constructor(api) {
    this.#api = api;
  }

  path(conversation, rest = "customer") {
    return `/api/desk/conversations/${encodeURIComponent(conversation)}/${rest}`;
  }

  /** Fetch unless what is known is fresh enough. */
  look(conversation) {
    const one = this.known.peek()[conversation];
    if (one?.loading || (one?.data && Date.now() - one.at < FRESH_MS)) return;
    this.load(conversation);
  }

  /** Fetch now; what is known stays on show meanwhile. */
  async load(conversation) {
    this.#set(conversation, { loading: true, error: null });
    try {
      const data = await this.#api.get(this.path(conversation), this.#proofs.get(conversation));
      this.#set(conversation, { loading: false, data, error: null, at: Date.now() });
    } catch (error) {
      this.#set(conversation, { loading: false, error });
    }
  }

  /** Show an order first that no signed-in customer stands behind: its number and the end of a phone number. */
  async find(conversation, order, tail) {
    this.#proofs.set(conversation, { order, phone_tail: tail });
    await this.load(conversation);
  }

  async reveal(conversation, reason) {
    await this.#api.post(this.path(conversation, "reveal"), { reason });
  }

  async setTags(conversation, tags) {
    const answer = await this.#api.put(this.path(conversation, "tags"), { tags });
    const one = this.known.peek()[conversation];
    if (one?.data) this.#set(conversation, { data: { ...one.data, tags: answer?.tags ?? tags } });
  }

  async addNote(conversation, text) {
    await this.#api.post(this.path(conversation, "customer-notes"), { text });
    await this.load(conversation);
  }

  async dropNote(conversation, id) {
    await this.#api.remove(this.path(conversation, `customer-notes/${encodeURIComponent(id)}`));
    await this.load(conversation);
  }

  forgetAll() {
    this.known.value = {};
    this.#proofs.clear();
  }

  #set(conversation, news) {
    const one = this.known.peek()[conversation] ?? {};
    this.known.value = { ...this.known.peek(), [conversation]: { ...one, ...news } };
  }
}
