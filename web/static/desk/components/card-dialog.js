/** Sends a card to the shopper: one of the customer's orders or cases at a press, or anything by its number. */
import { html, useSignal } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Dialog } from "./dialog.js";
import { Buttons, Field } from "./form.js";

const KINDS = ["order", "case", "product"];

function suggestions(desk, conversation, kind) {
  const orders = desk.customers.known.value[conversation]?.data?.orders ?? [];
  if (kind === "order") return orders.map(({ card }) => ({ number: card.number, text: card.items?.[0]?.name ?? "" }));
  if (kind !== "case") return [];
  const textOf = (one) => [one.kind?.label, one.state?.label].filter(Boolean).join(" · ");
  return orders.flatMap((order) => (order.case ?? []).map((one) => ({ number: one.number, text: textOf(one) })));
}

export function CardDialog({ desk, about, onClose }) {
  const { conversation } = about;
  const kind = useSignal(about.card ?? "order");
  const number = useSignal("");
  function send(chosen) {
    desk.say(conversation, { card: { kind: kind.peek(), number: chosen } });
    onClose();
  }
  const onSubmit = (event) => {
    event.preventDefault();
    if (number.peek().trim()) send(number.peek().trim());
  };
  return html`
    <${Dialog} title=${t("card.send")} testid="card-dialog" onClose=${onClose}>
      <form class="form" onSubmit=${onSubmit}>
        <div class="pills" role="radiogroup" aria-label=${t("card.kind")}>
          ${KINDS.map((name) => html`
            <label class="pill" key=${name} data-checked=${kind.value === name}>
              <input type="radio" name="kind" value=${name} checked=${kind.value === name}
                data-testid=${`card-${name}`} onChange=${() => { kind.value = name; }} />${t(`card.${name}`)}</label>`)}
        </div>
        <ul class="suggestions">
          ${suggestions(desk, conversation, kind.value).map((one) => html`
            <li key=${one.number}><button type="button" class="suggestion" data-testid="suggestion"
              onClick=${() => send(one.number)}>
              <span class="number">${one.number}</span><span class="muted">${one.text}</span><span
                class="suggestion-act">${t("send")}</span></button></li>`)}
        </ul>
        <${Field} label=${t(`card.${kind.value}.number`)}>${(id) => html`
          <input id=${id} data-first data-testid="number" autocomplete="off" spellcheck="false" value=${number.value}
            onInput=${(event) => { number.value = event.target.value; }} />`}<//>
        <${Buttons} label=${t("send")} disabled=${!number.value.trim()} onCancel=${onClose} />
      </form>
    <//>`;
}
