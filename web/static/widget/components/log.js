/**
 * The conversation, newest at the bottom: stays there while the shopper is there, and says so when news comes while
 * not.
 */
import { html, useEffect, useRef } from "../../vendor/view.js";
import { openChoices, takenChoices } from "../conversation.js";
import { pendingEntries, timeline } from "../timeline.js";
import { t, when } from "../wording.js";
import { Group } from "./group.js";
import { Icon } from "./icon.js";
import { Note } from "./note.js";
import { usePinnedScroll } from "./pinned-scroll.js";
import { Typing } from "./typing.js";
import { Welcome } from "./welcome.js";

function Row({ row, chat, choices }) {
  if (row.kind === "time") return html`<p class="time"><time datetime=${row.at}>${when(row.at)}</time></p>`;
  if (row.kind === "new") return html`<p class="new-line" data-testid="new-line"><span>${t("log.new")}</span></p>`;
  if (row.kind === "group") return html`<${Group} row=${row} chat=${chat} choices=${choices} />`;
  return html`<${Note} entry=${row.entry} chat=${chat} choices=${choices} />`;
}

function ToBottom({ fresh, onGo }) {
  return html`
    <button type="button" class="to-bottom" data-testid="new-messages" data-fresh=${fresh > 0} onClick=${onGo}
      aria-label=${fresh > 0 ? `${t("log.more")} ${fresh}` : t("log.bottom")}>
      <${Icon} name="arrowDown" size=${16} />${fresh > 0 && html`<span class="fresh">${fresh > 99 ? "99+" : fresh}</span>`}
    </button>`;
}

/** Counts the entries that came in since the shopper scrolled away from the bottom. */
function useFresh(entries, away) {
  const left = useRef(null);
  if (!away) left.current = null;
  else left.current ??= entries.length;
  return away ? entries.slice(left.current).filter(({ from }) => from !== "shopper").length : 0;
}

const READ_FROM_TOP = '.group:last-child:not([data-speaker="shopper"]) .message:last-child, .welcome';

export function Log({ chat }) {
  const talk = chat.talk.value;
  const pending = chat.pending.value;
  const { box, content, away, toEnd } = usePinnedScroll((held) => held.querySelector(READ_FROM_TOP));
  const fresh = useFresh(talk.entries, away.value);
  const acted = chat.acted.value;
  useEffect(() => {
    if (acted > 0) toEnd();
  }, [acted]);

  const entries = [...talk.entries, ...pendingEntries(pending)];
  const choices = { open: openChoices(talk, pending), taken: takenChoices(talk, pending) };
  const empty = entries.length === 0 && talk.mode === "bot";
  return html`
    <div class="log-frame">
      <div class="log" ref=${box} tabindex="0" role="log" aria-label=${t("log")}
        aria-live=${talk.ready ? "polite" : "off"} data-testid="log" data-ready=${talk.ready}>
        <div class="log-content" ref=${content}>
          ${empty && html`<${Welcome} chat=${chat} />`}
          ${timeline(entries, chat.firstNew.value).map((row) => html`
            <${Row} key=${row.key} row=${row} chat=${chat} choices=${choices} />`)}
          ${talk.typing && html`<${Typing} from=${talk.typing} name=${talk.agent} />`}
        </div>
      </div>
      ${away.value && !empty && html`<${ToBottom} fresh=${fresh} onGo=${toEnd} />`}
    </div>`;
}
