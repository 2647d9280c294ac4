/** One conversation as the desk knows it: a pure reducer over the frames about it, and what is read from its state. */

const WHOLE_LOG = 200;

export const emptyTalk = Object.freeze({
  entries: [], state: null, context: null, looking: [], typing: null, more: false, opened: false,
});

/** Whether the entry id `one` stands after `other`; ids are `<ms>-<n>`. */
export function later(one, other) {
  const [ms, n] = one.split("-").map(Number);
  const [otherMs, otherN] = other.split("-").map(Number);
  return ms === otherMs ? n > otherN : ms > otherMs;
}

function entryOf({ id, kind = "message", from, name = null, at, body, mid = null }) {
  return { id, kind, from, name, at, body: body ?? {}, mid };
}

function merged(entries, messages) {
  const known = new Set(entries.map(({ id }) => id));
  const fresh = messages.filter(({ id }) => !known.has(id) && known.add(id)).map(entryOf);
  if (fresh.length === 0) return entries;
  const last = entries.at(-1);
  const all = [...entries, ...fresh];
  const inOrder = fresh.every(({ id }, index) => {
    const before = index === 0 ? last?.id : fresh[index - 1].id;
    return !before || later(id, before);
  });
  return inOrder ? all : all.sort((one, other) => (later(one.id, other.id) ? 1 : -1));
}

/** The talk with entries of the log; whoever spoke has stopped typing. */
export function withMessages(talk, messages) {
  const entries = merged(talk.entries, messages);
  if (entries === talk.entries) return talk;
  const spoke = talk.typing && messages.some(({ from, kind }) => from === talk.typing.from && kind === "message");
  const more = talk.more || (talk.entries.length < WHOLE_LOG && entries.length >= WHOLE_LOG);
  return { ...talk, entries, more, typing: spoke ? null : talk.typing };
}

/** The next talk after a frame about it, or one of our own: `older` (what was asked for) and `quiet`. */
export function reduceTalk(talk, frame) {
  switch (frame.type) {
    case "opened":
      return {
        ...talk, state: frame.state, context: frame.context ?? talk.context, looking: frame.looking ?? [], opened: true,
      };
    case "message": return withMessages(talk, [frame]);
    case "older": return { ...talk, entries: merged(talk.entries, frame.messages), more: frame.more };
    case "state": return { ...talk, state: frame.state };
    case "typing": return { ...talk, typing: { from: frame.from, name: frame.name ?? null } };
    case "looking": return { ...talk, looking: frame.agents };
    case "quiet": return talk.typing ? { ...talk, typing: null } : talk;
    default: return talk;
  }
}

/** The id to go on from after a lost link. */
export function lastId(talk) {
  return talk.entries.at(-1)?.id ?? null;
}

/** How many messages of the shopper stand after the entry `readId`. */
export function unreadOf(talk, readId) {
  const unread = ({ id, from, kind }) => kind === "message" && from === "shopper" && (!readId || later(id, readId));
  return talk.entries.filter(unread).length;
}
