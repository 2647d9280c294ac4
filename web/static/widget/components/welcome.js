/** The first thing a shopper sees: what this is good for, and the usual questions to start with. */
import { html } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Icon } from "./icon.js";

const STARTS = [["order", "box"], ["logistics", "truck"], ["returns", "refund"]];

export function Welcome({ chat }) {
  return html`
    <section class="welcome" data-testid="welcome">
      <h2>${t("welcome.title")}</h2>
      <p>${t("welcome.text")}</p>
      <div class="starts" role="group" aria-label=${t("welcome.starts")}>
        ${STARTS.map(([name, icon]) => html`
          <button type="button" class="start" key=${name} data-testid="quick-start" data-start=${name}
            onClick=${() => chat.say(t(`start.${name}`))}>
            <${Icon} name=${icon} /><span>${t(`start.${name}`)}</span>
          </button>`)}
        <button type="button" class="start" data-testid="quick-start" data-start="human"
          onClick=${() => chat.askForPerson()}>
          <${Icon} name="headset" /><span>${t("start.human")}</span>
        </button>
      </div>
    </section>`;
}
