/** Which conversations this desk looks at: what is on show, what is followed, and how far it has been read. */
import { batch, signal } from "../vendor/view.js";
import { lastId, later } from "./talk.js";

const OLDER = 100;
const EMPTY = { entries: [] };

/** Conversations that are ours stay followed when others are on show; whatever else is let go. */
export class Following {
  selected = signal(null);
  /** For each conversation the first entry that came while nobody looked. */
  firstNew = signal({});
  #desk;
  #followed = new Set();
  #readTold = new Map();

  constructor(desk) {
    this.#desk = desk;
  }

  has(conversation) {
    return this.#followed.has(conversation);
  }

  /** Show a conversation; what is offered is shown but not opened, since opening means accepting. */
  select(conversation, { mine = false } = {}) {
    const desk = this.#desk;
    const before = this.selected.peek();
    batch(() => {
      desk.layout.view.value = "desk";
      desk.layout.pane.value = conversation ? "talk" : "list";
      this.selected.value = conversation;
      if (before !== conversation) this.#markNew(before, conversation);
    });
    if (before && before !== conversation && !desk.isMine(before)) this.drop(before);
    if (!conversation || (desk.isOffered(conversation) && !mine)) return;
    if (!this.has(conversation)) {
      this.#followed.add(conversation);
      this.#open(conversation);
    }
    desk.customers.look(conversation);
    this.look();
  }

  /** Follow it no longer. */
  drop(conversation) {
    if (this.#followed.delete(conversation)) this.#desk.connection.send({ type: "close", conversation });
  }

  /** Take it from its newest entries again, as if it had never been open. */
  again(conversation) {
    if (this.has(conversation)) this.#open(conversation);
  }

  /** The link is back: everything that was followed goes on from where it stood. */
  resume() {
    for (const conversation of this.#followed) this.#open(conversation);
  }

  forgetAll() {
    this.#followed.clear();
    this.#readTold.clear();
    this.selected.value = null;
  }

  /** An entry came in. */
  arrived({ conversation, id, from }) {
    if (document.hidden && from === "shopper" && conversation === this.selected.peek()) {
      this.firstNew.value = { [conversation]: id, ...this.firstNew.peek() };
    }
    this.look();
  }

  /** Whoever looks at the page has read what is on show. */
  look() {
    const desk = this.#desk;
    const conversation = this.selected.peek();
    if (!conversation || document.hidden || desk.layout.view.peek() !== "desk" || !desk.isMine(conversation)) return;
    const id = lastId(desk.talkOf(conversation) ?? EMPTY);
    if (!id || this.#readTold.get(conversation) === id) return;
    if (desk.connection.send({ type: "read", conversation, id })) this.#readTold.set(conversation, id);
  }

  /** What stands before the oldest entry that is loaded, as a frame for the floor; null when nothing is loaded. */
  async older(conversation) {
    const first = this.#desk.talkOf(conversation)?.entries[0]?.id;
    if (!first) return null;
    const path = `/api/desk/conversations/${encodeURIComponent(conversation)}/messages`;
    const { messages, more } = await this.#desk.api.get(path, { before: first, limit: OLDER });
    return { type: "older", conversation, messages, more };
  }

  #open(conversation) {
    const after = lastId(this.#desk.talkOf(conversation) ?? EMPTY);
    this.#desk.connection.send({ type: "open", conversation, ...(after ? { after } : {}) });
  }

  #markNew(before, conversation) {
    const { [before]: _, ...rest } = this.firstNew.peek();
    const read = this.#readTold.get(conversation) ?? this.#desk.itemOf(conversation)?.read_by_agent;
    const isNew = ({ id, from, kind }) => kind === "message" && from === "shopper" && later(id, read);
    const first = read ? this.#desk.talkOf(conversation)?.entries.find(isNew) : null;
    this.firstNew.value = first ? { ...rest, [conversation]: first.id } : rest;
  }
}
