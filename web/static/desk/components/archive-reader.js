/** A conversation of the archive, to be read: what was agreed, who handled it, and every word of it. */
import { html, useEffect, useSignal } from "../../vendor/view.js";
import { timeline } from "../timeline.js";
import { named, skillName, t, troubleText, when } from "../wording.js";
import { Group } from "./group.js";
import { Icon } from "./icon.js";
import { Line } from "./line.js";
import { Empty, Failed, Loading } from "./states.js";

const DAY_MS = 86_400_000;

function Handling({ one, desk }) {
  const { agent, skill, claimed_at: claimed, ended_at: ended, ended: how, category, solution } = one;
  return html`
    <li><strong>${desk.nameOf(agent)}</strong>
      <span class="muted">${claimed && when(claimed)}${ended && ` – ${when(ended)}`}</span>
      ${skill && html`<span class="chip">${skillName(skill)}</span>`}${how && html`<span
        class="chip">${named("released", how)}</span>`}
      ${category && html`<span class="chip good">${named("category", category)}</span>`}
      ${solution && html`<p>${t("line.solution", { text: solution })}</p>`}</li>`;
}

function Handlings({ desk, handlings, row }) {
  return html`
    <div class="handlings">
      ${row?.summary && html`<p class="agreed"><b>${t("handoff.agreed")}</b>${row.summary}</p>`}
      ${handlings?.length > 0 && html`<ul>${handlings.map((one, index) => html`<${Handling} key=${index} one=${one}
        desk=${desk} />`)}</ul>`}
    </div>`;
}

function Row({ row, desk, conversation, shopper }) {
  if (row.kind === "time") return html`<p class="time"><time datetime=${row.at}>${when(row.at)}</time></p>`;
  if (row.kind === "line") return html`<${Line} entry=${row.entry} before=${row.before} />`;
  return html`<${Group} row=${row} desk=${desk} conversation=${conversation} readUpTo=${null} shopper=${shopper} />`;
}

const entryOf = (message) => ({ kind: "message", body: {}, ...message });

function Whole({ desk, conversation, one }) {
  const { row, messages, handlings } = one;
  const young = row?.closed_at && Date.now() - Date.parse(row.closed_at) < DAY_MS;
  const reopen = async () => {
    try {
      await desk.order({ type: "reopen", conversation });
    } catch (error) {
      if (!error.code) throw error;
      desk.notices.say(troubleText(error), { tone: "trouble" });
    }
  };
  return html`
    <header class="reader-head">
      <button type="button" class="icon-button" aria-label=${t("back")} data-testid="reader-close"
        onClick=${() => { desk.reading.value = null; }}><${Icon} name="back" /></button>
      <div><h2>${row?.name || t("shopper.unknown")}</h2><p
        class="muted">${row?.closed_at && t("archive.closed", { at: when(row.closed_at) })}</p></div>
      ${young && desk.may("agent") && html`<button type="button" class="button" data-testid="reader-reopen"
        onClick=${reopen}><${Icon} name="undo" size=${16} />${t("reopen")}</button>`}
    </header>
    <div class="log reader-log" tabindex="0"><div class="log-content">
      <${Handlings} desk=${desk} handlings=${handlings} row=${row} />
      ${timeline((messages ?? []).map(entryOf)).map((each) => html`<${Row} key=${each.key} row=${each} desk=${desk}
        conversation=${conversation} shopper=${row?.name} />`)}
    </div></div>`;
}

export function ArchiveReader({ desk }) {
  const conversation = desk.reading.value;
  const state = useSignal({ one: null, error: null });
  async function load() {
    state.value = { one: null, error: null };
    if (!conversation) return;
    try {
      const one = await desk.api.get(`/api/desk/archive/${encodeURIComponent(conversation)}`);
      if (desk.reading.peek() === conversation) state.value = { one, error: null };
    } catch (error) {
      if (!error.code) throw error;
      state.value = { one: null, error };
    }
  }
  useEffect(() => void load(), [conversation]);
  const { one, error } = state.value;
  return html`
    <section class="reader" data-testid="reader" data-conversation=${conversation} aria-label=${t("archive.reader")}>
      ${!conversation && html`<${Empty} icon="archive" title=${t("archive.pick")} />`}
      ${error && html`<${Failed} error=${error} onAgain=${load} />`}
      ${conversation && !one && !error && html`<${Loading} lines=${6} />`}
      ${one && html`<${Whole} desk=${desk} conversation=${conversation} one=${one} />`}
    </section>`;
}
