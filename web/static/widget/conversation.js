/** The conversation as this page knows it: a pure reducer over the door's frames, and what is read from its state. */

const SPOKEN = new Set(["message", "choose"]);

export const emptyTalk = Object.freeze({
  entries: [], ready: false, mode: "bot", position: null, waitSeconds: null, agent: null, typing: null,
  away: false, backAt: null, contactLeft: false, agentRead: null, rate: null,
});

function withMessages(talk, messages) {
  const fresh = [];
  for (const { id, mid = null, from, name = null, at, body } of messages) {
    if (talk.entries.some((entry) => entry.id === id) || fresh.some((entry) => entry.id === id)) continue;
    fresh.push({ id, mid, from, name, at, body });
  }
  if (fresh.length === 0) return talk;
  const spoke = new Set(fresh.map(({ from }) => from));
  const typing = talk.typing && spoke.has(talk.typing) ? null : talk.typing;
  return { ...talk, entries: [...talk.entries, ...fresh], typing };
}

function withState(talk, { mode, position = null, wait_s: waitSeconds = null, agent = null, ...more }) {
  const typing = mode === talk.mode ? talk.typing : null;
  const { away = false, back_at: backAt = null, contact: contactLeft = false, read: agentRead = null, rate = null } = more;
  return { ...talk, ready: true, mode, position, waitSeconds, agent, typing, away, backAt, contactLeft, agentRead, rate };
}

/** The next state after a frame of the door, or one of `{"type":"news"}`, `{"type":"quiet"}`, `{"type":"reset"}`. */
export function reduce(talk, frame) {
  switch (frame.type) {
    case "news": return withState(withMessages(talk, frame.messages), frame.state);
    case "message": return withMessages(talk, [frame]);
    case "state": return withState(talk, frame);
    case "typing": return { ...talk, typing: frame.from };
    case "quiet": return talk.typing ? { ...talk, typing: null } : talk;
    case "reset": return emptyTalk;
    default: return talk;
  }
}

/** The id to go on from after a lost link. */
export function lastId(talk) {
  return talk.entries.at(-1)?.id ?? null;
}

// Ids are "<ms>-<n>".
function isLater(id, other) {
  const [[ms, n = 0], [otherMs, otherN = 0]] = [id, other].map((one) => one.split("-").map(Number));
  return ms === otherMs ? n > otherN : ms > otherMs;
}

/** The shopper's last message that the agent has read, as its id, or null. */
export function readByAgent({ mode, agentRead, entries }) {
  if (mode !== "human" || agentRead === null) return null;
  return entries.findLast(({ from, id }) => from === "shopper" && !isLater(id, agentRead))?.id ?? null;
}

/** What the agent who spoke last is called, or null. */
export function lastAgent({ entries }) {
  return entries.findLast(({ from, name }) => from === "agent" && name)?.name ?? null;
}

const isIncoming = ({ from }) => from === "bot" || from === "agent";

/**
 * Incoming entries after the entry `readId`; with `readId` null nothing is known to be unread, with "" all of it is.
 */
export function unreadEntries(talk, readId) {
  if (readId === null) return [];
  const read = talk.entries.findIndex(({ id }) => id === readId);
  return talk.entries.slice(read + 1).filter(isIncoming);
}

/**
 * The entry whose choices may still be pressed, or null. The bot's stand while nobody has answered them, also when the
 * shopper has been in the queue and back; those that came with the queue (to leave it again) stand as long as one waits,
 * whatever is said meanwhile.
 */
export function openChoices(talk, pending) {
  if (pending.some(({ frame, state }) => SPOKEN.has(frame.type) && state !== "failed" && talk.mode !== "waiting")) return null;
  if (pending.some(({ frame, state }) => frame.type === "choose" && state !== "failed")) return null;
  for (const { id, from, body } of talk.entries.toReversed()) {
    if (talk.mode === "waiting" && from === "system" && body.choices?.length) return id;
    if (talk.mode === "waiting") continue;
    if (talk.mode === "bot" && from === "system") continue;
    if (talk.mode !== "bot" || from !== "bot") return null;
    if (body.choices?.length) return id;
  }
  return null;
}

/**
 * Which choice of each entry was taken, as a map from entry id to choice id: the one whose label the shopper said
 * next.
 */
export function takenChoices(talk, pending) {
  const taken = new Map();
  let offer = null;
  const said = [...talk.entries, ...pending.map(({ text }) => ({ from: "shopper", body: { text } }))];
  for (const { id, from, body } of said) {
    if (body.choices?.length) offer = { id, choices: body.choices };
    else if (from === "shopper" && offer) {
      const choice = offer.choices.find(({ label }) => label === body.text);
      if (choice) taken.set(offer.id, choice.id);
      offer = null;
    }
  }
  return taken;
}
