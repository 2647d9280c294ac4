/** One conversation in the left column: a line of mine, or one of the queue. */
import { html } from "../../vendor/view.js";
import { reasonText, t } from "../wording.js";
import { Away, Face, Language, Level, Mood, Skill, Tags } from "./marks.js";
import { ServiceClock, Waited } from "./times.js";

const SPEAKERS = { agent: "preview.agent", bot: "preview.bot" };

function Preview({ preview, fallback }) {
  if (!preview?.text) return html`<span class="row-preview">${fallback}</span>`;
  const speaker = SPEAKERS[preview.from];
  return html`<span class="row-preview">${speaker && html`<span
    class="muted">${t(speaker)}</span>`}${preview.text}</span>`;
}

function Name({ item, children }) {
  return html`
    <span class="row-name">
      <strong>${item.name || t("shopper.unknown")}</strong>
      <${Level} level=${item.level} /><${Language} lang=${item.lang} /><${Mood} mood=${item.mood} />
      <span class="row-time">${children}</span>
    </span>`;
}

export function ServedRow({ item, desk }) {
  const { conversation, unread } = item;
  const current = desk.selected.value === conversation;
  const draft = !current && desk.drafts.has(conversation);
  return html`
    <li class="row" data-testid="mine-row" data-conversation=${conversation} data-current=${current}
      data-unread=${unread > 0}>
      <button type="button" class="row-main" aria-current=${current ? "true" : null} tabindex=${current ? 0 : -1}
        onClick=${() => desk.select(conversation)}>
        <${Face} name=${item.name} />
        <span class="row-text">
          <${Name} item=${item}><${ServiceClock} clock=${item.clock} /><//>
          <span class="row-line">
            ${draft && html`<span class="draft-mark">${t("draft")}</span>`}
            <${Preview} preview=${item.preview} fallback=${reasonText(item)} />
            ${unread > 0 && html`<b class="count" data-testid="unread"
              aria-label=${t("unread", { n: unread })}>${unread > 99 ? "99+" : unread}</b>`}
          </span>
          ${(item.tags?.length > 0 || item.away || item.contact) && html`
            <span class="row-marks"><${Away} item=${item} /><${Tags} tags=${item.tags} book=${desk.book} /></span>`}
        </span>
      </button>
    </li>`;
}

function OfferedTo({ item }) {
  return item.offered_to ? html`<span
    class="muted">${t("queue.offered", { name: item.offered_to.name })}</span>` : null;
}

export function QueueRow({ item, desk }) {
  const { conversation } = item;
  const current = desk.selected.value === conversation;
  return html`
    <li class="row" data-testid="queue-row" data-conversation=${conversation} data-current=${current}
      data-clock=${item.clock?.state ?? "ok"}>
      <button type="button" class="row-main" aria-current=${current ? "true" : null} tabindex=${current ? 0 : -1}
        onClick=${() => desk.select(conversation)}>
        <span class="row-place"
          aria-label=${t("queue.position", { n: item.position ?? "" })}>${item.position ?? ""}</span>
        <span class="row-text">
          <${Name} item=${item}><${Waited} since=${item.since} /><//>
          <span class="row-line"><span class="row-preview">${reasonText(item) || item.preview?.text}</span></span>
          <span class="row-marks">
            <${Skill} skill=${item.skill} /><${ServiceClock} clock=${item.clock} /><${Away} item=${item} /><${Tags}
              tags=${item.tags} book=${desk.book} />
            <${OfferedTo} item=${item} />
          </span>
        </span>
      </button>
      ${desk.may("agent") && html`
        <button type="button" class="button row-claim" data-size="small" data-testid="claim"
          aria-label=${t("claim.of", { name: item.name ?? "" })}
          onClick=${() => desk.claim(conversation)}>${t("claim")}</button>`}
    </li>`;
}
