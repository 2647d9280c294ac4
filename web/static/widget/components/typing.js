/** Three dots while the other side writes. */
import { html } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Avatar } from "./avatar.js";

export function Typing({ from, name }) {
  return html`
    <div class="group" data-speaker=${from} data-testid="typing">
      <${Avatar} from=${from} name=${name} small />
      <div class="bubble typing"><span class="hidden">${t(`typing.${from}`)}</span><i></i><i></i><i></i></div>
    </div>`;
}
