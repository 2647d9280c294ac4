/** The same link without a socket: waits for news over plain HTTP and hands frames in one by one. */
import { DoorError, awaitNews, postFrame } from "./door.js";
import { TOKEN_REFUSED } from "./socket-link.js";

const WAIT_S = 25;
const SPELL_MS = 60_000;

/**
 * Poll with `token` after the entry that `after()` names. `onFrame` gets `{"type":"news","messages","state"}` and the
 * answers to what was sent. After a minute `ended` resolves with `probe`, so that a socket gets another chance.
 */
export function pollingLink(token, after, onFrame) {
  const stop = new AbortController();
  const until = Date.now() + SPELL_MS;
  let heard = false;
  let refusal = null;

  async function poll() {
    try {
      while (!stop.signal.aborted && Date.now() < until) {
        const { messages, state } = await awaitNews(token, after(), heard ? WAIT_S : 0, stop.signal);
        heard = true;
        if (!stop.signal.aborted) onFrame({ type: "news", messages, state: { ...state, type: "state" } });
      }
      return { heard, code: refusal, probe: true };
    } catch (error) {
      if (!(error instanceof DoorError)) reportError(error);
      return { heard, code: refusal ?? (error instanceof DoorError ? error.code : "unavailable") };
    }
  }

  async function send(frame) {
    try {
      const answer = await postFrame(token, frame, stop.signal);
      if (!stop.signal.aborted) onFrame(answer);
    } catch (error) {
      if (TOKEN_REFUSED.has(error.code)) {
        refusal = error.code;
        stop.abort();
      } else if (!stop.signal.aborted) {
        onFrame({ type: "error", code: error.code, message: error.message, mid: frame.mid });
      }
    }
  }

  function tell(frame) {
    postFrame(token, frame, stop.signal).catch(() => {}); // the next news shows what is wrong with the link
  }

  return { ended: poll(), close: () => stop.abort(), send, tell, live: false };
}
