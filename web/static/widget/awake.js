/** Notices when a page comes back: the network returned, the tab is looked at again, the computer slept. */

const TICK_MS = 5_000;
const SLEPT_MS = 20_000;
const AWAY_MS = 60_000;

/** `onReturn` is called when a link may have died unnoticed, `onLook` when somebody looks at the page again. */
export function watchReturns({ onReturn, onLook }) {
  let hiddenAt = null;
  let tickedAt = Date.now();
  window.addEventListener("online", onReturn);
  window.addEventListener("offline", onReturn);
  window.addEventListener("pageshow", (event) => event.persisted && onReturn());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      hiddenAt = Date.now();
      return;
    }
    if (hiddenAt !== null && Date.now() - hiddenAt > AWAY_MS) onReturn();
    hiddenAt = null;
    onLook();
  });
  setInterval(() => {
    const now = Date.now();
    if (now - tickedAt > SLEPT_MS && !document.hidden) onReturn();
    tickedAt = now;
  }, TICK_MS);
}
