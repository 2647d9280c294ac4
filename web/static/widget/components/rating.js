/** After the end: how it was, with the assistant and with the person apart, and the way to the next question. */
import { html, useEffect, useSignal } from "../../vendor/view.js";
import { lastAgent } from "../conversation.js";
import { reasonsFor } from "../ratings.js";
import { t } from "../wording.js";
import { Icon } from "./icon.js";
import { Stars } from "./stars.js";

const LONGEST = 500;

function Reasons({ ratings, of, score, chosen }) {
  return html`
    <div class="chips" role="group" aria-label=${t("rating.why")}>
      ${reasonsFor(of, score).map((reason) => {
        const on = chosen.includes(reason);
        return html`
          <button type="button" class="chip" key=${reason} data-testid="rating-reason" data-reason=${reason}
            aria-pressed=${on} onClick=${() => ratings.toggle(of, reason)}>${t(`reason.${reason}`)}</button>`;
      })}
    </div>`;
}

function Comment({ ratings, of, comment }) {
  return html`
    <textarea class="rating-comment" rows="2" maxlength=${LONGEST} value=${comment} placeholder=${t("rating.comment")}
      aria-label=${t("rating.comment")} data-testid="rating-comment" onBlur=${() => ratings.flush()}
      onInput=${(event) => ratings.comment(of, event.target.value)}></textarea>`;
}

/** One who is rated; what more there is to say is asked of the one who was rated last. */
function Side({ ratings, of, name }) {
  const { score = 0, reasons = [], comment = "" } = ratings.given.value[of] ?? {};
  return html`
    <div class="rate" data-testid="rate" data-of=${of} data-score=${score}>
      <div class="rate-row">
        <p class="rate-who">${name}<span class="rate-word" aria-hidden="true">${score > 0 && t(`rating.${score}`)}</span></p>
        <${Stars} name=${`score-${of}`} legend=${t("rating.of", { name })} score=${score}
          onScore=${(value) => ratings.score(of, value)} />
      </div>
      ${score > 0 && ratings.last.value === of && html`
        <${Reasons} ratings=${ratings} of=${of} score=${score} chosen=${reasons} />
        <${Comment} ratings=${ratings} of=${of} comment=${comment} />`}
    </div>`;
}

function Thanks({ chat }) {
  if (Object.keys(chat.ratings.given.value).length === 0) return null;
  const waiting = chat.rating.value;
  return html`
    <p class="thanks" data-testid="rating-thanks" data-stored=${!waiting}>
      <${Icon} name=${waiting ? "clock" : "checkCircle"} size=${16} />${t(waiting ? "rating.sending" : "rating.thanks")}
    </p>`;
}

export function Rating({ chat, onAgain }) {
  const done = useSignal(false);
  const talk = chat.talk.value;
  const closed = talk.mode === "closed";
  useEffect(() => {
    if (!closed) done.value = false;
  }, [closed]);
  if (!closed || done.value) return null;
  const names = { bot: t("assistant"), agent: lastAgent(talk) ?? t("agent") };
  const again = () => {
    chat.ratings.flush();
    done.value = true;
    onAgain();
  };
  return html`
    <section class="rating" data-testid="rating" aria-label=${t("rating.title")}>
      <div class="rating-head">
        <p class="rating-title">${t("rating.title")}</p>
        <div role="status"><${Thanks} chat=${chat} /></div>
      </div>
      ${(talk.rate ?? ["bot"]).map((of) => html`
        <${Side} key=${of} ratings=${chat.ratings} of=${of} name=${names[of]} />`)}
      <button type="button" class="plain-button" data-testid="again" onClick=${again}>${t("closed.again")}</button>
    </section>`;
}
