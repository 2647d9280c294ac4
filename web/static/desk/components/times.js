/** Spans of time that move while one looks: how long somebody waits, what a service clock still allows, a countdown. */
import { html } from "../../vendor/view.js";
import { now, span } from "../clock.js";
import { t } from "../wording.js";

const TURN = 2 * Math.PI * 15;

/** How long since `since`. */
export function Waited({ since, name = "waited" }) {
  if (!since) return null;
  const text = span((now.value - Date.parse(since)) / 1000);
  return html`<time class="waited" datetime=${since} data-testid="waited" title=${t(name)}>${text}</time>`;
}

/** The service clock: what is left, or by how much it is over. */
export function ServiceClock({ clock }) {
  if (!clock?.due) return null;
  const left = (Date.parse(clock.due) - now.value) / 1000;
  const state = left <= 0 ? "breach" : clock.state;
  const text = left <= 0 ? `+${span(-left)}` : span(left);
  const told = t(left <= 0 ? "clock.over" : "clock.left", { clock: t(`clock.${clock.kind}`), time: text });
  return html`
    <span class="service-clock" data-state=${state} data-testid="clock" title=${told}>
      <span class="hidden">${told}</span><span aria-hidden="true">${text}</span>
    </span>`;
}

/** The seconds that an offer still stands, in a ring that empties. */
export function Countdown({ until, total = 20 }) {
  const left = Math.max(0, (Date.parse(until) - now.value) / 1000);
  const part = Math.min(1, left / total);
  return html`
    <span class="countdown" data-testid="countdown" role="timer" aria-label=${t("offer.left", { n: Math.ceil(left) })}>
      <svg viewBox="0 0 36 36" width="36" height="36" aria-hidden="true" focusable="false">
        <circle class="countdown-track" cx="18" cy="18" r="15" />
        <circle class="countdown-rest" cx="18" cy="18" r="15" stroke-dasharray=${TURN}
          stroke-dashoffset=${TURN * (1 - part)} />
      </svg>
      <span aria-hidden="true">${Math.ceil(left)}</span>
    </span>`;
}
