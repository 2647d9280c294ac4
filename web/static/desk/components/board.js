/** The supervisor's board: the queue, who is there with what, every conversation with its clock and mood; live. */
import { html, useEffect, useSignal } from "../../vendor/view.js";
import { span } from "../clock.js";
import { named, reasonText, skillName, t } from "../wording.js";
import { Face, Language, Level, Mood, Skill } from "./marks.js";
import { Empty, Loading } from "./states.js";
import { ServiceClock, Waited } from "./times.js";

const SHOWN = 100;

function Figure({ name, value, tone, testid }) {
  return html`<div class="figure" data-tone=${tone} data-testid=${testid}><dt>${name}</dt><dd>${value}</dd></div>`;
}

function share(met) {
  return met === null || met === undefined ? "–" : `${Math.round(met * 100)}%`;
}

function Figures({ board }) {
  const { queue, clocks, hour, agents } = board;
  const online = agents.filter(({ status }) => status === "online").length;
  return html`
    <dl class="figures">
      <${Figure} name=${t("board.queue")} value=${queue.total} testid="board-queue" />
      <${Figure} name=${t("board.longest")} value=${span(queue.longest_s ?? 0)} />
      <${Figure} name=${t("board.away")} value=${queue.away ?? 0} />
      <${Figure} name=${t("board.warning")} value=${clocks.warning} tone=${clocks.warning > 0 ? "care" : null} />
      <${Figure} name=${t("board.breach")} value=${clocks.breach} tone=${clocks.breach > 0 ? "bad" : null} />
      <${Figure} name=${t("board.online")} value=${`${online}/${agents.length}`} />
      <${Figure} name=${t("board.claimed")} value=${hour?.claimed ?? 0} />
      <${Figure} name=${t("board.resolved")} value=${hour?.resolved ?? 0} />
      <${Figure} name=${t("board.wait")}
        value=${hour?.mean_wait_s === null || hour?.mean_wait_s === undefined ? "–" : span(hour.mean_wait_s)} />
      <${Figure} name=${t("board.met")} value=${share(hour?.first_response_met)} />
    </dl>`;
}

// Decoration: the number stands beside it.
function Bar({ part }) {
  return html`<span class="bar" aria-hidden="true"><i style=${{ width: `${Math.min(1, part) * 100}%` }}></i></span>`;
}

function Skills({ queue, floor }) {
  const most = Math.max(1, ...Object.values(queue.by_skill ?? {}));
  return html`
    <section class="panel"><h2>${t("board.skills")}</h2>
      <ul class="bars">${floor.skills.map((one) => {
        const n = queue.by_skill?.[one.id] ?? 0;
        return html`<li key=${one.id}><span>${skillName(one)}</span><${Bar} part=${n / most} /><b>${n}</b></li>`;
      })}</ul></section>`;
}

function Agents({ agents, missing, picked }) {
  return html`
    <section class="panel"><h2>${t("board.agents")}<span class="amount">${agents.length}</span></h2>
      ${missing?.length > 0 && html`<p class="missing"
        data-testid="missing">${t("board.missing", { names: missing.join(t("list.comma")) })}</p>`}
      <ul class="agents">${agents.map((one) => html`
        <li key=${one.username}><button type="button" class="agent" data-testid="board-agent"
          aria-pressed=${picked.value === one.username}
          onClick=${() => { picked.value = picked.peek() === one.username ? null : one.username; }}>
          <${Face} name=${one.name} from="agent" size="small" /><span class="agent-name">${one.name}<small>
            ${(one.skills ?? []).map(skillName).join(" · ")}</small></span>
          <span class="light" data-status=${one.status} title=${t(`status.${one.status}`)}></span>
          <span class="load-bar" data-full=${one.load >= one.capacity}><${Bar}
            part=${one.capacity ? one.load / one.capacity : 0} /><b>${one.load}/${one.capacity}</b></span>
        </button></li>`)}</ul>
    </section>`;
}

const WORST = { breach: 0, warning: 1, ok: 2 };
const MODES = { waiting: 0, human: 1 };

function inOrder(items) {
  return [...items].sort((one, other) => (WORST[one.clock?.state] ?? 3) - (WORST[other.clock?.state] ?? 3)
    || (MODES[one.mode] ?? 2) - (MODES[other.mode] ?? 2) || Date.parse(one.since ?? 0) - Date.parse(other.since ?? 0));
}

function Line({ item, desk }) {
  const { conversation } = item;
  return html`
    <tr data-testid="board-row" data-conversation=${conversation} data-clock=${item.clock?.state}>
      <td><button type="button" class="link-button" data-testid="read-along"
        onClick=${() => desk.select(conversation)}>${item.name || t("shopper.unknown")}</button>
        <${Level} level=${item.level} /><${Language} lang=${item.lang} /><${Mood} mood=${item.mood} /></td>
      <td><span class="mode-mark" data-mode=${item.mode}>${named("mode", item.mode)}</span></td>
      <td><${Skill} skill=${item.skill} /></td>
      <td class="cell-reason">${reasonText(item)}</td>
      <td>${item.agent?.name ?? (item.offered_to ? t("queue.offered", { name: item.offered_to.name }) : "")}</td>
      <td><${Waited} since=${item.since} /></td>
      <td><${ServiceClock} clock=${item.clock} /></td>
      <td class="cell-acts">
        <button type="button" class="button" data-size="small" data-testid="board-reassign"
          onClick=${() => desk.layout.ask("transfer", { conversation, reassign: true })}>${t("reassign")}</button>
        ${item.mode === "human" && !desk.isMine(conversation) && html`<button type="button" class="button"
          data-size="small" data-testid="board-take"
          onClick=${() => desk.layout.ask("take_over", { conversation })}>${t("take_over")}</button>`}
      </td>
    </tr>`;
}

function Conversations({ board, desk, picked }) {
  const shown = useSignal(SHOWN);
  const items = inOrder(board.conversations.filter((item) => !picked.value || item.agent?.username === picked.value));
  return html`
    <section class="panel panel-wide"><h2>${t("board.conversations")}<span class="amount">${items.length}</span></h2>
      ${items.length === 0 ? html`<p class="nothing">${t("board.quiet")}</p>` : html`
        <div class="table-frame"><table>
          <thead><tr>${["shopper", "mode", "skill", "reason", "agent", "waited", "clock", "acts"].map((name) => html`<th
            key=${name} scope="col">${t(`board.col.${name}`)}</th>`)}</tr></thead>
          <tbody>${items.slice(0, shown.value).map((item) => html`<${Line} key=${item.conversation} item=${item}
            desk=${desk} />`)}</tbody>
        </table></div>`}
      ${items.length > shown.value && html`<button type="button" class="more-button"
        onClick=${() => { shown.value += SHOWN; }}>${t("queue.more", { n: items.length - shown.value })}</button>`}
    </section>`;
}

export function Board({ desk }) {
  const picked = useSignal(null);
  const { board } = desk.floor.value;
  useEffect(() => {
    desk.watchBoard(true);
    return () => desk.watchBoard(false);
  }, []);
  if (!desk.may("supervisor")) return html`<main class="view"><${Empty} icon="lock" title=${t("error.forbidden")} />
    </main>`;
  return html`
    <main class="view" data-testid="board" aria-label=${t("view.board")}>
      <header class="view-head"><h1>${t("view.board")}</h1></header>
      ${!board ? html`<${Loading} lines=${6} />` : html`
        <${Figures} board=${board} />
        <div class="board-grid"><${Conversations} board=${board} desk=${desk} picked=${picked} />
          <div class="board-side"><${Agents} agents=${board.agents} missing=${board.missing} picked=${picked} />
            <${Skills} queue=${board.queue} floor=${desk.floor.value} /></div></div>`}
    </main>`;
}
