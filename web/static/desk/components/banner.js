/** Says that the link is gone, and that nothing typed meanwhile is lost. */
import { html } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Icon } from "./icon.js";

export function Banner({ desk }) {
  const { ready, ledger } = desk.floor.value;
  const status = desk.link.value === "online" && !ledger ? "ledger" : desk.link.value;
  const unsent = desk.pending.value.length;
  if (status === "online" || (status === "connecting" && !ready)) return html`<div class="banner"
    role="status" hidden></div>`;
  return html`
    <div class="banner" role="status" data-testid="banner" data-status=${status}>
      <${Icon} name="offline" size=${16} />
      <span>${t(status === "ledger" ? "banner.ledger" : "banner.lost")}${unsent > 0 ? ` ${t("banner.unsent", { n: unsent })}` : ""}</span>
      ${status !== "ledger" && html`
        <button type="button" class="link-button" onClick=${() => desk.connection.nudge()}>${t("banner.now")}</button>`}
    </div>`;
}
