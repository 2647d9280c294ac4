/** What stands where nothing is: still loading, nothing there, or something went wrong. */
import { html } from "../../vendor/view.js";
import { t, troubleText } from "../wording.js";
import { Icon } from "./icon.js";

export function Loading({ lines = 3 }) {
  return html`
    <div class="loading" role="status" data-testid="loading">
      <span class="hidden">${t("loading")}</span>
      ${Array.from({ length: lines }, (_, index) => html`<span class="bone" key=${index} aria-hidden="true"></span>`)}
    </div>`;
}

export function Empty({ icon = "inbox", title, children }) {
  return html`
    <div class="empty" data-testid="empty">
      <${Icon} name=${icon} size=${28} />
      <p class="empty-title">${title}</p>
      ${children && html`<p>${children}</p>`}
    </div>`;
}

export function Failed({ error, onAgain }) {
  return html`
    <div class="failed" role="alert" data-testid="failed" data-code=${error.code}>
      <p><${Icon} name="alert" size=${16} /> ${troubleText(error)}</p>
      ${onAgain && html`<button type="button" class="button" data-size="small"
        onClick=${onAgain}>${t("again")}</button>`}
    </div>`;
}
