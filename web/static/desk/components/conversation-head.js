/** Who it is, how it stands, who else looks at it, and the buttons of what can be done. */
import { html } from "../../vendor/view.js";
import { named, t } from "../wording.js";
import { Icon } from "./icon.js";
import { Language, Level, Mood, Skill } from "./marks.js";
import { Menu, MenuItem } from "./menu.js";
import { ServiceClock, Waited } from "./times.js";

function Looking({ desk, talk }) {
  const others = (talk?.looking ?? []).filter(({ username }) => username !== desk.account.value?.username);
  if (others.length === 0) return null;
  const writes = talk?.typing?.from === "agent" ? talk.typing.name : null;
  const typing = others.filter(({ name }) => name === writes);
  const shown = typing.length ? typing : others;
  const names = shown.map(({ name }) => name).join(t("list.comma"));
  return html`
    <p class="looking" data-testid="looking" data-typing=${typing.length > 0}>
      <${Icon} name=${typing.length ? "edit" : "eye"}
        size=${14} />${t(typing.length ? "looking.typing" : "looking", { names })}
    </p>`;
}

function Standing({ item }) {
  const agent = item.mode === "human" && item.agent ? ` · ${item.agent.name}` : "";
  return html`
    <p class="talk-standing">
      <span class="mode-mark" data-mode=${item.mode} data-testid="mode">${named("mode", item.mode)}${agent}</span>
      <${Skill} skill=${item.skill} />
      ${item.mode === "waiting" && html`<span class="muted">${t("waited")} <${Waited} since=${item.since} /></span>`}
      <${ServiceClock} clock=${item.clock} />
    </p>`;
}

function MineActions({ desk, conversation, item }) {
  const { layout } = desk;
  return html`
    <button type="button" class="button" data-testid="transfer" title=${`${t("transfer")} (Alt T)`}
      onClick=${() => layout.ask("transfer", { conversation })}>
      <${Icon} name="transfer" size=${16} /><span>${t("transfer")}</span></button>
    <button type="button" class="button" data-testid="hand-back" title=${`${t("hand_back")} (Alt B)`}
      onClick=${() => layout.ask("resolve", { conversation, to: "bot" })}>
      <${Icon} name="bot" size=${16} /><span>${t("hand_back")}</span></button>
    <button type="button" class="button" data-tone="main" data-testid="resolve" title=${`${t("resolve")} (Alt E)`}
      onClick=${() => layout.ask("resolve", { conversation, to: "closed" })}><${Icon} name="check" size=${16} />
        <span>${t("resolve")}</span></button>
    <${Menu} label=${t("more")} testid="talk-more" button=${html`<${Icon} name="more" />`}>
      <${MenuItem} icon="order" testid="menu-order"
        onPick=${() => layout.ask("task", { conversation })}>${t("task")}<//>
      <${MenuItem} icon="card" testid="menu-card"
        onPick=${() => layout.ask("card", { conversation })}>${t("card.send")}<//>
      ${desk.may("supervisor") && html`<${MenuItem} icon="people" testid="menu-reassign"
        onPick=${() => layout.ask("transfer", { conversation, reassign: true })}>${t("reassign")}<//>`}
    <//>`;
}

function OverseerActions({ desk, conversation, item }) {
  const open = item.mode === "human" || item.mode === "waiting";
  if (!desk.may("supervisor") || !open) return null;
  return html`
    <button type="button" class="button" data-testid="reassign"
      onClick=${() => desk.layout.ask("transfer", { conversation, reassign: true })}>
      <${Icon} name="people" size=${16} /><span>${t("reassign")}</span></button>
    ${item.mode === "human" && html`
      <button type="button" class="button" data-testid="take-over"
        onClick=${() => desk.layout.ask("take_over", { conversation })}>
        <${Icon} name="hand" size=${16} /><span>${t("take_over")}</span></button>`}`;
}

export function ConversationHead({ desk, conversation, item, talk }) {
  const Actions = desk.isMine(conversation) ? MineActions : OverseerActions;
  const { layout } = desk;
  return html`
    <header class="talk-head">
      <button type="button" class="icon-button only-phone" data-testid="back" aria-label=${t("back")}
        onClick=${() => { layout.pane.value = "list"; }}>
        <${Icon} name="back" /></button>
      <div class="talk-who">
        <h1 class="row-name"><span class="talk-name">${item.name || t("shopper.unknown")}</span><${Level}
          level=${item.level} /><${Language} lang=${item.lang} /><${Mood} mood=${item.mood} /></h1>
        <${Standing} item=${item} />
        <${Looking} desk=${desk} talk=${talk} />
      </div>
      <div class="talk-actions"><${Actions} desk=${desk} conversation=${conversation} item=${item} /></div>
      <button type="button" class="icon-button" data-testid="toggle-side" aria-pressed=${layout.side.value}
        aria-label=${t("side.toggle")}
        title=${`${t("side.toggle")} (])`} onClick=${() => layout.toggleSide()}><${Icon} name="panel" /></button>
    </header>`;
}
