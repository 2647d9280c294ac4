/** While waiting for a person: the place in the queue or, with nobody on duty, how to be reached; and the way back. */
import { html } from "../../vendor/view.js";
import { t, waitText, when } from "../wording.js";
import { Contact } from "./contact.js";
import { Icon } from "./icon.js";

function WayBack({ chat }) {
  const leaving = chat.leaving.value;
  return html`
    <button type="button" class="text-button queue-back" data-testid="queue-back" aria-disabled=${leaving}
      onClick=${() => chat.leaveQueue()}>${t("queue.back")}</button>`;
}

function InLine({ chat, position, waitSeconds }) {
  const place = position && (waitSeconds === null
    ? t("queue.ahead", { n: position })
    : t("queue.ahead.wait", { n: position, wait: waitText(waitSeconds) }));
  return html`
    <section class="queue" data-testid="queue" data-away="false" aria-label=${t("queue.title")}>
      <div class="queue-rings" aria-hidden="true"><i></i><i></i><span>${position ?? "…"}</span></div>
      <div class="queue-body">
        <p class="queue-title">${place || t("queue.title")}</p>
        <p class="queue-text">${t("queue.kept")} <${WayBack} chat=${chat} /></p>
      </div>
    </section>`;
}

function NobodyThere({ chat, backAt }) {
  return html`
    <section class="queue" data-testid="queue" data-away="true" aria-label=${t("away.title")}>
      <div class="queue-moon" aria-hidden="true"><${Icon} name="moon" /></div>
      <div class="queue-body">
        <p class="queue-title">${t("away.title")}</p>
        <p class="queue-text">
          ${backAt ? t("away.until", { time: when(backAt) }) : t("away.kept")} <${WayBack} chat=${chat} />
        </p>
        <${Contact} chat=${chat} />
      </div>
    </section>`;
}

export function QueueBanner({ chat }) {
  const { mode, position, waitSeconds, away, backAt } = chat.talk.value;
  if (mode !== "waiting") return null;
  return away
    ? html`<${NobodyThere} chat=${chat} backAt=${backAt} />`
    : html`<${InLine} chat=${chat} position=${position} waitSeconds=${waitSeconds} />`;
}
