/** Three dots while the other side writes; an agent by name. */
import { html } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Avatar } from "./avatar.js";

export function Typing({ from, name }) {
  const said = from === "agent" && name ? t("typing.agent.named", { name }) : t(`typing.${from}`);
  return html`
    <div class="group" data-speaker=${from} data-testid="typing">
      <${Avatar} from=${from} name=${name} small />
      <div class="group-body">
        ${from === "agent" && html`<p class="group-name">${said}</p>`}
        <div class="bubble typing">${from !== "agent" && html`<span class="hidden">${said}</span>`}<i></i><i></i><i></i></div>
      </div>
    </div>`;
}
