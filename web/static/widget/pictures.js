/** The pictures of a conversation: handed to the door, and found again, here or there. */
import { signal } from "../vendor/view.js";
import { DoorError, imageAddress, sendImage } from "./door.js";
import { fileOf } from "./shrink.js";
import { TOKEN_REFUSED } from "./socket-link.js";

/** `onRefused(token)` is told of a token that the door does not take any more. */
export class Pictures {
  #token = signal(null);
  #previews = new Map();
  #onRefused;

  constructor({ onRefused }) {
    this.#onRefused = onRefused;
  }

  enter(token) {
    this.#token.value = token;
  }

  leave() {
    this.#token.value = null;
    this.#previews.clear();
  }

  /** The message `mid` has this picture: shown from here, for it is here. */
  remember(mid, { preview }) {
    this.#previews.set(mid, preview);
  }

  /** The addresses of a message's picture, `full` and `small`; null while there is none. */
  of({ mid, body: { image } }) {
    const token = this.#token.value;
    const full = image.id && token ? imageAddress(token, image.id) : image.preview ?? null;
    return { full, small: this.#previews.get(mid) ?? image.preview ?? full };
  }

  /** Hand one in. When the token is to be renewed, that is no more to the sender than a lost link. */
  async send({ data }, how) {
    const token = this.#token.peek();
    if (token === null) throw new DoorError("offline");
    try {
      return await sendImage(token, fileOf(data), how);
    } catch (error) {
      if (error.code === "too_long") throw new DoorError("too_large"); // that of a text is another sentence
      if (!TOKEN_REFUSED.has(error.code)) throw error;
      this.#onRefused(token);
      throw new DoorError("offline");
    }
  }
}
