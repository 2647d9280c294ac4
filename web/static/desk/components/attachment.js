/** A picture that goes with the next reply: being handed in, there, or not taken. */
import { html } from "../../vendor/view.js";
import { t, troubleText } from "../wording.js";
import { Icon } from "./icon.js";

export function Attachment({ one, onDrop, onAgain }) {
  const { state, preview, error } = one;
  return html`
    <div class="attachment" data-testid="attachment" data-state=${state}>
      <img src=${preview} alt=${t("image")} />
      <p role="status">${state === "up" ? t("image.up") : state === "failed" ? troubleText(error) : t("image.there")}</p>
      ${state === "failed" && html`<button type="button" class="link-button" onClick=${onAgain}>${t("again")}</button>`}
      <button type="button" class="icon-button" data-size="small" aria-label=${t("image.drop")} onClick=${onDrop}>
        <${Icon} name="close" size=${14} /></button>
    </div>`;
}
