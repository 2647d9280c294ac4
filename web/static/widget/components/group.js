/** What one speaker said in one go. */
import { html } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Avatar } from "./avatar.js";
import { Message } from "./message.js";

export function Group({ row, chat, choices }) {
  const own = row.from === "shopper";
  const name = own ? t("you") : row.name ?? t(row.from === "agent" ? "agent" : "assistant");
  return html`
    <div class="group" data-speaker=${row.from}>
      ${!own && html`<${Avatar} from=${row.from} name=${row.name} small />`}
      <div class="group-body">
        ${!own && html`<p class="group-name" aria-hidden="true">${name}</p>`}
        ${row.entries.map((entry, index) => html`
          <${Message} key=${entry.mid ?? entry.id} entry=${entry} speaker=${name}
            last=${index === row.entries.length - 1} chat=${chat} choices=${choices} />`)}
      </div>
    </div>`;
}
