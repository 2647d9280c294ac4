/** Notes about the customer, for whoever serves them next. */
import { html, useSignal } from "../../vendor/view.js";
import { t, when } from "../wording.js";
import { Trouble, useSending } from "./form.js";
import { Icon } from "./icon.js";

function Note({ note, desk, conversation, run }) {
  const drop = () => run(() => desk.customers.dropNote(conversation, note.id));
  const mine = note.by === desk.account.value?.username || desk.may("supervisor");
  return html`
    <li class="customer-note" data-testid="customer-note">
      <p>${note.text}</p><p class="muted">${desk.nameOf(note.by)} · ${when(note.at)}</p>
      ${mine && html`<button type="button" class="icon-button" data-size="small" aria-label=${t("notes.remove")}
        onClick=${drop}><${Icon} name="trash" size=${14} /></button>`}
    </li>`;
}

export function CustomerNotes({ desk, conversation, notes }) {
  const text = useSignal("");
  const { busy, error, run } = useSending();
  async function onSubmit(event) {
    event.preventDefault();
    if (text.peek().trim() && (await run(() => desk.customers.addNote(conversation, text.peek().trim())))) text.value = "";
  }
  return html`
    <${Trouble} error=${error.value} />
    <ul class="customer-notes">${notes.map((note) => html`<${Note} key=${note.id} note=${note} desk=${desk}
      conversation=${conversation} run=${run} />`)}</ul>
    ${desk.may("agent") && html`
      <form class="inline-form" onSubmit=${onSubmit}>
        <input data-testid="customer-note-text" aria-label=${t("notes.add")} placeholder=${t("notes.add")}
          maxlength="500" value=${text.value} onInput=${(event) => { text.value = event.target.value; }} />
        <button type="submit" class="button" data-size="small" data-testid="customer-note-add"
          aria-disabled=${busy.value || !text.value.trim()}>${t("keep")}</button>
      </form>`}`;
}
