/** Text as it was written, line breaks kept by the style sheet, with its web addresses as links. Never as HTML. */
import { html } from "../../vendor/view.js";
import { linkParts } from "../links.js";
import { t } from "../wording.js";

export function RichText({ text }) {
  return linkParts(text).map(({ text: part, href }) => (href
    ? html`
      <a href=${href} target="_blank" rel="noopener noreferrer nofollow">
        ${part}<span class="hidden">${t("link.new")}</span></a>`
    : part));
}
