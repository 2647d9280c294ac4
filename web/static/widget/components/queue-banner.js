/** While waiting for a person: the place in the queue, the expected wait, and that nothing is lost meanwhile. */
import { html } from "../../vendor/view.js";
import { t, waitText } from "../wording.js";

export function QueueBanner({ talk }) {
  const { mode, position, waitSeconds } = talk.value;
  if (mode !== "waiting") return null;
  const place = position && (waitSeconds === null
    ? t("queue.ahead", { n: position })
    : t("queue.ahead.wait", { n: position, wait: waitText(waitSeconds) }));
  return html`
    <section class="queue" data-testid="queue" aria-label=${t("queue.title")}>
      <div class="queue-rings" aria-hidden="true"><i></i><i></i><span>${position ?? "…"}</span></div>
      <div>
        <p class="queue-title">${place || t("queue.title")}</p>
        <p class="queue-text">${t("queue.kept")}</p>
      </div>
    </section>`;
}
