/** A supervisor takes a conversation from whoever has it: said twice, since it interrupts a colleague. */
import { html } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Dialog } from "./dialog.js";
import { Buttons, Trouble, useSending } from "./form.js";

export function TakeOverDialog({ desk, about, onClose }) {
  const { conversation } = about;
  const { busy, error, run } = useSending();
  const item = desk.itemOf(conversation);
  async function onSubmit(event) {
    event.preventDefault();
    if (await run(() => desk.order({ type: "take_over", conversation }))) onClose();
  }
  return html`
    <${Dialog} title=${t("take_over")} testid="take-over-dialog" onClose=${onClose}>
      <form class="form" onSubmit=${onSubmit}>
        <${Trouble} error=${error.value} />
        <p>${t("take_over.text", { name: item?.agent?.name ?? "", shopper: item?.name ?? "" })}</p>
        <${Buttons} label=${t("take_over")} busy=${busy.value} onCancel=${onClose} />
      </form>
    <//>`;
}
