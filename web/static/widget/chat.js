/** The shopper's side of one conversation: joins session, link, outbox and log, and offers what a shopper can do. */
import { computed, signal } from "../vendor/view.js";
import { Connection } from "./connection.js";
import { emptyTalk, lastId, readByAgent, reduce, unreadEntries } from "./conversation.js";
import { Outbox, newMid } from "./outbox.js";
import { Pictures } from "./pictures.js";
import { Ratings } from "./ratings.js";
import { Reading } from "./reading.js";
import { lang, t } from "./wording.js";

const BACK_TO_BOT = "back_to_bot";
const TYPING_MS = 5_000;
const TYPING_EVERY_MS = 1_000;

/** `host.tell` takes `{"type":"unread"|"preview"|"session"|"identity_needed",…}` for the shop's page. */
export class Chat {
  talk = signal(emptyTalk);
  pending = signal([]);
  link = signal("idle");
  open = signal(false);
  firstNew = signal(null);
  /** How the shopper has asked to be reached, as far as this page knows. */
  contact = signal("");
  /** How often the shopper has done something that the newest entry answers. */
  acted = signal(0);
  #conversation = null;
  #quiet = null;
  #typedAt = 0;

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
    this.pictures = new Pictures({ onRefused: (token) => this.#renewSession(token) });
    this.outbox = new Outbox({
      store,
      send: (frame) => this.connection.send(frame),
      upload: (picture, how) => this.pictures.send(picture, how),
      onChange: (items) => {
        this.pending.value = items;
      },
      onSilence: () => this.connection.renew(),
    });
    this.outbox.open(sessions.scope);
    this.ratings = new Ratings((frame) => this.outbox.add(frame));
    this.reading = new Reading({ store, tell: (frame) => this.connection.tell(frame) });
    this.unread = computed(() => this.#unread().length);
    this.readByAgent = computed(() => readByAgent(this.talk.value));
    const isPending = (matches) => computed(() => this.pending.value.some(({ frame }) => matches(frame)));
    this.asking = isPending(({ type }) => type === "human");
    this.leaving = isPending(({ choice }) => choice === BACK_TO_BOT);
    this.telling = isPending(({ type }) => type === "contact");
    this.rating = isPending(({ type }) => type === "rate");
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

  /** Say something, with pictures that `shrink` has made ready; false when there is nothing to say. */
  say(text, pictures = []) {
    const said = text.trim();
    if (said === "" && pictures.length === 0) return false;
    const [first = null, ...others] = pictures;
    for (const [words, picture] of [[said, first], ...others.map((other) => ["", other])]) {
      const mid = newMid();
      if (picture) this.pictures.remember(mid, picture);
      this.outbox.add({ type: "message", mid, text: words }, words, picture);
    }
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

  /** Stop waiting for a person. */
  leaveQueue() {
    if (!this.leaving.peek()) this.choose({ id: BACK_TO_BOT, label: null }, "system");
  }

  /** How to be reached once somebody is there again. */
  leaveContact(contact) {
    this.contact.value = contact;
    this.outbox.add({ type: "contact", contact });
  }

  end() {
    this.outbox.add({ type: "end" });
    this.acted.value += 1;
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
    if (open && !this.open.peek()) this.firstNew.value = this.#unread()[0]?.id ?? null;
    this.open.value = open;
    if (open) {
      this.start();
      this.connection.nudge();
    }
    this.look();
  }

  /** Somebody may be looking: what is there is read now. */
  look() {
    const { mode } = this.talk.peek();
    const id = lastId(this.talk.peek());
    if (this.#conversation && this.open.peek() && !document.hidden && id !== null) this.reading.seen(id, mode);
  }

  #unread() {
    return unreadEntries(this.talk.value, this.reading.id.value);
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
    this.reading.leave();
    this.ratings.reset();
    this.#conversation = null;
    this.pictures.leave();
    this.contact.value = "";
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
      this.reading.enter(session.conversation, session.fresh);
      this.host.tell({ type: "session", known: true });
    }
    this.pictures.enter(session.token);
    return session;
  }

  #renewSession(token) {
    this.sessions.forget(token);
    this.connection.renew();
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
    if (before.mode === "closed" && after.mode !== "closed") this.#openedAgain();
    if (before.mode !== after.mode) this.look();
    if (after.entries === before.entries && after.ready === before.ready) return;
    if (this.reading.id.peek() === null) this.reading.id.value = lastId(after) ?? "";
    if (after.entries.length > 0) this.sessions.markUsed();
    this.outbox.echoed(new Set(after.entries.slice(before.entries.length).map(({ mid }) => mid)));
    this.look();
    if (before.ready) this.#announce(after.entries.slice(before.entries.length));
  }

  #openedAgain() {
    this.ratings.flush();
    this.ratings.reset();
  }

  #announce(entries) {
    if (this.open.peek() && !document.hidden) return;
    const told = entries.findLast(({ from, body }) => (from === "bot" || from === "agent") && (body.text || body.image));
    const text = told?.body.text ?? t("picture.word");
    if (told) this.host.tell({ type: "preview", from: told.from, name: told.name, text });
    if (this.open.peek()) this.firstNew.value ??= told?.id ?? null;
  }

  #awaitTyping() {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#absorb({ type: "quiet" }), TYPING_MS);
  }

  #linked(status) {
    this.link.value = status;
    this.outbox.linked(status === "online");
    if (status === "online") this.look();
    if (status === "refused") this.host.tell({ type: "identity_needed" });
  }
}
