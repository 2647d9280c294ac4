/** One life of a WebSocket to the door: what was missed comes as one piece of news, then frame by frame. */

const OPENING_MS = 8_000;
const UNAUTHORIZED_CLOSE = 4401;

/** The codes that say: this token is of no use any more. */
export const TOKEN_REFUSED = new Set(["session_expired", "unauthorized"]);

/**
 * Open the socket at `address`. `onFrame` gets one `{"type":"news","messages","state"}` first, then each frame as it
 * comes. `ended` resolves to `{"heard","code"}`: whether the door spoke at all, and why it stopped where that is
 * known.
 */
export function socketLink(address, onFrame) {
  const socket = new WebSocket(address);
  const missed = [];
  let heard = false;
  let refusal = null;
  let end;
  const ended = new Promise((resolve) => {
    end = resolve;
  });

  function close(code = null) {
    clearTimeout(opening);
    socket.onmessage = socket.onclose = null;
    socket.close();
    end({ heard, code });
  }

  function take(frame) {
    if (frame.type === "error" && TOKEN_REFUSED.has(frame.code)) refusal = frame.code;
    else if (heard) onFrame(frame);
    else if (frame.type === "message") missed.push(frame);
    else if (frame.type === "state") {
      heard = true;
      clearTimeout(opening);
      onFrame({ type: "news", messages: missed, state: frame });
    }
  }

  const opening = setTimeout(close, OPENING_MS);
  socket.onmessage = ({ data }) => {
    try {
      take(JSON.parse(data));
    } catch (error) {
      close();
      throw error;
    }
  };
  socket.onclose = ({ code }) => close(refusal ?? (code === UNAUTHORIZED_CLOSE ? "unauthorized" : null));

  const send = (frame) => socket.send(JSON.stringify(frame));
  return { ended, close, send, tell: send, live: true };
}
