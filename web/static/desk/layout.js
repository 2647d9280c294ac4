/** What of the desk is on show: the view, the columns, on a phone the one column, and the dialog on top. */
import { signal } from "../vendor/view.js";

const LIST = "shopdesk:desk:list";
const SIDE = "shopdesk:desk:side";

export class Layout {
  /** desk, board, archive, replies, accounts or audit. */
  view = signal("desk");
  /** On a phone: list, talk or side. */
  pane = signal("list");
  /** Null, or `{"kind",…}` for components/dialogs.js. */
  dialog = signal(null);
  /** A picture on show in full, or null. */
  picture = signal(null);
  list;
  side;
  #store;

  constructor(store) {
    this.#store = store;
    this.list = signal(store.get(LIST) ?? true);
    this.side = signal(store.get(SIDE) ?? true);
  }

  toggleList() {
    this.list.value = !this.list.peek();
    this.#store.set(LIST, this.list.peek());
  }

  toggleSide() {
    this.side.value = !this.side.peek();
    this.#store.set(SIDE, this.side.peek());
    if (this.pane.peek() !== "list") this.pane.value = this.pane.peek() === "side" ? "talk" : "side";
  }

  ask(kind, about = {}) {
    this.dialog.value = { kind, ...about };
  }

  done() {
    this.dialog.value = null;
  }
}
