/**
 * How long to wait before trying again: doubling from half a second to fifteen, with jitter so that crowds spread
 * out.
 */

const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** Milliseconds before attempt number `attempt` (from 0); `random` answers in [0, 1). */
export function backoff(attempt, random = Math.random) {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
