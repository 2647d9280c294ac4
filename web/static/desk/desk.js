/** The agent's side: joins session, link, outbox and floor, and offers what an agent can do. */
import { batch, computed, signal } from "../vendor/view.js";
import { newMid } from "../widget/outbox.js";
import { Alerts } from "./alerts.js";
import { Api } from "./api.js";
import { Customers } from "./customers.js";
import { Drafts } from "./drafts.js";
import { emptyFloor, itemOf, offersOf, queueOf, servedOf } from "./floor.js";
import { Following } from "./following.js";
import { Hearing } from "./hearing.js";
import { Layout } from "./layout.js";
import { Link } from "./link.js";
import { Notices } from "./notices.js";
import { Outbox } from "./outbox.js";
import { ReplyBook } from "./reply-book.js";
import { Requests } from "./requests.js";
import { t, troubleText } from "./wording.js";

const STATUS = "shopdesk:desk:status";
const HERE = "shopdesk:desk:here";
const TYPING_EVERY_MS = 1_000;
const RANKS = { trainer: 0, agent: 1, supervisor: 2, admin: 3 };

export class Desk {
  floor = signal(emptyFloor);
  /** unknown (asking), out (nobody signed in), in, over (the session has ended under somebody's hands). */
  session = signal("unknown");
  account = signal(null);
  link = signal("idle");
  pending = signal([]);
  /** The conversation of the archive that is being read, or null. */
  reading = signal(null);
  #typedAt = 0;

  constructor({ store, tabStore }) {
    this.store = store;
    this.tabStore = tabStore;
    this.api = new Api({ onSignedOut: () => this.#signedOut() });
    this.drafts = new Drafts(tabStore);
    this.layout = new Layout(store);
    this.notices = new Notices();
    this.alerts = new Alerts(store);
    this.customers = new Customers(this.api);
    this.book = new ReplyBook(this.api);
    this.following = new Following(this);
    this.selected = this.following.selected;
    this.firstNew = this.following.firstNew;
    this.hearing = new Hearing(this);
    this.connection = new Link({
      path: "/api/desk/ws", onFrame: (frame) => this.hearing.take(frame), onStatus: (status) => this.#linked(status),
    });
    this.requests = new Requests((frame) => this.connection.send(frame));
    this.outbox = new Outbox({
      store,
      send: (frame) => this.connection.send(frame),
      onChange: (items) => {
        this.pending.value = items;
      },
      onSilence: () => this.connection.renew(),
    });
    this.offers = computed(() => offersOf(this.floor.value));
    this.served = computed(() => servedOf(this.floor.value));
    this.queue = computed(() => queueOf(this.floor.value));
    this.agents = computed(() => this.floor.value.agents);
    this.me = computed(() => this.agents.value.find(({ username }) => username === this.account.value?.username) ?? null);
    this.status = computed(() => this.me.value?.status ?? "offline");
    this.unread = computed(() => this.served.value.reduce((sum, { unread }) => sum + (unread ?? 0), 0));
    this.waiting = computed(() => this.offers.value.length + this.unread.value);
  }

  // --- who is here

  /** Whether the account is at least of this role. */
  may(role) {
    return RANKS[this.account.value?.role] >= RANKS[role];
  }

  /** Ask who is signed in, unless nobody has signed in at this browser. */
  async begin() {
    if (!this.store.get(HERE)) {
      this.session.value = "out";
      return;
    }
    try {
      const { account } = await this.api.get("/api/me");
      this.#enter(account);
    } catch (error) {
      if (error.status !== 401) this.notices.say(troubleText(error), { tone: "trouble" });
      this.session.value = "out";
    }
  }

  /** Throws ApiError: `bad_login`, `locked`, `offline`. */
  async signIn(username, password) {
    const { account } = await this.api.post("/api/login", { username, password });
    this.#enter(account);
  }

  async signOut() {
    this.connection.stop();
    try {
      await this.api.post("/api/logout");
    } catch (error) {
      this.notices.say(troubleText(error), { tone: "trouble" });
    }
    this.tabStore.remove(STATUS);
    this.store.remove(HERE);
    this.#leave();
    this.session.value = "out";
  }

  #enter(account) {
    const other = this.account.peek() && this.account.peek().username !== account.username;
    if (other) this.#leave();
    batch(() => {
      this.account.value = account;
      this.session.value = "in";
    });
    this.store.set(HERE, true);
    this.onEnter?.(account);
    this.outbox.open(account.username);
    this.connection.start();
    this.book.load();
  }

  #leave() {
    this.customers.forgetAll();
    batch(() => {
      this.following.forgetAll();
      this.account.value = null;
      this.floor.value = emptyFloor;
      this.layout.view.value = "desk";
      this.layout.done();
    });
  }

  #signedOut() {
    if (this.session.peek() !== "in") return;
    this.connection.stop();
    this.session.value = "over";
  }

  // --- being there

  setStatus(status) {
    if (!this.connection.send({ type: "presence", status })) {
      this.notices.say(t("error.offline"), { tone: "trouble" });
      return;
    }
    this.tabStore.set(STATUS, status);
  }

  /** The server may have changed it: who misses offers is set to away. */
  keepStatus() {
    if (this.link.peek() === "online") this.tabStore.set(STATUS, this.status.peek());
  }

  #linked(status) {
    if (status === "over") {
      this.#signedOut();
      return;
    }
    this.link.value = status;
    if (status === "online") this.#returned();
    else this.requests.lost();
    this.outbox.linked(status === "online");
  }

  #returned() {
    const wanted = this.tabStore.get(STATUS);
    if (wanted && wanted !== this.status.peek()) this.connection.send({ type: "presence", status: wanted });
    this.following.resume();
    if (this.layout.view.peek() === "board") this.watchBoard(true);
    if (this.selected.peek()) this.customers.load(this.selected.peek());
  }

  // --- looking at conversations

  itemOf(conversation) {
    return itemOf(this.floor.value, conversation);
  }

  talkOf(conversation) {
    return this.floor.value.talks[conversation] ?? null;
  }

  /** What a colleague is called; whoever is not here any more keeps the username. */
  nameOf(username) {
    return this.agents.value.find((one) => one.username === username)?.name ?? username ?? "";
  }

  /** Whether this account serves it. */
  isMine(conversation) {
    return this.served.value.some((item) => item.conversation === conversation);
  }

  isOffered(conversation) {
    return this.offers.value.some((item) => item.conversation === conversation);
  }

  /** Show a conversation (see Following). */
  select(conversation, how) {
    this.following.select(conversation, how);
  }

  /** Whoever looks at the page has read what is on show. */
  look() {
    this.following.look();
  }

  async loadOlder(conversation) {
    const older = await this.following.older(conversation);
    if (older) this.hearing.absorb(older);
  }

  /** What was masked is shown now: take the log again, whole. */
  readAnew(conversation) {
    this.hearing.absorb({ type: "forget", conversation });
    this.following.again(conversation);
    this.customers.load(conversation);
  }

  /** Read a conversation of the archive. */
  readArchived(conversation) {
    this.reading.value = conversation;
    this.layout.view.value = "archive";
  }

  /** The work on a conversation is done: show what waits next, if anything does. */
  moveOn(conversation) {
    const next = this.served.peek().find((item) => item.conversation !== conversation);
    this.select(next?.conversation ?? null);
  }

  // --- doing

  #try(promise) {
    return promise.catch((error) => {
      this.notices.say(troubleText(error), { tone: "trouble" });
      return false;
    });
  }

  async claim(conversation) {
    this.hearing.expect(conversation);
    const sure = (frame) => frame.type === "assigned" && frame.conversation === conversation && !frame.accept_by;
    const done = await this.#try(this.requests.ask({ type: "claim", conversation }, sure));
    if (done === false) this.hearing.forget(conversation);
  }

  /** Accept the offer that ends first, else take whoever is next in the queue. */
  claimNext(skill = null) {
    const [offer] = this.offers.peek();
    const waiting = queueOf(this.floor.peek(), skill);
    const next = offer ?? waiting.find((item) => !item.offered_to) ?? waiting[0];
    if (next) this.claim(next.conversation);
    else this.notices.say(t("queue.empty"));
  }

  decline(conversation) {
    const gone = (frame) => frame.type === "released" && frame.conversation === conversation;
    this.hearing.declines(conversation);
    this.#try(this.requests.ask({ type: "decline", conversation }, gone));
    if (this.selected.peek() === conversation) this.select(null);
  }

  /** Say something to the shopper; `picture` is what `upload` answered, `card` is `{"kind","number"}`. */
  say(conversation, { text, picture = null, card = null }) {
    const frame = { type: "message", conversation, mid: newMid() };
    if (text) frame.text = text;
    if (picture) frame.image = picture.id;
    if (card) frame.card = card;
    this.outbox.add(frame);
    this.firstNew.value = {};
  }

  note(conversation, text, { to = [], whisper = false } = {}) {
    const more = { ...(to.length ? { to } : {}), ...(whisper ? { whisper } : {}) };
    this.outbox.add({ type: "note", conversation, mid: newMid(), text, ...more });
  }

  typing(conversation) {
    const at = Date.now();
    if (at - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = at;
    this.connection.send({ type: "typing", conversation });
  }

  upload(conversation, file) {
    return this.api.upload(`/api/desk/images?conversation=${encodeURIComponent(conversation)}`, file);
  }

  /** transfer, resolve, reopen, take_over, reassign: throws what was refused. */
  order(frame) {
    const gone = (answer) => answer.type === "released" && answer.conversation === frame.conversation;
    const mine = (answer) => answer.type === "assigned" && answer.conversation === frame.conversation;
    const taking = frame.type === "reopen" || frame.type === "take_over";
    if (taking) this.hearing.expect(frame.conversation);
    return this.requests.ask(frame, taking ? mine : gone);
  }

  watchBoard(on) {
    this.connection.send({ type: "board", on });
  }
}
