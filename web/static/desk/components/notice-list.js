/** The corner where short notices come and go. */
import { html } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Icon } from "./icon.js";

export function NoticeList({ desk }) {
  const { notices } = desk;
  const act = (one) => {
    one.act.run();
    notices.drop(one.id);
  };
  return html`
    <div class="notices" role="status" aria-live="polite">
      ${notices.list.value.map((one) => html`
        <div class="notice" key=${one.id} data-testid="notice" data-tone=${one.tone}>
          <p>${one.text}</p>
          ${one.act && html`<button type="button" class="link-button"
            onClick=${() => act(one)}>${one.act.label}</button>`}
          <button type="button" class="icon-button" data-size="small" aria-label=${t("close")}
            onClick=${() => notices.drop(one.id)}>
            <${Icon} name="close" size=${14} />
          </button>
        </div>`)}
    </div>`;
}
