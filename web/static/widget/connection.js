/** Keeps one link to the door alive: a socket, or polling where sockets do not get through, with pauses that grow. */
import { backoff } from "./backoff.js";
import { DoorError, socketAddress } from "./door.js";
import { pollingLink } from "./polling-link.js";
import { TOKEN_REFUSED, socketLink } from "./socket-link.js";

const SOCKET_TRIES = 3;
const TROUBLE_AFTER = 3;
const NUDGE_MS = 500;

/** `enter()` answers the session, `after()` the last entry seen; `onLink` is told each change of status. */
export class Connection {
  #wires;
  #run = 0;
  #link = null;
  #online = false;
  #failures = 0;
  #socketFailures = 0;
  #triedAt = 0;
  #again = false;
  #wake = null;

  constructor({ enter, after, onFrame, onLink, onRefused }) {
    this.#wires = { enter, after, onFrame, onLink, onRefused };
  }

  get started() {
    return this.#run % 2 === 1;
  }

  /** Begin, or begin anew with the session that `enter()` answers now. */
  start() {
    this.stop();
    this.#run += 1;
    this.#failures = 0;
    this.#live(this.#run);
  }

  stop() {
    if (!this.started) return;
    this.#run += 1;
    this.#drop();
    this.#say("idle");
  }

  /** Hand in a frame; false when there is no link to hand it to. */
  send(frame) {
    if (!this.#online) return false;
    this.#link.send(frame);
    return true;
  }

  /** As `send`, but only where it costs nothing: hints such as typing are not worth a request. */
  hint(frame) {
    if (this.#online && this.#link.live) this.#link.send(frame);
  }

  /** Hand in a frame whose answer nobody waits for; false when there is no link to hand it to. */
  tell(frame) {
    if (!this.#online) return false;
    this.#link.tell(frame);
    return true;
  }

  /** There is reason to believe that it works again: do not wait for the pause to end. */
  nudge() {
    if (Date.now() - this.#triedAt > NUDGE_MS) this.#wake?.();
  }

  /** The link is suspect (no answer, network changed, slept): let go of it and take a new one at once. */
  renew() {
    if (!this.started) return;
    this.#again = true;
    this.#drop();
  }

  #drop() {
    this.#online = false;
    this.#link?.close();
    this.#wake?.();
  }

  async #live(run) {
    this.#say("connecting");
    let probing = false;
    while (run === this.#run) {
      this.#again = false;
      const end = await this.#once(run);
      if (run !== this.#run) return;
      this.#online = false;
      const quietly = end.probe || (probing && !end.heard);
      probing = Boolean(end.probe);
      if (quietly) continue;
      this.#failures = end.heard ? 0 : this.#failures + 1;
      this.#say(this.#verdict(end.code));
      if (!this.#again) await this.#rest(end.code === "bad_identity" ? null : backoff(this.#failures));
    }
  }

  async #once(run) {
    this.#triedAt = Date.now();
    let session;
    try {
      session = await this.#wires.enter();
    } catch (error) {
      if (!(error instanceof DoorError)) reportError(error);
      return { heard: false, code: error instanceof DoorError ? error.code : "unavailable" };
    }
    if (run !== this.#run) return { heard: false, code: null };
    const end = await this.#attach(session, run);
    if (TOKEN_REFUSED.has(end.code)) this.#wires.onRefused(session.token);
    return end;
  }

  async #attach(session, run) {
    const onFrame = (frame) => run === this.#run && this.#take(frame);
    const bySocket = this.#socketFailures < SOCKET_TRIES;
    const { after } = this.#wires;
    this.#link = bySocket
      ? socketLink(socketAddress(session.token, after()), onFrame)
      : pollingLink(session.token, after, onFrame);
    const end = await this.#link.ended;
    this.#link = null;
    if (bySocket) this.#socketFailures = end.heard || TOKEN_REFUSED.has(end.code) ? 0 : this.#socketFailures + 1;
    else this.#socketFailures = SOCKET_TRIES - 1;
    return end;
  }

  #take(frame) {
    this.#wires.onFrame(frame);
    if (frame.type !== "news" || this.#online) return;
    this.#online = true;
    this.#failures = 0;
    this.#say("online");
  }

  #verdict(code) {
    if (code === "bad_identity") return "refused";
    if (TOKEN_REFUSED.has(code)) return "connecting";
    if (code && code !== "offline") return "unavailable";
    return navigator.onLine !== false && this.#failures >= TROUBLE_AFTER ? "unavailable" : "lost";
  }

  #say(status) {
    this.#wires.onLink(status);
  }

  #rest(ms) {
    return new Promise((resolve) => {
      const timer = ms === null ? null : setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
    });
  }
}
