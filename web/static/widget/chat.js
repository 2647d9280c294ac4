/** The shopper's side of one conversation: joins session, link, outbox and log, and offers what a shopper can do. */
import { computed, signal } from "../vendor/view.js";
import { Connection } from "./connection.js";
import { emptyTalk, lastId, reduce, unreadEntries } from "./conversation.js";
import { Outbox, newMid } from "./outbox.js";
import { lang } from "./wording.js";

const READ = "shopdesk:read:";
const TYPING_MS = 5_000;
const TYPING_EVERY_MS = 1_000;

/** `host.tell` takes `{"type":"unread"|"preview"|"session"|"identity_needed",…}` for the shop's page. */
export class Chat {
  talk = signal(emptyTalk);
  pending = signal([]);
  link = signal("idle");
  open = signal(false);
  firstNew = signal(null);
  rated = signal(null);
  /** How often the shopper has done something that the newest entry answers. */
  acted = signal(0);
  #readId = signal("");
  #conversation = null;
  #quiet = null;
  #typedAt = 0;
  #unread = computed(() => unreadEntries(this.talk.value, this.#readId.value));

  constructor({ store, sessions, host }) {
    this.store = store;
    this.sessions = sessions;
    this.host = host;
    this.connection = new Connection({
      enter: () => this.#enter(),
      after: () => lastId(this.talk.peek()),
      onFrame: (frame) => this.#take(frame),
      onLink: (status) => this.#linked(status),
      onRefused: (token) => sessions.forget(token),
    });
    this.outbox = new Outbox({
      store,
      send: (frame) => this.connection.send(frame),
      onChange: (items) => {
        this.pending.value = items;
      },
      onSilence: () => this.connection.renew(),
    });
    this.outbox.open(sessions.scope);
    this.unread = computed(() => this.#unread.value.length);
    this.asking = computed(() => this.pending.value.some(({ frame }) => frame.type === "human"));
  }

  /** Join the conversation, if the shopper looks at it or has one already. */
  start() {
    if (this.connection.started) return;
    if (this.open.peek() || this.sessions.known || this.pending.peek().length > 0) this.connection.start();
  }

  /** The shop says who this is; `identity` is its signed word. */
  identify(identity) {
    const before = this.sessions.scope;
    const wasSignedIn = this.sessions.signedIn;
    this.sessions.identify(identity);
    if (before === this.sessions.scope && this.link.peek() !== "refused") return;
    if (wasSignedIn) this.#leave();
    this.outbox.open(this.sessions.scope, { carry: !wasSignedIn });
    this.#restart();
  }

  /** The customer left: nothing of theirs stays on show. */
  signOut() {
    if (!this.sessions.signedIn) return;
    for (const { mid } of this.outbox.items) this.outbox.discard(mid);
    this.sessions.signOut();
    this.#leave();
    this.outbox.open(this.sessions.scope);
    this.#restart();
  }

  /** The shop's word for who this is does not hold, and the shopper prefers to go on without it. */
  continueAsGuest() {
    this.sessions.identify(null);
    this.#leave();
    this.outbox.open(this.sessions.scope, { carry: true });
    this.#restart();
  }

  /** Say something; false when there is nothing to say. */
  say(text) {
    const said = text.trim();
    if (said === "") return false;
    this.outbox.add({ type: "message", mid: newMid(), text: said }, said);
    this.#spoke();
    return true;
  }

  /** Press a button; one that the system offers (to leave the queue) is no saying, so nothing is shown for it. */
  choose({ id, label }, from) {
    this.outbox.add({ type: "choose", mid: newMid(), choice: id }, from === "system" ? null : label);
    this.#spoke();
  }

  askForPerson() {
    if (this.asking.peek()) return;
    this.outbox.add({ type: "human" });
    this.#spoke();
  }

  end() {
    this.outbox.add({ type: "end" });
    this.acted.value += 1;
  }

  rate(score, comment) {
    this.outbox.add({ type: "rate", score, ...(comment ? { comment } : {}) });
    this.rated.value = { score, comment };
  }

  /** A key was pressed in the input. */
  typing() {
    const now = Date.now();
    if (now - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = now;
    this.connection.hint({ type: "typing" });
  }

  /** The panel was opened or closed. */
  show(open) {
    if (open && !this.open.peek()) this.firstNew.value = this.#unread.peek()[0]?.id ?? null;
    this.open.value = open;
    if (open) {
      this.start();
      this.connection.nudge();
    }
    this.look();
  }

  /** Somebody may be looking: what is there is read now. */
  look() {
    const id = lastId(this.talk.peek());
    if (!this.open.peek() || document.hidden || id === null || id === this.#readId.peek()) return;
    this.#readId.value = id;
    this.store.set(READ + this.#conversation, id);
  }

  /** Another tab has read up to here. */
  storageChanged(key) {
    if (this.#conversation && key === READ + this.#conversation) this.#readId.value = this.store.get(key) ?? "";
  }

  #spoke() {
    this.firstNew.value = null;
    this.acted.value += 1;
    this.start();
    this.connection.nudge();
  }

  #restart() {
    this.connection.stop();
    this.start();
    this.host.tell({ type: "session", known: this.sessions.known });
  }

  #leave() {
    if (this.#conversation) this.store.remove(READ + this.#conversation);
    this.#conversation = null;
    this.#readId.value = "";
    this.rated.value = null;
    this.firstNew.value = null;
    this.talk.value = emptyTalk;
  }

  async #enter() {
    const { scope } = this.sessions;
    const session = await this.sessions.enter(lang.peek());
    if (scope !== this.sessions.scope) return session;
    if (session.conversation !== this.#conversation) {
      this.#leave();
      this.#conversation = session.conversation;
      const read = this.store.get(READ + session.conversation);
      if (read === null && session.fresh) this.store.set(READ + session.conversation, "");
      this.#readId.value = read ?? (session.fresh ? "" : null);
      this.host.tell({ type: "session", known: true });
    }
    return session;
  }

  #take(frame) {
    if (frame.type === "ack") this.outbox.acked(frame.mid);
    else if (frame.type === "error") this.outbox.refused(frame.code, frame.mid);
    else if (frame.type === "typing") this.#awaitTyping();
    if (frame.type === "state") this.outbox.stated();
    this.#absorb(frame);
  }

  #absorb(frame) {
    const before = this.talk.peek();
    const after = reduce(before, frame);
    this.talk.value = after;
    if (before.mode === "closed" && after.mode !== "closed") this.rated.value = null;
    if (after.entries === before.entries && after.ready === before.ready) return;
    if (this.#readId.peek() === null) this.#readId.value = lastId(after) ?? "";
    if (after.entries.length > 0) this.sessions.markUsed();
    this.outbox.echoed(new Set(after.entries.slice(before.entries.length).map(({ mid }) => mid)));
    this.look();
    if (before.ready) this.#announce(after.entries.slice(before.entries.length));
  }

  #announce(entries) {
    if (this.open.peek() && !document.hidden) return;
    const told = entries.findLast(({ from, body }) => (from === "bot" || from === "agent") && body.text);
    if (told) this.host.tell({ type: "preview", from: told.from, name: told.name, text: told.body.text });
    if (this.open.peek()) this.firstNew.value ??= told?.id ?? null;
  }

  #awaitTyping() {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#absorb({ type: "quiet" }), TYPING_MS);
  }

  #linked(status) {
    this.link.value = status;
    this.outbox.linked(status === "online");
    if (status === "refused") this.host.tell({ type: "identity_needed" });
  }
}
