/** Personal data is masked until somebody says why it is needed; that is written into the audit. */
import { html, useSignal } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Dialog } from "./dialog.js";
import { Buttons, Field, Trouble, useSending } from "./form.js";

const REASONS = ["delivery", "verify", "refund", "call"];

export function RevealDialog({ desk, about, onClose }) {
  const reason = useSignal("");
  const { busy, error, run } = useSending();
  async function onSubmit(event) {
    event.preventDefault();
    const { conversation } = about;
    if (!(await run(() => desk.customers.reveal(conversation, reason.peek().trim())))) return;
    onClose();
    desk.readAnew(conversation);
  }
  return html`
    <${Dialog} title=${t("reveal.title")} testid="reveal-dialog" onClose=${onClose}>
      <form class="form" onSubmit=${onSubmit}>
        <${Trouble} error=${error.value} />
        <p class="form-text">${t("reveal.text")}</p>
        <div class="pills" role="group" aria-label=${t("reveal.usual")}>
          ${REASONS.map((name) => html`<button type="button" class="pill" key=${name} data-testid=${`reason-${name}`}
            onClick=${() => { reason.value = t(`reveal.${name}`); }}>${t(`reveal.${name}`)}</button>`)}
        </div>
        <${Field} label=${t("reveal.reason")}>${(id) => html`
          <input id=${id} maxlength="200" required data-first data-testid="reason" value=${reason.value}
            onInput=${(event) => { reason.value = event.target.value; }} />`}<//>
        <${Buttons} label=${t("reveal")} busy=${busy.value} disabled=${!reason.value.trim()} onCancel=${onClose} />
      </form>
    <//>`;
}
