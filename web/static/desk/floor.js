/** Everything that the server tells a desk, as one value: a pure reducer over the frames of the agents' door. */
import { emptyTalk, reduceTalk } from "./talk.js";

const OF_A_TALK = new Set(["opened", "message", "older", "state", "typing", "looking", "quiet"]);

export const emptyFloor = Object.freeze({
  ready: false, account: null, offset: 0, skills: [], categories: [], agents: [], queue: [], mine: [], board: null,
  waiting: 0, ledger: true, talks: Object.freeze({}),
});

const momentOf = (told) => (typeof told === "number" ? told : Date.parse(told));
const named = (one) => (typeof one === "string" ? { id: one } : one);

function greeted(floor, frame, now) {
  return {
    ...floor,
    ready: true,
    account: frame.account,
    offset: momentOf(frame.now) - now,
    skills: (frame.skills ?? []).map(named),
    categories: frame.categories ?? [],
    agents: frame.agents ?? [],
    ledger: frame.ledger ?? true,
  };
}

/** The next floor after a frame; `now` is this browser's clock, which `hello` is held against. */
export function reduce(floor, frame, now = Date.now()) {
  if (OF_A_TALK.has(frame.type)) {
    const talk = floor.talks[frame.conversation] ?? emptyTalk;
    const next = reduceTalk(talk, frame);
    return next === talk ? floor : { ...floor, talks: { ...floor.talks, [frame.conversation]: next } };
  }
  switch (frame.type) {
    case "hello": return greeted(floor, frame, now);
    case "agents": return { ...floor, agents: frame.agents };
    case "queue": return { ...floor, queue: frame.items, waiting: frame.total ?? frame.items.length };
    case "ledger": return { ...floor, ledger: frame.up };
    case "mine": return { ...floor, mine: frame.items };
    case "board": return { ...floor, board: frame };
    case "forget": return forgotten(floor, frame.conversation);
    default: return floor;
  }
}

function forgotten(floor, conversation) {
  if (!(conversation in floor.talks)) return floor;
  const { [conversation]: _, ...talks } = floor.talks;
  return { ...floor, talks };
}

/** Whether an item is offered to `username` and not yet theirs. */
export function isOffer(item, username) {
  return item.mode === "waiting" && item.offered_to?.username === username;
}

/** What is offered to this desk's account, as the server lists it: the most urgent first. */
export function offersOf(floor) {
  const me = floor.account?.username;
  return floor.mine.filter((item) => isOffer(item, me));
}

/** What this account serves: who waits for an answer longest comes first, then as the server lists it. */
export function servedOf(floor) {
  const me = floor.account?.username;
  return floor.mine.filter((item) => !isOffer(item, me));
}

/** Everybody in the queue, by skill (null for all), without those who are offered to this account: they stand above. */
export function queueOf(floor, skill = null) {
  const me = floor.account?.username;
  const fits = (item) => !skill || item.skill === skill || item.skills?.includes(skill);
  return floor.queue.filter((item) => fits(item) && !isOffer(item, me));
}

/** The freshest item known of a conversation, or null. */
export function itemOf(floor, conversation) {
  const among = (items) => items?.find((item) => item.conversation === conversation);
  return among(floor.mine) ?? among(floor.queue) ?? floor.talks[conversation]?.state ?? among(floor.board?.conversations) ?? null;
}
