/**
 * An order at a glance: how it stands, what was bought, what was paid and when, where the parcels are, what comes
 * next.
 */
import { html } from "../../vendor/view.js";
import { t, when, yuan } from "../wording.js";
import { CopyButton } from "./copy-button.js";
import { Items } from "./items.js";
import { StateMark } from "./state-mark.js";
import { Shipment } from "./shipment.js";

// An order that nobody has paid: the sum is due, or it is just the sum when there is nothing to pay any more.
const NOT_PAID = { unpaid: "order.amount.due", cancelled: "order.amount.total" };

function Fact({ name, testid, children }) {
  return html`<div class="fact"><dt>${name}</dt><dd data-testid=${testid}>${children}</dd></div>`;
}

function Moment({ name, at }) {
  return html`<${Fact} name=${name}><time datetime=${at}>${when(at)}</time><//>`;
}

export function OrderCard({ card }) {
  const { number, state, items, amount, paid_at: paidAt, shipped_at: shippedAt, shipments, next } = card;
  const sum = (!paidAt && NOT_PAID[state.code]) || "order.amount";
  return html`
    <article class="card" data-testid="card" data-card="order" data-number=${number} data-state=${state.code}
      aria-label=${t("order.card", { number })}>
      <header class="card-head">
        <div class="card-number">
          <p>${t("order")}</p>
          <p class="number">${number}<${CopyButton} text=${number} what=${t("order")} /></p>
        </div>
        <${StateMark} state=${state} />
      </header>
      <${Items} items=${items} />
      <dl class="facts">
        <${Fact} name=${t(sum)} testid="amount">
          <strong>${yuan(amount)}</strong>
        <//>
        ${paidAt && html`<${Moment} name=${t("order.paid")} at=${paidAt} />`}
        ${shippedAt && html`<${Moment} name=${t("order.shipped")} at=${shippedAt} />`}
      </dl>
      ${shipments.map((shipment, index) => html`
        <${Shipment} key=${shipment.tracking_number} shipment=${shipment}
          title=${shipments.length > 1 ? t("order.parcel", { n: index + 1 }) : t("order.parcel.only")} />`)}
      ${next && html`<p class="next" data-testid="next">${next}</p>`}
    </article>`;
}
