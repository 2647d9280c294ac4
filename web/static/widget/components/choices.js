/** The buttons under a message: pressable while they hold, afterwards they show what was taken. */
import { html } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Icon } from "./icon.js";

export function Choices({ entry, choices, chat }) {
  const open = choices.open === entry.id;
  const taken = choices.taken.get(entry.id);
  return html`
    <div class="choices" role="group" aria-label=${t("message.choices")} data-open=${open}>
      ${entry.body.choices.map((choice) => html`
        <button type="button" class="choice" key=${choice.id} data-testid="choice" data-choice=${choice.id}
          data-taken=${taken === choice.id} aria-disabled=${!open} onClick=${() => open && chat.choose(choice, entry.from)}>
          ${taken === choice.id && html`
            <${Icon} name="check" size=${15} /><span class="hidden">${t("message.chosen")}</span>`}
          <span>${choice.label}</span>
        </button>`)}
    </div>`;
}
