/** One parcel: who carries it, its number to copy, and its last three events. */
import { html } from "../../vendor/view.js";
import { t, when } from "../wording.js";
import { CopyButton } from "./copy-button.js";
import { Icon } from "./icon.js";
import { StateMark } from "./state-mark.js";

function Events({ events }) {
  return html`
    <ol class="events">
      ${events.map(({ at, text }, index) => html`
        <li class="event" key=${at + text} data-testid="event" data-latest=${index === 0}>
          <p class="event-text">${text}</p>
          <time class="event-at" datetime=${at}>${when(at)}</time>
        </li>`)}
    </ol>`;
}

export function Shipment({ shipment, title }) {
  const { carrier, tracking_number: number, state, events, unavailable } = shipment;
  return html`
    <section class="shipment" data-testid="shipment" aria-label=${title}>
      <div class="shipment-head">
        <p class="shipment-title">${title}<span class="carrier">${carrier}</span></p>
        ${state && html`<${StateMark} state=${state} small />`}
      </div>
      ${number && html`
        <p class="tracking">
          <span class="tracking-name">${t("order.tracking")}</span><span class="number">${number}</span>
          <${CopyButton} text=${number} what=${t("order.tracking")} />
        </p>`}
      ${unavailable && html`
        <p class="no-events" data-testid="carrier-unavailable">
          <${Icon} name="alert" size=${16} /><span>${t("order.unavailable")}</span>
        </p>`}
      ${events.length > 0 && html`<${Events} events=${events} />`}
    </section>`;
}
