/** Keeps the desk's socket alive: after a loss it comes again, with pauses that grow, until it is told to stop. */
import { backoff } from "../widget/backoff.js";

const OPENING_MS = 8_000;
const SESSION_OVER = 4401;

function socketAddress(path) {
  const here = new URL(path, location.href);
  here.protocol = here.protocol === "https:" ? "wss:" : "ws:";
  return here.href;
}

/** `onStatus` gets "connecting", "online", "lost" or "over" (the session has ended, nothing more is tried). */
export class Link {
  #path;
  #onFrame;
  #onStatus;
  #socket = null;
  #timer = null;
  #failures = 0;
  #online = false;
  #wanted = false;

  constructor({ path, onFrame, onStatus }) {
    this.#path = path;
    this.#onFrame = onFrame;
    this.#onStatus = onStatus;
  }

  start() {
    this.stop();
    this.#wanted = true;
    this.#failures = 0;
    this.#onStatus("connecting");
    this.#open();
  }

  stop() {
    this.#wanted = false;
    this.#drop();
  }

  /** Hand in a frame; false when there is no link to hand it to. */
  send(frame) {
    if (!this.#online || this.#socket.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** The link is suspect (no answer, network changed, slept): let go of it and take a new one at once. */
  renew() {
    if (!this.#wanted) return;
    this.#drop();
    this.#onStatus("lost");
    this.#open();
  }

  /** There is reason to believe that it works again: do not wait for the pause to end. */
  nudge() {
    if (this.#wanted && this.#socket === null) {
      clearTimeout(this.#timer);
      this.#open();
    }
  }

  #drop() {
    clearTimeout(this.#timer);
    this.#online = false;
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #open() {
    const socket = new WebSocket(socketAddress(this.#path));
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#ended(null), OPENING_MS);
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    socket.onclose = ({ code }) => this.#ended(code);
  }

  #take(frame) {
    if (frame.type === "hello") {
      clearTimeout(this.#timer);
      this.#online = true;
      this.#failures = 0;
    }
    this.#onFrame(frame);
    if (frame.type === "hello") this.#onStatus("online");
  }

  #ended(code) {
    this.#drop();
    if (code === SESSION_OVER) {
      this.#wanted = false;
      this.#onStatus("over");
      return;
    }
    this.#onStatus("lost");
    this.#timer = setTimeout(() => this.#open(), backoff(this.#failures));
    this.#failures += 1;
  }
}
