/** The way from page to page of a long list. */
import { html } from "../../vendor/view.js";
import { t } from "../wording.js";

export function Pages({ total, size, page, onPage }) {
  const last = Math.max(1, Math.ceil(total / size));
  if (last === 1) return null;
  return html`
    <nav class="pages" aria-label=${t("pages")}>
      <button type="button" class="button" data-size="small" data-testid="page-before" disabled=${page <= 1}
        onClick=${() => onPage(page - 1)}>${t("pages.before")}</button>
      <span>${t("pages.of", { page, last })}</span>
      <button type="button" class="button" data-size="small" data-testid="page-next" disabled=${page >= last}
        onClick=${() => onPage(page + 1)}>${t("pages.next")}</button>
    </nav>`;
}
