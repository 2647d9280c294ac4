/** Lays entries out for the eye: times where time has passed, a line before what is new, one group for one speaker. */

const PAUSE_MS = 10 * 60_000;
const GROUP_MS = 3 * 60_000;

const dayOf = (at) => new Date(at).toDateString();

function speakerOf({ from, name }) {
  return `${from}:${name ?? ""}`;
}

/**
 * Rows of `{"kind":"time","at"}`, `{"kind":"new"}`, `{"kind":"note","entry"}` (the system speaks) and
 * `{"kind":"group","from","name","entries"}`. The new line stands before the entry `firstNew`.
 */
export function timeline(entries, firstNew = null) {
  const rows = [];
  let before = null;
  for (const entry of entries) {
    const at = Date.parse(entry.at);
    const pause = before ? at - Date.parse(before.at) : Infinity;
    const timed = pause > PAUSE_MS || dayOf(entry.at) !== dayOf(before.at);
    if (timed) rows.push({ kind: "time", key: `time:${entry.id}`, at: entry.at });
    if (entry.id === firstNew) rows.push({ kind: "new", key: `new:${entry.id}` });
    const open = rows.at(-1);
    const joins = open?.kind === "group" && pause < GROUP_MS && speakerOf(open) === speakerOf(entry);
    if (entry.from === "system") rows.push({ kind: "note", key: entry.id, entry });
    else if (joins) open.entries.push(entry);
    else rows.push({ kind: "group", key: entry.mid ?? entry.id, from: entry.from, name: entry.name, entries: [entry] });
    before = entry;
  }
  return rows;
}

function bodyOf(text, picture) {
  if (!picture) return { text };
  const { preview, width, height } = picture;
  return { ...(text ? { text } : {}), image: { preview, width, height } };
}

/** Outbox items in the shape of entries, so that they stand at the end of the log while on their way. */
export function pendingEntries(items) {
  return items
    .filter(({ text }) => text !== null)
    .map(({ mid, at, text, picture = null, progress = null, state, code }) => ({
      id: `out:${mid}`, mid, from: "shopper", name: null, at: new Date(at).toISOString(), body: bodyOf(text, picture),
      state, code, progress,
    }));
}
