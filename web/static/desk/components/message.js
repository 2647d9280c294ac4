/** One message or note: text, picture, card, the buttons the bot offered; for our own how far it has come. */
import { html } from "../../vendor/view.js";
import { hasWording, t } from "../wording.js";
import { Card } from "../../widget/components/card.js";
import { RichText } from "../../widget/components/rich-text.js";
import { Icon } from "./icon.js";

const imageAddress = (conversation, id) => `/api/desk/images/${encodeURIComponent(conversation)}/${encodeURIComponent(id)}`;

function Image({ image, conversation, desk }) {
  const source = imageAddress(conversation, image.id);
  const show = () => {
    desk.layout.picture.value = source;
  };
  return html`
    <button type="button" class="picture" data-testid="picture" aria-label=${t("image.open")} onClick=${show}>
      <img src=${source} alt=${t("image")} width=${image.width} height=${image.height} loading="lazy" />
    </button>`;
}

function Text({ entry }) {
  const { body, kind } = entry;
  if (body.sending) return html`<div class="bubble" data-sending="true"><${Icon} name="card"
    size=${15} /> ${t(`card.${body.sending.kind}`)} ${body.sending.number}</div>`;
  if (!body.text) return null;
  return html`<div class="bubble" data-kind=${kind}><${RichText} text=${body.text} /></div>`;
}

function Failure({ entry, desk }) {
  const key = `error.${entry.code}`;
  return html`
    <p class="failure" data-testid="failure" data-code=${entry.code}>
      <${Icon} name="alert" size=${14} />
        <span>${t("message.failed", { why: t(hasWording(key) ? key : "error.unknown") })}</span>
      <button type="button" class="link-button" data-testid="retry"
        onClick=${() => desk.outbox.retry(entry.mid)}>${t("message.retry")}</button>
      <button type="button" class="link-button" data-testid="discard"
        onClick=${() => desk.outbox.discard(entry.mid)}>${t("message.discard")}</button>
    </p>`;
}

function Progress({ entry, read, desk }) {
  if (entry.state === "failed") return html`<${Failure} entry=${entry} desk=${desk} />`;
  if (entry.state && entry.state !== "sent") return html`<p class="progress" data-testid="sending"><${Icon} name="clock"
    size=${12} />${t("message.sending")}</p>`;
  return read ? html`<p class="progress" data-testid="read"><${Icon} name="check"
    size=${12} />${t("message.read")}</p>` : null;
}

export function Message({ entry, label, desk, conversation, read }) {
  const { body, from, kind, id, mid, state } = entry;
  return html`
    <div class="message" data-testid=${kind === "note" ? "note" : "message"} data-from=${from}
      data-id=${state ? null : id} data-mid=${mid}
      data-state=${state ?? "sent"}>
      <span class="hidden">${t("speaker.says", { name: label })}</span>
      ${body.image && html`<${Image} image=${body.image} conversation=${conversation} desk=${desk} />`}
      <${Card} card=${body.card} text=${html`<${Text} entry=${entry} />`} />
      ${body.choices?.length > 0 && html`
        <ul class="offered" aria-label=${t("message.choices")}>
          ${body.choices.map(({ id: choice, label: text }) => html`<li key=${choice}>${text}</li>`)}</ul>`}
      <${Progress} entry=${entry} read=${read} desk=${desk} />
    </div>`;
}
