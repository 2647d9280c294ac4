/** Whether this agent takes conversations, and how many are there already. */
import { html } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Icon } from "./icon.js";
import { Menu, MenuItem } from "./menu.js";

export const STATUSES = ["online", "away", "offline"];

function Button({ desk }) {
  const { status, me } = desk;
  return html`
    <span class="light" data-status=${status.value} aria-hidden="true"></span>
    <span>${t(`status.${status.value}`)}</span>
    ${me.value && html`<span class="load"
      title=${t("load.title")}>${me.value.load ?? 0}/${me.value.capacity ?? 0}</span>`}
    <${Icon} name="chevron" size=${14} />`;
}

export function StatusSwitch({ desk }) {
  const status = desk.status.value;
  const label = t("status.is", { status: t(`status.${status}`) });
  return html`
    <div class="status" data-testid="status" data-status=${status}>
      <${Menu} label=${label} testid="status-button" className="status-button" button=${html`<${Button}
        desk=${desk} />`}>
        ${STATUSES.map((name, index) => html`
          <${MenuItem} key=${name} checked=${status === name}
            testid=${`status-${name}`} onPick=${() => desk.setStatus(name)}>
            <span class="light" data-status=${name}></span>
              ${t(`status.${name}`)}<small>${t(`status.${name}.means`)}</small>
            <kbd>Alt ${index + 1}</kbd>
          <//>`)}
      <//>
    </div>`;
}
