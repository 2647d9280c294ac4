/** A conversation that is offered to this agent: who, why, and twenty seconds to say yes or no. */
import { html } from "../../vendor/view.js";
import { reasonText, t } from "../wording.js";
import { Away, Language, Level, Mood, Skill } from "./marks.js";
import { Countdown, Waited } from "./times.js";

export function Offer({ item, desk }) {
  const { conversation } = item;
  return html`
    <section class="offer" data-testid="offer" data-conversation=${conversation} role="alertdialog"
      aria-label=${t("offer", { name: item.name ?? "" })}>
      <div class="offer-head">
        <div class="offer-who">
          <p class="row-name"><strong>${item.name || t("shopper.unknown")}</strong><${Level} level=${item.level} />
            <${Language} lang=${item.lang} /><${Mood} mood=${item.mood} /></p>
          <p class="row-marks"><${Skill} skill=${item.skill} /><${Away} item=${item} /><span
            class="muted">${t("waited")} <${Waited} since=${item.since} /></span></p>
        </div>
        <${Countdown} until=${item.offered_to.until} />
      </div>
      ${item.reason && html`<p class="offer-reason">${reasonText(item)}</p>`}
      ${item.preview?.text && html`<p class="offer-preview">${item.preview.text}</p>`}
      <div class="offer-buttons">
        <button type="button" class="button" data-testid="decline" title="Alt X"
          onClick=${() => desk.decline(conversation)}>${t("offer.decline")}</button>
        <button type="button" class="button" data-tone="main" data-testid="accept" title="Alt C"
          onClick=${() => desk.claim(conversation)}>${t("offer.accept")}</button>
      </div>
    </section>`;
}
