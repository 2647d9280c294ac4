/** What of a change deserves a sound or a notice: pure, from the floor before and after. */
import { isOffer } from "./floor.js";

const WORSE = { ok: 0, warning: 1, breach: 2 };

function byConversation(items) {
  return new Map(items.map((item) => [item.conversation, item]));
}

/** Something new from the shopper; the count is the same again where what was unread has been read meanwhile. */
function saysMore(item, was) {
  const unread = item.unread ?? 0;
  if (unread > (was.unread ?? 0)) return true;
  return unread > 0 && item.preview?.from === "shopper" && item.preview.at !== was.preview?.at;
}

function alarmOf(item, was, username) {
  if (isOffer(item, username)) return was && isOffer(was, username) ? null : "offer";
  if (!was || isOffer(was, username)) return null;
  if (saysMore(item, was)) return "message";
  const [now, before] = [item.clock?.state ?? "ok", was.clock?.state ?? "ok"];
  return WORSE[now] > WORSE[before] ? `clock_${now}` : null;
}

/** Alarms as `{"kind","item"}`: `offer`, `message`, `clock_warning`, `clock_breach`. */
export function alarmsBetween(before, after) {
  if (!before.ready || before.mine === after.mine) return [];
  const known = byConversation(before.mine);
  const me = after.account?.username;
  const found = after.mine.map((item) => ({ item, kind: alarmOf(item, known.get(item.conversation), me) }));
  return found.filter(({ kind }) => kind !== null);
}
