/** Who the customer is: masked until a reason is given; an unknown one can be found by an order and a phone number's end. */
import { html, useSignal } from "../../vendor/view.js";
import { named, t, when, yuan } from "../wording.js";
import { Buttons, Field } from "./form.js";
import { Icon } from "./icon.js";
import { Section } from "./section.js";

function FindOrder({ desk, conversation, loading }) {
  const order = useSignal("");
  const tail = useSignal("");
  const onSubmit = (event) => {
    event.preventDefault();
    desk.customers.find(conversation, order.peek().trim(), tail.peek().trim());
  };
  return html`
    <form class="find-order" onSubmit=${onSubmit} data-testid="find-order">
      <p class="hint">${t("customer.find")}</p>
      <div class="find-row">
        <${Field} label=${t("task.order")}>${(id) => html`<input id=${id} required autocomplete="off"
          data-testid="find-number" value=${order.value}
          onInput=${(event) => { order.value = event.target.value; }} />`}<//>
        <${Field} label=${t("task.tail")}>${(id) => html`<input id=${id} required inputmode="numeric" maxlength="4"
          data-testid="find-tail" value=${tail.value}
          onInput=${(event) => { tail.value = event.target.value; }} />`}<//>
      </div>
      <${Buttons} label=${t("find")} busy=${loading} testid="find-submit" />
    </form>`;
}

function Fact({ name, children }) {
  return children === null || children === undefined || children === "" || children === false
    ? null
    : html`<div><dt>${name}</dt><dd>${children}</dd></div>`;
}

const countOf = ({ orders, more_orders: more }) => (typeof orders === "number" ? `${orders}${more ? "+" : ""}` : null);

export function CustomerFacts({ desk, conversation, data, loading }) {
  const { customer, masked } = data;
  const reveal = () => desk.layout.ask("reveal", { conversation });
  return html`
    <${Section} title=${t("customer")} testid="customer">
      ${!customer?.id && html`<p class="muted">${t("customer.guest")}</p>`}
      ${customer && html`
        <dl class="slots" data-testid="customer-facts" data-masked=${Boolean(masked)}>
          <${Fact} name=${t("customer.name")}>${customer.name && html`${customer.name}${customer.verified && html`<span
            class="chip good" title=${t("customer.verified.title")}>${t("customer.verified")}</span>`}`}<//>
          <${Fact} name=${t("customer.level")}>${customer.level && named("level", customer.level)}<//>
          <${Fact} name=${t("customer.contact")}>${customer.contact}<//>
          <${Fact} name=${t("customer.spent")}>${customer.spent && yuan(customer.spent)}<//>
          <${Fact} name=${t("customer.orders")}>${countOf(customer)}<//>
          <${Fact} name=${t("customer.since")}>${customer.since && when(customer.since)}<//>
          <${Fact} name=${t("customer.points")}>${customer.points}<//>
        </dl>`}
      ${masked && desk.may("agent") && html`<button type="button" class="button reveal" data-size="small"
        data-testid="reveal" onClick=${reveal}><${Icon} name="eye" size=${15} />${t("reveal")}</button>`}
      ${!customer?.id && html`<${FindOrder} desk=${desk} conversation=${conversation} loading=${loading} />`}
    <//>`;
}
