/**
 * What is about to be done, what was done, or how something stands: a title, the goods, what it comes to line by line,
 * and why.
 */
import { html } from "../../vendor/view.js";
import { safeAddress } from "../links.js";
import { readSummary } from "../summary.js";
import { t } from "../wording.js";
import { CopyButton } from "./copy-button.js";
import { Icon } from "./icon.js";
import { Items } from "./items.js";

const MARKS = {
  confirm: { icon: "alert", tone: "care", wording: "summary.confirm" },
  receipt: { icon: "checkCircle", tone: "good", wording: "summary.receipt" },
};

function Mark({ icon, tone, wording }) {
  return html`
    <span class="state" data-tone=${tone} data-testid="card-mark"><${Icon} name=${icon} size=${16} />${t(wording)}</span>`;
}

function Row({ label, value, strong }) {
  return html`
    <div class="fact" data-testid="row"><dt>${label}</dt><dd>${strong ? html`<strong>${value}</strong>` : value}</dd></div>`;
}

function Reason({ text, holds }) {
  return html`
    <li class="reason" data-testid="reason" data-holds=${holds}>
      <${Icon} name=${holds ? "check" : "close"} size=${16} />
      <p><span class="hidden">${t(holds ? "summary.holds" : "summary.fails")}</span>${text}</p>
    </li>`;
}

// Only what a shopper can open and read about: a label, and a whole address on http or https.
function Link({ link }) {
  const href = typeof link?.url === "string" && safeAddress(link.url);
  if (!href || typeof link.label !== "string" || !link.label.trim()) return null;
  return html`
    <p><a class="card-link" href=${href} target="_blank" rel="noopener noreferrer" data-testid="card-link">
      <span>${link.label}<span class="hidden">${t("link.new")}</span></span><${Icon} name="open" size=${16} />
    </a></p>`;
}

export function SummaryCard({ card }) {
  const { kind, title, number, items, rows, link, reasons, note } = readSummary(card);
  const mark = MARKS[kind];
  return html`
    <article class="card" data-testid="card" data-card="summary" data-kind=${kind} data-number=${number}
      aria-label=${number ? t("summary.card", { title, number }) : title}>
      <header class="card-head">
        <p class="card-title">${title}</p>
        ${mark && html`<${Mark} ...${mark} />`}
        ${number && html`
          <p class="card-case"><span class="number">${number}</span><${CopyButton} text=${number} what=${number} /></p>`}
      </header>
      ${items.length > 0 && html`<${Items} items=${items} />`}
      ${rows.length > 0 && html`
        <dl class="facts">${rows.map((row, index) => html`<${Row} key=${index} ...${row} />`)}</dl>`}
      ${reasons.length > 0 && html`
        <ul class="reasons" aria-label=${t("summary.reasons")}>
          ${reasons.map((reason, index) => html`<${Reason} key=${index} ...${reason} />`)}
        </ul>`}
      <${Link} link=${link} />
      ${note && html`<p class="card-note">${note}</p>`}
    </article>`;
}
