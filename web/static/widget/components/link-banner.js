/** Says when the door cannot be reached, and that nothing typed is lost. */
import { html, useEffect, useSignal } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Icon } from "./icon.js";

const PATIENCE_MS = 900;
const SAID = new Set(["lost", "unavailable", "refused"]);

/** A short break is not worth a banner: it shows after most of a second. */
export function LinkBanner({ chat }) {
  const link = chat.link.value;
  const waiting = chat.pending.value.some(({ code }) => code === "unavailable");
  const trouble = SAID.has(link) ? link : waiting ? "unavailable" : null;
  const shown = useSignal(null);
  useEffect(() => {
    if (trouble === null || shown.peek()) {
      shown.value = trouble;
      return undefined;
    }
    const timer = setTimeout(() => {
      shown.value = trouble;
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [trouble]);

  return html`
    <div role="status" aria-live="polite">
      ${shown.value && html`
        <div class="banner" data-kind=${shown.value} data-testid="banner">
          <${Icon} name=${shown.value === "lost" ? "offline" : "alert"} size=${18} />
          <p>${t(`banner.${shown.value}`)}</p>
          ${shown.value === "refused" && html`
            <button type="button" class="text-button" data-testid="guest" onClick=${() => chat.continueAsGuest()}>
              ${t("banner.guest")}
            </button>`}
        </div>`}
    </div>`;
}
