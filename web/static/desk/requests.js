/** Frames that want an answer: each waits for the frame that says yes, or for the error that says no. */

const PATIENCE_MS = 2_500;

/** A frame was refused, or could not be handed in (`offline`). */
export class Refused extends Error {
  constructor(code, message = code) {
    super(message);
    this.code = code;
  }
}

/** `send(frame)` is false without a link. */
export class Requests {
  #send;
  #waiting = new Set();

  constructor(send) {
    this.#send = send;
  }

  /**
   * Hand in a frame about a conversation; resolves when `until(frame)` holds for one that comes back. Not every frame is
   * answered: silence on a link that stays up means that nothing was wrong.
   */
  ask(frame, until = () => false) {
    return new Promise((resolve, reject) => {
      if (!this.#send(frame)) {
        reject(new Refused("offline"));
        return;
      }
      const one = { frame, until, resolve, reject };
      one.timer = setTimeout(() => this.#end(one, () => resolve(null)), PATIENCE_MS);
      this.#waiting.add(one);
    });
  }

  /** A frame came in; true when it was the refusal of something asked here. */
  heard(frame) {
    for (const one of this.#waiting) {
      const aboutIt = frame.conversation === one.frame.conversation;
      if (frame.type === "error" && !frame.mid && (aboutIt || frame.conversation === undefined)) {
        this.#end(one, () => one.reject(new Refused(frame.code, frame.message)));
        return true;
      }
      if (one.until(frame)) this.#end(one, () => one.resolve(frame));
    }
    return false;
  }

  /** The link is gone: nobody will answer any more. */
  lost() {
    for (const one of this.#waiting) this.#end(one, () => one.reject(new Refused("offline")));
  }

  #end(one, act) {
    clearTimeout(one.timer);
    this.#waiting.delete(one);
    act();
  }
}
