/** What the system says between the speakers: a change of mode, with the buttons that belong to it. */
import { html } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Choices } from "./choices.js";
import { RichText } from "./rich-text.js";

export function Note({ entry, chat, choices }) {
  const { text, choices: offered } = entry.body;
  return html`
    <div class="note" data-testid="message" data-from="system" data-id=${entry.id}>
      <span class="hidden">${t("speaker", { name: t("system") })}</span>
      ${text && html`<p class="note-text"><${RichText} text=${text} /></p>`}
      ${offered?.length > 0 && (choices.open === entry.id || choices.taken.has(entry.id)) && html`
        <${Choices} entry=${entry} choices=${choices} chat=${chat} />`}
    </div>`;
}
