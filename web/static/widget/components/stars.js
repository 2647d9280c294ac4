/** A score from one to five; the press itself counts. */
import { html } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Icon } from "./icon.js";

const SCORES = [1, 2, 3, 4, 5];

/** `name` tells the groups of a page apart, `legend` says what is rated; `score` is 0 before. */
export function Stars({ name, legend, score, onScore }) {
  return html`
    <fieldset class="stars">
      <legend class="hidden">${legend}</legend>
      ${SCORES.map((value) => html`
        <label class="star" key=${value} data-on=${value <= score} title=${t(`rating.${value}`)}>
          <input type="radio" name=${name} value=${value} checked=${value === score}
            aria-label=${t(`rating.${value}`)} data-testid=${`rating-${value}`} onClick=${() => onScore(value)} />
          <${Icon} name="star" size=${26} />
        </label>`)}
    </fieldset>`;
}
