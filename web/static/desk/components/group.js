/** What one speaker said in one go: the shopper on the left, who answers for the shop on the right, notes in yellow. */
import { html } from "../../vendor/view.js";
import { t, when } from "../wording.js";
import { Icon } from "./icon.js";
import { Face } from "./marks.js";
import { Message } from "./message.js";

function labelOf({ kind, from, name, body }, shopper) {
  if (kind === "note") return `${name ?? body.agent ?? ""} · ${t(body.whisper ? "whisper" : "note")}`;
  if (from === "shopper") return name ?? (shopper || t("speaker.shopper"));
  return name ?? t(`speaker.${from}`);
}

/** `shopper` is what the shopper is called. */
export function Group({ row, desk, conversation, readUpTo, shopper }) {
  const [first] = row.entries;
  const { kind, from, body } = first;
  const side = kind === "note" ? "note" : from;
  const label = labelOf(first, shopper);
  return html`
    <div class="group" data-side=${side} data-whisper=${Boolean(body.whisper)}>
      ${kind !== "note" && html`<${Face} name=${label} from=${from} size="small" />`}
      <div class="group-body">
        <p class="group-name">${kind === "note" && html`<${Icon} name=${body.whisper ? "whisper" : "note"}
          size=${13} />`}<span>${label}</span>
          <time datetime=${first.at}>${when(first.at)}</time></p>
        ${row.entries.map((entry) => html`
          <${Message} key=${entry.mid ?? entry.id} entry=${entry} label=${label} desk=${desk}
            conversation=${conversation} read=${entry.id === readUpTo} />`)}
      </div>
    </div>`;
}
