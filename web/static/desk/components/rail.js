/** The narrow column at the edge: the views of the desk, and the menu of whoever sits at it. */
import { html } from "../../vendor/view.js";
import { theme } from "../theme.js";
import { lang, t } from "../wording.js";
import { Icon } from "./icon.js";
import { Face } from "./marks.js";
import { Menu, MenuItem, MenuLine } from "./menu.js";

const VIEWS = [
  ["desk", "inbox", "trainer"], ["board", "board", "supervisor"], ["archive", "archive", "trainer"], ["replies", "bolt", "trainer"],
  ["accounts", "people", "supervisor"], ["audit", "audit", "supervisor"],
];

function Tab({ desk, name, icon }) {
  const current = desk.layout.view.value === name;
  const count = name === "desk" ? desk.waiting.value : 0;
  const go = () => {
    desk.layout.view.value = name;
    if (name === "desk") desk.layout.pane.value = "list";
  };
  return html`
    <button type="button" class="rail-tab" data-testid=${`view-${name}`} aria-current=${current ? "page" : null}
      title=${t(`view.${name}`)}
      onClick=${go}>
      <${Icon} name=${icon} size=${20} /><span>${t(`view.${name}`)}</span>
      ${count > 0 && html`<b class="count" aria-label=${t("unread", { n: count })}>${count > 99 ? "99+" : count}</b>`}
    </button>`;
}

function Profile({ desk, speak }) {
  const { account, alerts, layout } = desk;
  return html`
    <${Menu} label=${t("menu")} testid="profile" className="rail-profile"
      button=${html`<${Face} name=${account.value?.name} from="agent" />`}>
      <p class="menu-who"><strong>${account.value?.name}</strong><span>${t(`role.${account.value?.role}`)}</span></p>
      <${MenuLine} label=${t("menu.language")} />
      ${[["zh", "中文"], ["en", "English"]].map(([tag, name]) => html`
        <${MenuItem} key=${tag} checked=${lang.value === tag} tag=${tag}
          testid=${`language-${tag}`} onPick=${() => speak(tag)}>${name}<//>`)}
      <${MenuLine} label=${t("menu.theme")} />
      ${["system", "light", "dark"].map((name) => html`
        <${MenuItem} key=${name} checked=${theme.value === name}
          testid=${`theme-${name}`} onPick=${() => { theme.value = name; }}>
          ${t(`theme.${name}`)}<//>`)}
      <${MenuLine} label=${t("menu.alerts")} />
      <${MenuItem} checked=${alerts.sound.value} testid="sound" keepOpen
        onPick=${() => alerts.setSound(!alerts.sound.peek())}>${t("menu.sound")}<//>
      <${MenuItem} checked=${alerts.notice.value} testid="system-notice" keepOpen
        onPick=${() => alerts.setNotice(!alerts.notice.peek())}>
        ${t("menu.notice")}<//>
      <${MenuLine} />
      <${MenuItem} icon="keyboard" testid="open-shortcuts" onPick=${() => layout.ask("shortcuts")}>${t("shortcuts")}<//>
      <${MenuItem} icon="lock" testid="open-password" onPick=${() => layout.ask("password")}>${t("password")}<//>
      <${MenuItem} icon="back" testid="sign-out" onPick=${() => desk.signOut()}>${t("sign_out")}<//>
    <//>`;
}

export function Rail({ desk, speak }) {
  return html`
    <nav class="rail" aria-label=${t("views")}>
      <p class="rail-brand" aria-hidden="true">S</p>
      ${VIEWS.filter(([, , role]) => desk.may(role)).map(([name, icon]) => html`<${Tab} key=${name} desk=${desk}
        name=${name} icon=${icon} />`)}
      <${Profile} desk=${desk} speak=${speak} />
    </nav>`;
}
