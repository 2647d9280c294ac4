/** The customer's orders as the shop has them now, with parcels and cases, and what can be done about each. */
import { html } from "../../vendor/view.js";
import { Card } from "../../widget/components/card.js";
import { StateMark } from "../../widget/components/state-mark.js";
import { both, t, when, yuan } from "../wording.js";
import { Icon } from "./icon.js";
import { Section } from "./section.js";

function Actions({ desk, conversation, number }) {
  if (!desk.isMine(conversation)) return null;
  return html`
    <div class="order-actions">
      <button type="button" class="button" data-size="small" data-testid="order-send"
        onClick=${() => desk.say(conversation, { card: { kind: "order", number } })}>
        <${Icon} name="send" size=${14} />${t("order.send")}</button>
      <button type="button" class="button" data-size="small" data-testid="order-act"
        onClick=${() => desk.layout.ask("task", { conversation, order: number })}>
        <${Icon} name="order" size=${14} />${t("task")}</button>
    </div>`;
}

function Case({ each, desk, conversation }) {
  const { number, kind, state, amount, by, pickup, open } = each;
  const facts = [amount && yuan(amount), pickup && t("orders.pickup", { at: pickup }), by && open && t("orders.by", { at: when(by) })];
  return html`
    <div class="case" data-testid="case" data-number=${number}>
      <p class="order-line"><strong>${kind?.label}</strong><span
        class=${`chip ${open ? "warn" : ""}`}>${state?.label}</span></p>
      <p class="order-line muted"><span class="number">${number}</span><span>${facts.filter(Boolean).join(" · ")}</span>
        </p>
      ${desk.isMine(conversation) && html`<button type="button" class="link-button" data-testid="case-send"
        onClick=${() => desk.say(conversation, { card: { kind: "case", number } })}>${t("order.send")}</button>`}
    </div>`;
}

function Order({ desk, conversation, one, open }) {
  const { card } = one;
  const first = card.items?.[0];
  return html`
    <details class="order" data-testid="order" data-number=${card.number} open=${open}>
      <summary>
        <span class="order-line"><span class="number">${card.number}</span>${card.state && html`<${StateMark}
          state=${card.state} small />`}</span>
        <span class="order-line muted"><span
          class="order-goods">${first?.name}${card.items?.length > 1 ? t("orders.and", { n: card.items.length - 1 }) : ""}</span>
          <span>${card.amount && yuan(card.amount)}${card.paid_at ? ` · ${when(card.paid_at)}` : ""}</span></span>
      </summary>
      ${both(one.next) && html`<p class="next-step"><${Icon} name="bolt" size=${15} /><span>${both(one.next)}</span>
        </p>`}
      <${Card} card=${card} text=${null} />
      ${one.receiver && html`<p
        class="muted order-receiver">${t("orders.receiver")} ${[one.receiver.name, one.receiver.city, one.receiver.phone].filter(Boolean).join(" · ")}</p>`}
      ${(one.case ?? []).map((each) => html`<${Case} key=${each.number} each=${each} desk=${desk}
        conversation=${conversation} />`)}
      <${Actions} desk=${desk} conversation=${conversation} number=${card.number} />
    </details>`;
}

export function Orders({ desk, conversation, data }) {
  const orders = data.orders ?? [];
  return html`
    <${Section} title=${t("orders")} count=${orders.length} testid="orders">
      ${orders.length === 0 && html`<p class="muted">${t(data.trouble ? "side.trouble" : "orders.none")}</p>`}
      ${orders.map((one, index) => html`<${Order} key=${one.card.number} desk=${desk} conversation=${conversation}
        one=${one} open=${index === 0} />`)}
    <//>`;
}
