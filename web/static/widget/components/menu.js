/** The menu behind the three dots: language, and the end of the conversation. */
import { html, useEffect, useRef, useSignal } from "../../vendor/view.js";
import { lang, t } from "../wording.js";
import { Icon } from "./icon.js";

const LANGUAGES = [["zh", "中文"], ["en", "English"]];
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

function Item({ role = "menuitem", checked, onPick, testid, tag, children }) {
  return html`
    <button type="button" class="menu-item" role=${role} aria-checked=${checked} tabindex="-1" lang=${tag}
      data-testid=${testid} onClick=${onPick}>
      <span>${children}</span>
      ${checked && html`<${Icon} name="check" size=${16} />`}
    </button>`;
}

function MenuItems({ chat, speak, onDone }) {
  const list = useRef(null);
  const items = () => [...list.current.querySelectorAll("button")];
  useEffect(() => items()[0].focus(), []);

  function onKeyDown(event) {
    const all = items();
    const at = all.indexOf(document.activeElement);
    const targets = { Home: 0, End: all.length - 1 };
    if (event.key in STEPS) all.at((at + STEPS[event.key]) % all.length).focus();
    else if (event.key in targets) all[targets[event.key]].focus();
    else if (event.key === "Escape" || event.key === "Tab") onDone();
    else return;
    if (event.key !== "Tab") event.preventDefault();
  }

  const pick = (act) => () => {
    act();
    onDone();
  };
  return html`
    <div class="menu" role="menu" aria-label=${t("menu")} ref=${list} onKeyDown=${onKeyDown}>
      ${LANGUAGES.map(([tag, name]) => html`
        <${Item} key=${tag} role="menuitemradio" checked=${lang.value === tag} tag=${tag} testid=${`language-${tag}`}
          onPick=${pick(() => speak(tag))}>${name}<//>`)}
      ${chat.talk.value.entries.length > 0 && chat.talk.value.mode !== "closed" && html`
        <div class="menu-line" role="separator"></div>
        <${Item} testid="end" onPick=${pick(() => chat.end())}>${t("menu.end")}<//>`}
    </div>`;
}

export function Menu({ chat, speak }) {
  const open = useSignal(false);
  const button = useRef(null);
  const box = useRef(null);

  function done() {
    open.value = false;
    button.current.focus();
  }

  function onFocusOut(event) {
    if (event.relatedTarget && !box.current.contains(event.relatedTarget)) open.value = false;
  }

  useEffect(() => {
    const onPress = (event) => {
      if (!box.current.contains(event.target)) open.value = false;
    };
    const onBlur = () => {
      open.value = false;
    };
    document.addEventListener("pointerdown", onPress);
    window.addEventListener("blur", onBlur);
    return () => {
      document.removeEventListener("pointerdown", onPress);
      window.removeEventListener("blur", onBlur);
    };
  }, []);

  return html`
    <div class="menu-box" ref=${box} onFocusOut=${onFocusOut}>
      <button type="button" class="icon-button" ref=${button} data-testid="menu" aria-label=${t("menu")}
        aria-haspopup="menu" aria-expanded=${open.value} onClick=${() => { open.value = !open.value; }}>
        <${Icon} name="more" />
      </button>
      ${open.value && html`<${MenuItems} chat=${chat} speak=${speak} onDone=${done} />`}
    </div>`;
}
