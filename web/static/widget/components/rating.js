/** After the end: how it was, from one to five, and the way to the next question. */
import { html, useEffect, useSignal } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Icon } from "./icon.js";

const SCORES = [1, 2, 3, 4, 5];

function Stars({ score }) {
  return html`
    <fieldset class="stars">
      <legend class="hidden">${t("rating.title")}</legend>
      ${SCORES.map((value) => html`
        <label class="star" key=${value} data-on=${value <= score.value}>
          <input type="radio" name="score" value=${value} checked=${value === score.value}
            aria-label=${t(`rating.${value}`)} data-testid=${`rating-${value}`}
            onChange=${() => { score.value = value; }} />
          <${Icon} name="star" size=${30} />
        </label>`)}
    </fieldset>
    <p class="stars-word" aria-hidden="true">${score.value ? t(`rating.${score.value}`) : " "}</p>`;
}

function RatingForm({ chat, score, comment }) {
  return html`
    <p class="rating-title">${t("rating.title")}</p>
    <${Stars} score=${score} />
    ${score.value > 0 && html`
      <div class="rating-more">
        <textarea rows="2" maxlength="500" value=${comment.value} placeholder=${t("rating.comment")}
          aria-label=${t("rating.comment")} data-testid="rating-comment"
          onInput=${(event) => { comment.value = event.target.value; }}></textarea>
        <button type="button" class="main-button" data-testid="rating-send"
          onClick=${() => chat.rate(score.value, comment.value.trim())}>${t("rating.send")}</button>
      </div>`}`;
}

function Thanks({ chat }) {
  const change = () => {
    chat.rated.value = null;
  };
  return html`
    <p class="thanks" role="status" data-testid="rating-thanks">
      <${Icon} name="checkCircle" /><span>${t("rating.thanks")}</span>
      <button type="button" class="text-button" data-testid="rating-change" onClick=${change}>
        ${t("rating.change")}
      </button>
    </p>`;
}

export function Rating({ chat, onAgain }) {
  const score = useSignal(0);
  const comment = useSignal("");
  const away = useSignal(false);
  const closed = chat.talk.value.mode === "closed";
  useEffect(() => {
    if (closed) return;
    score.value = 0;
    comment.value = "";
    away.value = false;
  }, [closed]);
  if (!closed || away.value) return null;
  const again = () => {
    away.value = true;
    onAgain();
  };
  return html`
    <section class="rating" data-testid="rating" aria-label=${t("rating.title")}>
      ${chat.rated.value
        ? html`<${Thanks} chat=${chat} />`
        : html`<${RatingForm} chat=${chat} score=${score} comment=${comment} />`}
      <button type="button" class="plain-button" data-testid="again" onClick=${again}>${t("closed.again")}</button>
    </section>`;
}
