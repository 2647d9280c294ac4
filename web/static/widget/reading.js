/** How far the shopper has read: kept in the browser for the unread count, and told to the door while a person may care. */
import { signal } from "../vendor/view.js";

const READ = "shopdesk:read:";
const WITH_PEOPLE = new Set(["waiting", "human"]);

/** `tell(frame)` hands a hint to the door and is false without a link. */
export class Reading {
  /** The newest entry that was seen; null: nothing is known to be unread, "": everything is. */
  id = signal("");
  #store;
  #tell;
  #key = null;
  #told = null;

  constructor({ store, tell }) {
    this.#store = store;
    this.#tell = tell;
  }

  /** Another conversation begins; of one that was not `fresh`, what is unknown counts as read. */
  enter(conversation, fresh) {
    this.#key = READ + conversation;
    const read = this.#store.get(this.#key);
    if (read === null && fresh) this.#store.set(this.#key, "");
    this.id.value = read ?? (fresh ? "" : null);
  }

  leave() {
    if (this.#key) this.#store.remove(this.#key);
    this.#key = this.#told = null;
    this.id.value = "";
  }

  /** The shopper has the entry `id` before their eyes; `mode` is the conversation's. */
  seen(id, mode) {
    if (id !== this.id.peek()) {
      this.id.value = id;
      this.#store.set(this.#key, id);
    }
    if (id !== this.#told && WITH_PEOPLE.has(mode) && this.#tell({ type: "read", id })) this.#told = id;
  }

  /** Another tab has read up to here. */
  storageChanged(key) {
    if (this.#key && key === this.#key) this.id.value = this.#store.get(key) ?? "";
  }
}
