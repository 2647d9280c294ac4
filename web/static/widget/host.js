/** The line to the shop's page that frames this one: only its window, only its origin, each way. */

const MARK = "shopdesk";

/** What `widget.js` put behind the `#` of our address: `{"origin","lang"}`; empty when nobody frames us. */
export function framing(hash, self = window) {
  if (self.parent === self) return { origin: null, lang: null };
  const told = new URLSearchParams(hash.slice(1));
  const real = self.location.ancestorOrigins?.[0];
  const origin = real && real !== told.get("origin") ? null : told.get("origin");
  return { origin, lang: told.get("lang") };
}

/**
 * A line to the page at `origin`; `onMessage` gets what it says. Without an origin nothing is sent and nothing is
 * heard.
 */
export function hostLine(origin, onMessage) {
  if (origin) {
    window.addEventListener("message", (event) => {
      if (event.source !== window.parent || event.origin !== origin || event.data?.[MARK] !== 1) return;
      onMessage(event.data);
    });
  }
  return {
    framed: origin !== null,
    tell(message) {
      if (origin) window.parent.postMessage({ [MARK]: 1, ...message }, origin);
    },
  };
}
