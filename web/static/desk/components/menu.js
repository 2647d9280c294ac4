/** A button with a menu behind it: arrow keys move, Escape closes, focus comes back to the button. */
import { html, useEffect, useRef, useSignal } from "../../vendor/view.js";
import { Icon } from "./icon.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export function MenuItem({ checked, onPick, testid, icon, tag, keepOpen = false, children }) {
  const role = checked === undefined ? "menuitem" : "menuitemcheckbox";
  return html`
    <button type="button" class="menu-item" role=${role} aria-checked=${checked} tabindex="-1" lang=${tag}
      data-testid=${testid}
      data-keep=${keepOpen} onClick=${onPick}>
      ${icon && html`<${Icon} name=${icon} size=${16} />`}
      <span>${children}</span>
      ${checked && html`<${Icon} name="check" size=${16} />`}
    </button>`;
}

export function MenuLine({ label }) {
  return html`<div class="menu-line" role="separator">${label}</div>`;
}

function Items({ label, onDone, children }) {
  const list = useRef(null);
  const items = () => [...list.current.querySelectorAll("button")];
  useEffect(() => items()[0]?.focus(), []);
  function onKeyDown(event) {
    const all = items();
    const at = all.indexOf(document.activeElement);
    const targets = { Home: 0, End: all.length - 1 };
    if (event.key in STEPS) all.at((at + STEPS[event.key]) % all.length)?.focus();
    else if (event.key in targets) all[targets[event.key]]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") onDone(event.key === "Escape");
    else return;
    event.stopPropagation();
    if (event.key !== "Tab") event.preventDefault();
  }
  const onClick = (event) => {
    const item = event.target.closest("button");
    if (item && item.dataset.keep !== "true") onDone(false);
  };
  return html`
    <div class="menu" role="menu" aria-label=${label} ref=${list} onKeyDown=${onKeyDown}
      onClick=${onClick}>${children}</div>`;
}

/** `button` is what stands on the button, `children` the items. */
export function Menu({ label, testid, className = "icon-button", button, children }) {
  const open = useSignal(false);
  const box = useRef(null);
  function done(focus) {
    open.value = false;
    if (focus) box.current.querySelector("button").focus();
  }
  useEffect(() => {
    const onPress = (event) => {
      if (!box.current?.contains(event.target)) open.value = false;
    };
    document.addEventListener("pointerdown", onPress);
    return () => document.removeEventListener("pointerdown", onPress);
  }, []);
  return html`
    <div class="menu-box" ref=${box}>
      <button type="button" class=${className} data-testid=${testid} aria-label=${label} title=${label}
        aria-haspopup="menu"
        aria-expanded=${open.value} onClick=${() => { open.value = !open.value; }}>${button}</button>
      ${open.value && html`<${Items} label=${label} onDone=${done}>${children}<//>`}
    </div>`;
}
