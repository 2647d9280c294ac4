/** What comes over the socket: into the floor, the outbox and the ears of whoever sits here. */
import { alarmsBetween } from "./alarms.js";
import { reduce } from "./floor.js";
import { named, reasonText, t, troubleText, whyText } from "./wording.js";

const TYPING_MS = 5_000;
/** Why something went that its agent knows already. */
const OWN_DOING = new Set(["transferred", "resolved", "claimed"]);

export class Hearing {
  #desk;
  #quiet = new Map();
  #claimed = new Set();
  #declined = new Set();

  constructor(desk) {
    this.#desk = desk;
  }

  /** This account has asked for it: when it comes, it is shown at once. */
  expect(conversation) {
    this.#claimed.add(conversation);
  }

  /** This account has turned it down: no need to say that it is gone. */
  declines(conversation) {
    this.#declined.add(conversation);
  }

  /** It will not come. */
  forget(conversation) {
    this.#claimed.delete(conversation);
  }

  /** A frame of the server's. */
  take(frame) {
    const desk = this.#desk;
    if (desk.requests.heard(frame)) return;
    if (frame.type === "ack") desk.outbox.acked(frame.mid, this.#watched(frame.mid));
    else if (frame.type === "error") this.#refused(frame);
    else if (frame.type === "assigned") this.#assigned(frame);
    else if (frame.type === "released") this.#released(frame);
    else if (frame.type === "mention") this.#mentioned(frame);
    else this.absorb(frame);
  }

  /** A frame that changes what is known, be it the server's or our own. */
  absorb(frame) {
    const desk = this.#desk;
    if (frame.type === "typing" && this.#isOwn(frame)) return;
    const before = desk.floor.peek();
    desk.floor.value = reduce(before, frame);
    if (frame.type === "hello") desk.account.value = { ...desk.account.peek(), ...frame.account };
    if (frame.type === "agents") desk.keepStatus();
    if (frame.type === "typing") this.#awaitQuiet(frame.conversation);
    if (frame.type === "message") {
      if (frame.mid) desk.outbox.echoed(frame.mid);
      desk.following.arrived(frame);
    }
    if (frame.type === "mine") {
      for (const { kind, item } of alarmsBetween(before, desk.floor.peek())) this.#alarm(kind, item);
      desk.following.look();
    }
  }

  #watched(mid) {
    const item = this.#desk.outbox.items.find((one) => one.mid === mid);
    return Boolean(item && this.#desk.following.has(item.frame.conversation));
  }

  /** What an agent types comes back to all who look, also to who typed it. */
  #isOwn({ from, name }) {
    return from === "agent" && name === this.#desk.account.peek()?.name;
  }

  #awaitQuiet(conversation) {
    clearTimeout(this.#quiet.get(conversation));
    const quiet = () => this.absorb({ type: "quiet", conversation });
    this.#quiet.set(conversation, setTimeout(quiet, TYPING_MS));
  }

  #call(kind, conversation, title, text) {
    this.#desk.alerts.call(kind, { title, text, tag: conversation, go: () => this.#desk.select(conversation) });
  }

  #say(text, conversation, tone = "info") {
    const act = { label: t("open"), run: () => this.#desk.select(conversation) };
    this.#desk.notices.say(text, { tone, act });
  }

  #nameOf(conversation) {
    return this.#desk.itemOf(conversation)?.name || t("shopper.unknown");
  }

  #alarm(kind, item) {
    const { conversation } = item;
    if (kind === "message" && conversation === this.#desk.selected.peek() && !document.hidden) return;
    const title = t(`alert.${kind}`, { name: this.#nameOf(conversation) });
    this.#call(kind, conversation, title, item.preview?.text ?? reasonText(item));
    if (kind.startsWith("clock")) this.#say(title, conversation, "trouble");
  }

  #assigned({ conversation, accept_by: acceptBy, why, reason, context }) {
    if (acceptBy) return;
    const asked = this.#claimed.delete(conversation);
    if (asked || conversation === this.#desk.selected.peek()) this.#desk.select(conversation, { mine: true });
    if (asked) return;
    const text = t("alert.assigned", { name: this.#nameOf(conversation), why: whyText(why) });
    this.#say(text, conversation);
    this.#call("assigned", conversation, text, reasonText({ reason, rule: context?.rule }));
  }

  #released({ conversation, why }) {
    const text = t("released", { name: this.#nameOf(conversation), why: named("released", why) });
    const own = OWN_DOING.has(why) || this.#declined.delete(conversation);
    if (!own) this.#desk.notices.say(text);
    if (this.#desk.selected.peek() !== conversation) this.#desk.following.drop(conversation);
  }

  #mentioned({ conversation, from, name, text }) {
    const by = name || from;
    this.#say(t("alert.mention", { name: by, text }), conversation);
    this.#call("mention", conversation, t("alert.mention.title", { name: by }), text);
  }

  #refused({ mid, code, conversation }) {
    if (mid) {
      this.#desk.outbox.refused(mid, code);
      return;
    }
    if (code === "not_found" && conversation) this.#desk.following.drop(conversation);
    this.#desk.notices.say(troubleText({ code }), { tone: "trouble" });
  }
}
