/** How an order or parcel stands: a word, with a colour and a pictogram that say the same. */
import { html } from "../../vendor/view.js";
import { Icon } from "./icon.js";

const LOOKS = {
  unpaid: ["clock", "care"],
  paid: ["check", "way"],
  packed: ["box", "way"],
  shipped: ["truck", "way"],
  in_transit: ["truck", "way"],
  stuck: ["alert", "care"],
  out_for_delivery: ["truck", "good"],
  delivered: ["checkCircle", "good"],
  refused: ["ban", "bad"],
  returned: ["refund", "still"],
  refunded: ["refund", "good"],
  cancelled: ["ban", "still"],
  partly_shipped: ["boxes", "way"],
  pre_sale: ["calendar", "plan"],
};

export function StateMark({ state, small = false }) {
  const [icon, tone] = LOOKS[state.code] ?? ["box", "still"];
  return html`
    <span class="state" data-tone=${tone} data-small=${small} data-testid="order-state" data-code=${state.code}>
      <${Icon} name=${icon} size=${small ? 14 : 16} />${state.label}
    </span>`;
}
