/** The left column: what is offered, what is mine, and everybody who waits. */
import { html, useRef, useSignal } from "../../vendor/view.js";
import { queueOf } from "../floor.js";
import { skillName, t } from "../wording.js";
import { Icon } from "./icon.js";
import { Offer } from "./offer.js";
import { QueueRow, ServedRow } from "./rows.js";
import { Loading } from "./states.js";
import { StatusSwitch } from "./status-switch.js";

const SHOWN = 40;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

// Arrow keys walk the rows; Tab passes the whole list in one step.
function onKeyDown(event) {
  if (!(event.key in STEPS) || event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = [...event.currentTarget.querySelectorAll(".row-main")];
  const at = rows.indexOf(document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  rows[Math.max(0, Math.min(rows.length - 1, at + STEPS[event.key]))].focus();
}

function Heading({ title, count, children }) {
  return html`
    <header class="section-head"><h2>${title}<span class="amount">${count}</span></h2>${children}</header>`;
}

function SkillFilter({ desk, skill }) {
  const { floor } = desk;
  return html`
    <label class="filter">
      <span class="hidden">${t("queue.skill")}</span>
      <select data-testid="skill-filter" value=${skill.value ?? ""}
        onChange=${(event) => { skill.value = event.target.value || null; }}>
        <option value="">${t("queue.all")}</option>
        ${floor.value.skills.map((one) => html`<option key=${one.id} value=${one.id}>${skillName(one)}</option>`)}
      </select>
    </label>`;
}

function Queue({ desk }) {
  const skill = useSignal(null);
  const shown = useSignal(SHOWN);
  const items = queueOf(desk.floor.value, skill.value);
  const rest = items.length - shown.value;
  const { waiting, queue } = desk.floor.value;
  const beyond = waiting - queue.length;
  return html`
    <section class="section" data-testid="queue" aria-label=${t("queue")}>
      <${Heading} title=${t("queue")} count=${items.length + (skill.value ? 0 : beyond)}>
        <${SkillFilter} desk=${desk} skill=${skill} />
        ${desk.may("agent") && html`
          <button type="button" class="button" data-size="small" data-testid="claim-next" title=${t("queue.next.title")}
            disabled=${items.length === 0}
            onClick=${() => desk.claimNext(skill.peek())}>${t("queue.next")}</button>`}
      <//>
      ${items.length === 0
        ? html`<p class="nothing" data-testid="queue-empty">${t(skill.value ? "queue.empty.skill" : "queue.empty")}</p>`
        : html`<ul class="rows">${items.slice(0, shown.value).map((item) => html`<${QueueRow} key=${item.conversation}
          item=${item} desk=${desk} />`)}</ul>`}
      ${rest <= 0 && beyond > 0 && html`
        <p class="nothing" data-testid="queue-beyond">${t("queue.beyond", { n: queue.length })}</p>`}
      ${rest > 0 && html`
        <button type="button" class="more-button" data-testid="queue-more"
          onClick=${() => { shown.value += SHOWN * 2; }}>
          ${t("queue.more", { n: rest })}</button>`}
    </section>`;
}

function Mine({ desk }) {
  const items = desk.served.value;
  return html`
    <section class="section" data-testid="mine" aria-label=${t("mine")}>
      <${Heading} title=${t("mine")} count=${items.length} />
      ${items.length === 0
        ? html`<p class="nothing">${t(desk.status.value === "online" ? "mine.empty" : "mine.empty.off")}</p>`
        : html`<ul class="rows">${items.map((item) => html`<${ServedRow} key=${item.conversation} item=${item}
          desk=${desk} />`)}</ul>`}
    </section>`;
}

function GoOnline({ desk }) {
  if (desk.status.value === "online" || !desk.may("agent")) return null;
  return html`
    <div class="go-online">
      <p>${t(`status.${desk.status.value}.now`)}</p>
      <button type="button" class="button" data-tone="main" data-size="small" data-testid="go-online"
        onClick=${() => desk.setStatus("online")}>
        ${t("status.go")}</button>
    </div>`;
}

export function Inbox({ desk }) {
  const ready = desk.floor.value.ready;
  const list = useRef(null);
  return html`
    <aside class="inbox" data-testid="inbox" aria-label=${t("inbox")}>
      <header class="inbox-head">
        ${desk.may("agent") ? html`<${StatusSwitch} desk=${desk} />` : html`<p class="looking-only"><${Icon} name="eye"
          size=${16} />${t("trainer")}</p>`}
        <button type="button" class="icon-button" data-testid="find" aria-label=${t("archive.search")}
          title=${`${t("archive.search")} (Ctrl K)`}
          onClick=${() => { desk.layout.view.value = "archive"; }}><${Icon} name="search" /></button>
        <button type="button" class="icon-button" data-testid="shortcuts" aria-label=${t("shortcuts")}
          title=${`${t("shortcuts")} (?)`}
          onClick=${() => desk.layout.ask("shortcuts")}><${Icon} name="keyboard" /></button>
      </header>
      <div class="inbox-list" ref=${list} onKeyDown=${onKeyDown}>
        ${!ready && html`<${Loading} lines=${6} />`}
        ${ready && html`<${GoOnline} desk=${desk} />`}
        ${desk.offers.value.map((item) => html`<${Offer} key=${item.conversation} item=${item} desk=${desk} />`)}
        ${ready && desk.may("agent") && html`<${Mine} desk=${desk} />`}
        ${ready && html`<${Queue} desk=${desk} />`}
      </div>
    </aside>`;
}

