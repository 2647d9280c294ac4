/** Lays the log out for an agent's eye: times where time has passed, one group for one speaker, lines between. */

const PAUSE_MS = 10 * 60_000;
const GROUP_MS = 3 * 60_000;
const SPOKEN = new Set(["message", "note"]);

const dayOf = (at) => new Date(at).toDateString();

function speakerOf({ kind, from, name, body }) {
  return `${kind}:${from}:${name ?? ""}:${kind === "note" && body.whisper ? "whisper" : ""}`;
}

/**
 * A rating that was changed is shown as it is now. Rows of `{"kind":"time","at"}`, `{"kind":"new"}`, `{"kind":"line","entry","before"}` (something happened; of
 * offers in a row the last one, with those `before`) and
 * `{"kind":"group","speaker","entries"}`. The new line stands before the entry `firstNew`.
 */
export function timeline(entries, firstNew = null) {
  const rows = [];
  const lastRating = new Map(entries.filter(({ kind }) => kind === "rating").map(({ id, body }) => [body.of, id]));
  let before = null;
  for (const entry of entries) {
    if (entry.kind === "rating" && lastRating.get(entry.body.of) !== entry.id) continue;
    const pause = before ? Date.parse(entry.at) - Date.parse(before.at) : Infinity;
    if (pause > PAUSE_MS || dayOf(entry.at) !== dayOf(before.at)) rows.push({ kind: "time", key: `time:${entry.id}`, at: entry.at });
    if (entry.id === firstNew) rows.push({ kind: "new", key: `new:${entry.id}` });
    const open = rows.at(-1);
    const speaker = speakerOf(entry);
    if (entry.kind === "offer" && open?.entry?.kind === "offer") Object.assign(open, { entry, before: [...open.before, open.entry] });
    else if (!SPOKEN.has(entry.kind) || entry.from === "system") rows.push({ kind: "line", key: entry.id, entry, before: [] });
    else if (open?.kind === "group" && pause < GROUP_MS && open.speaker === speaker) open.entries.push(entry);
    else rows.push({ kind: "group", key: entry.mid ?? entry.id, speaker, entries: [entry] });
    before = entry;
  }
  return rows;
}

/** What waits in the outbox for this conversation, in the shape of entries, to stand at the end of the log. */
export function pendingEntries(items, conversation, name) {
  return items.filter(({ frame }) => frame.conversation === conversation).map(({ mid, at, frame, state, code }) => ({
    id: `out:${mid}`,
    mid,
    kind: frame.type,
    from: "agent",
    name,
    at: new Date(at).toISOString(),
    body: { text: frame.text, image: frame.image ? { id: frame.image } : null, sending: frame.card, whisper: frame.whisper },
    state,
    code,
  }));
}
