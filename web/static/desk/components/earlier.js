/** Earlier conversations of the same customer; each opens in the archive, to be read. */
import { html } from "../../vendor/view.js";
import { named, t, when } from "../wording.js";

export function Earlier({ desk, rows }) {
  if (rows.length === 0) return html`<p class="muted">${t("earlier.none")}</p>`;
  return html`
    <ul class="earlier">
      ${rows.map((row) => html`
        <li key=${`${row.conversation}:${row.closed_at}`}>
          <button type="button" class="earlier-row" data-testid="earlier-row"
            onClick=${() => desk.readArchived(row.conversation)}>
            <span class="order-line"><strong>
              ${row.category ? named("category", row.category) : t("earlier.talk")}</strong><time
              datetime=${row.closed_at}>${when(row.closed_at)}</time></span>
            <span class="muted earlier-text">${row.summary || row.solution || row.agent || ""}</span>
          </button>
        </li>`)}
    </ul>`;
}
