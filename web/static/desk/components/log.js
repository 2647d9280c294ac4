/** The conversation, newest at the bottom; stays there while one is there, and loads what is older when scrolled up. */
import { html, useEffect, useLayoutEffect, useRef, useSignal } from "../../vendor/view.js";
import { later } from "../talk.js";
import { pendingEntries, timeline } from "../timeline.js";
import { t, troubleText, when } from "../wording.js";
import { Group } from "./group.js";
import { Icon } from "./icon.js";
import { Line } from "./line.js";
import { usePinned } from "./pinned.js";

const NEAR_TOP_PX = 120;

function Row({ row, desk, conversation, readUpTo, shopper }) {
  if (row.kind === "time") return html`<p class="time"><time datetime=${row.at}>${when(row.at)}</time></p>`;
  if (row.kind === "new") return html`<p class="new-line" data-testid="new-line"><span>${t("log.new")}</span></p>`;
  if (row.kind === "line") return html`<${Line} entry=${row.entry} before=${row.before} />`;
  return html`<${Group} row=${row} desk=${desk} conversation=${conversation} readUpTo=${readUpTo}
    shopper=${shopper} />`;
}

/** Loads what is older when one comes near the top, and keeps what is read where it is. */
function useOlder({ desk, conversation, talk, box }) {
  const busy = useSignal(false);
  const below = useRef(null);
  const first = talk.entries[0]?.id;
  async function load() {
    if (busy.peek() || !talk.more) return;
    busy.value = true;
    below.current = box.current.scrollHeight - box.current.scrollTop;
    try {
      await desk.loadOlder(conversation);
    } catch (error) {
      if (!error.code) throw error;
      desk.notices.say(troubleText(error), { tone: "trouble" });
    } finally {
      busy.value = false;
    }
  }
  useLayoutEffect(() => {
    if (below.current === null) return;
    box.current.scrollTop = box.current.scrollHeight - below.current;
    below.current = null;
  }, [first]);
  return { busy, load };
}

function Typing({ typing }) {
  const who = typing.name ?? t(`speaker.${typing.from}`);
  return html`
    <p class="typing" data-testid="typing" data-from=${typing.from}><span class="dots" aria-hidden="true"><i></i><i></i>
      <i></i></span>${t("typing", { name: who })}</p>`;
}

/** The newest entry of ours that the shopper has read, if any. */
function readMark(entries, readId) {
  if (!readId) return null;
  return entries.findLast(({ from, kind, id }) => kind === "message" && from === "agent" && !later(id, readId))?.id ?? null;
}

export function Log({ desk, conversation, talk, item }) {
  const { box, content, away, toEnd } = usePinned();
  const { busy, load } = useOlder({ desk, conversation, talk, box });
  const pending = desk.pending.value;
  const said = new Set(talk.entries.map(({ mid }) => mid).filter(Boolean));
  const waiting = pendingEntries(pending.filter(({ mid }) => !said.has(mid)), conversation, desk.account.value?.name);
  const entries = [...talk.entries, ...waiting];
  const readUpTo = readMark(talk.entries, item?.read_by_shopper);
  useEffect(() => {
    if (waiting.length > 0) toEnd();
  }, [waiting.length]);
  const onScroll = ({ currentTarget }) => box.current && currentTarget.scrollTop < NEAR_TOP_PX && load();
  return html`
    <div class="log-frame">
      <div class="log" ref=${box} tabindex="0" role="log" aria-label=${t("log")} data-testid="log" onScroll=${onScroll}>
        <div class="log-content" ref=${content}>
          ${talk.more && html`<button type="button" class="more-button" data-testid="older"
            onClick=${load}>${t(busy.value ? "loading" : "log.older")}</button>`}
          ${entries.length === 0 && html`<p class="nothing">${t("log.empty")}</p>`}
          ${timeline(entries, desk.firstNew.value[conversation]).map((row) => html`
            <${Row} key=${row.key} row=${row} desk=${desk} conversation=${conversation} readUpTo=${readUpTo}
              shopper=${item?.name} />`)}
          ${talk.typing && html`<${Typing} typing=${talk.typing} />`}
        </div>
      </div>
      ${away.value && html`
        <button type="button" class="to-bottom" data-testid="to-bottom" aria-label=${t("log.bottom")} onClick=${toEnd}>
          <${Icon} name="arrowDown" size=${16} /></button>`}
    </div>`;
}
