/** A new password for whoever is signed in. */
import { html, useSignal } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Dialog } from "./dialog.js";
import { Buttons, Field, Trouble, useSending } from "./form.js";

export function PasswordDialog({ desk, onClose }) {
  const before = useSignal("");
  const after = useSignal("");
  const { busy, error, run } = useSending();
  async function onSubmit(event) {
    event.preventDefault();
    if (!(await run(() => desk.api.post("/api/me/password", { old: before.peek(), new: after.peek() })))) return;
    desk.notices.say(t("password.done"), { tone: "good" });
    onClose();
  }
  return html`
    <${Dialog} title=${t("password")} testid="password-dialog" onClose=${onClose}>
      <form class="form" onSubmit=${onSubmit}>
        <${Trouble} error=${error.value} />
        <input type="text" class="hidden" autocomplete="username" value=${desk.account.value?.username} readonly
          tabindex="-1" aria-hidden="true" />
        <${Field} label=${t("password.old")}>${(id) => html`
          <input id=${id} type="password" autocomplete="current-password" required data-first data-testid="old"
            value=${before.value} onInput=${(event) => { before.value = event.target.value; }} />`}<//>
        <${Field} label=${t("password.new")} hint=${t("password.hint")}>${(id) => html`
          <input id=${id} type="password" autocomplete="new-password" required minlength="10" data-testid="new"
            value=${after.value} onInput=${(event) => { after.value = event.target.value; }} />`}<//>
        <${Buttons} label=${t("password.set")} busy=${busy.value} onCancel=${onClose} />
      </form>
    <//>`;
}
