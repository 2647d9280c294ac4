/** A part of the right column that folds. */
import { html } from "../../vendor/view.js";
import { Icon } from "./icon.js";

export function Section({ title, count, testid, open = true, children }) {
  return html`
    <details class="side-section" data-testid=${testid} open=${open}>
      <summary><h3>${title}${count > 0 && html`<span class="amount">${count}</span>`}</h3><${Icon} name="chevron"
        size=${16} /></summary>
      <div class="side-section-body">${children}</div>
    </details>`;
}
