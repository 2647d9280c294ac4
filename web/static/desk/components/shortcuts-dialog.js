/** All that the keyboard can do, by what it is about. */
import { html } from "../../vendor/view.js";
import { SHORTCUTS, keysOf } from "../keys.js";
import { t } from "../wording.js";
import { Dialog } from "./dialog.js";

const GROUPS = ["list", "talk", "general", "views"];

function Keys({ shortcut }) {
  return keysOf(shortcut).map((keys, index) => html`
    ${index > 0 && html`<span class="muted"> ${t("or")} </span>`}${keys.map((key) => html`<kbd
      key=${key}>${key}</kbd>`)}`);
}

export function ShortcutsDialog({ onClose }) {
  return html`
    <${Dialog} title=${t("shortcuts")} testid="shortcuts-dialog" wide onClose=${onClose}>
      <div class="shortcuts">
        ${GROUPS.map((group) => html`
          <section key=${group}><h3>${t(`shortcuts.${group}`)}</h3>
            <dl>${SHORTCUTS.filter((one) => one.group === group).map((one) => html`
              <div key=${one.id}><dt>${t(`shortcut.${one.id}`)}</dt><dd><${Keys} shortcut=${one} /></dd></div>`)}</dl>
          </section>`)}
        <section><h3>${t("shortcuts.writing")}</h3>
          <dl>
            <div><dt>${t("shortcut.send")}</dt><dd><kbd>Enter</kbd></dd></div>
            <div><dt>${t("shortcut.line")}</dt><dd><kbd>Shift</kbd><kbd>Enter</kbd></dd></div>
            <div><dt>${t("shortcut.slash")}</dt><dd><kbd>/</kbd></dd></div>
            <div><dt>${t("shortcut.at")}</dt><dd><kbd>@</kbd></dd></div>
            <div><dt>${t("shortcut.leave")}</dt><dd><kbd>Esc</kbd></dd></div>
          </dl>
        </section>
      </div>
    <//>`;
}
