/** One message: its text and card, its buttons, and for the shopper's own how far it has come. */
import { html } from "../../vendor/view.js";
import { hasWording, t, when } from "../wording.js";
import { Card } from "./card.js";
import { Choices } from "./choices.js";
import { Icon } from "./icon.js";
import { Picture } from "./picture.js";
import { RichText } from "./rich-text.js";

function Failure({ entry, chat }) {
  const why = `why.${entry.code}`;
  return html`
    <p class="failure" data-testid="failure" data-code=${entry.code}>
      <${Icon} name="alert" size=${15} />
      <span>${t("message.failed", { why: t(hasWording(why) ? why : "why.unknown") })}</span>
      <button type="button" class="text-button" data-testid="retry" onClick=${() => chat.outbox.retry(entry.mid)}>
        ${t("message.retry")}
      </button>
      <button type="button" class="text-button" data-testid="discard" onClick=${() => chat.outbox.discard(entry.mid)}>
        ${t("message.discard")}
      </button>
    </p>`;
}

function Progress({ state, code, last, read }) {
  const stored = !state || state === "sent";
  if (read) return html`<p class="progress" data-state="read" data-testid="read-mark">${t("message.read")}</p>`;
  if (stored && !last) return null;
  const why = !stored && code && hasWording(`why.${code}`) ? t(`why.${code}`) : null;
  return html`
    <p class="progress" data-state=${stored ? "sent" : "sending"}>
      ${why && html`<span>${why}</span>`}
      <${Icon} name=${stored ? "check" : "clock"} size=${13} />
      <span class="hidden">${t(stored ? "message.sent" : "message.sending")}</span>
    </p>`;
}

export function Message({ entry, speaker, last, chat, choices }) {
  const { body, from, id, mid, state } = entry;
  const own = from === "shopper";
  return html`
    <div class="message" data-testid="message" data-from=${from} data-id=${state ? null : id} data-mid=${mid}
      data-state=${own ? state ?? "sent" : null}>
      <span class="hidden">${t("speaker", { name: speaker })}</span>
      ${body.image && html`<${Picture} entry=${entry} speaker=${speaker} chat=${chat} />`}
      <${Card} card=${body.card} text=${body.text && html`
        <div class="bubble" title=${when(entry.at)}><${RichText} text=${body.text} /></div>`} />
      ${body.choices?.length > 0 && html`
        <${Choices} entry=${entry} choices=${choices} chat=${chat} />`}
      ${own && state === "failed" && html`<${Failure} entry=${entry} chat=${chat} />`}
      ${own && state !== "failed" && html`<${Progress} state=${state} code=${entry.code} last=${last}
        read=${!state && chat.readByAgent.value === id} />`}
    </div>`;
}
