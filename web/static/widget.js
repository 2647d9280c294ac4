/**
 * Puts the Shopdesk chat on a shop's page: a button in the corner and, behind it, a frame with the conversation.
 * One classic script without dependencies, in one file, so that one tag is all a shop needs. See docs/widget.md.
 */
(() => {
  "use strict";
  if (window.Shopdesk) return;

  const script = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
  const origin = new URL(script.src, location.href).origin;
  const KNOWN = "shopdesk:known";
  const READY_MS = 12_000;
  const ACCENT = "#0b7a63";

  const WORDS = {
    zh: {
      open: "打开在线客服", close: "关闭在线客服", unread: "条未读消息", frame: "在线客服", dismiss: "关闭提示",
      failed: "客服窗口暂时打不开，请检查网络后重试。", retry: "重试", bot: "智能助手", agent: "人工客服",
    },
    en: {
      open: "Open the chat", close: "Close the chat", unread: "unread", frame: "Customer service", dismiss: "Dismiss",
      failed: "The chat cannot be opened right now. Please check your connection.", retry: "Try again",
      bot: "Assistant", agent: "Customer service",
    },
  };

  // `!important` inside a shadow tree wins over `!important` of the page: no rule of the shop's reaches in or hides it.
  const SHEET = `
    :host { all: initial !important; position: fixed !important; inset: auto 0 0 auto !important;
      width: 0 !important; height: 0 !important;
      display: block !important; visibility: visible !important; opacity: 1 !important;
        z-index: 2147483000 !important; }
    @media print { :host { display: none !important; } }
    * { box-sizing: border-box; }
    button { all: unset; box-sizing: border-box; cursor: pointer; -webkit-tap-highlight-color: transparent;
      touch-action: manipulation; }
    svg { display: block; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round;
      stroke-linejoin: round; }
    [hidden] { display: none !important; }
    .root {
      font: 400 14px/1.5 system-ui, -apple-system, "Segoe UI", "PingFang SC", "HarmonyOS Sans SC", "Noto Sans CJK SC",
        "Microsoft YaHei", sans-serif;
      --surface: #fff; --text: #16191d; --muted: #5b646d; --line: rgb(16 24 32 / 10%); color: var(--text);
        -webkit-font-smoothing: antialiased; }
    .root[data-theme="dark"] { --surface: #202428; --text: #e9ebed; --muted: #a2abb3; --line: rgb(255 255 255 / 12%);
      }
    .launcher { position: fixed; right: calc(24px + env(safe-area-inset-right));
      bottom: calc(24px + env(safe-area-inset-bottom)); width: 58px; height: 58px;
      border-radius: 50%; background: var(--shopdesk-accent); color: var(--shopdesk-on-accent); display: grid;
        place-items: center;
      box-shadow: 0 2px 6px rgb(10 20 30 / 18%), 0 10px 28px rgb(10 20 30 / 22%);
        transition: transform .18s cubic-bezier(.2,.8,.3,1.2), box-shadow .18s; }
    .launcher:hover { transform: scale(1.05); }
    .launcher:active { transform: scale(.96); }
    .launcher svg { grid-area: 1 / 1; transition: opacity .16s, transform .2s; }
    .launcher svg + svg, .launcher[aria-expanded="true"] svg { opacity: 0; transform: rotate(-45deg) scale(.6); }
    .launcher[aria-expanded="true"] svg + svg { opacity: 1; transform: none; }
    button:focus-visible { outline: 3px solid var(--surface); box-shadow: 0 0 0 5px var(--shopdesk-accent); }
    .unread { position: absolute; top: -3px; right: -3px; min-width: 22px; height: 22px; padding: 0 6px;
      border-radius: 11px; background: #c9302c; color: #fff;
      font-size: 12px; font-weight: 600; line-height: 22px; text-align: center; font-variant-numeric: tabular-nums;
        box-shadow: 0 0 0 2px #fff; }
    .preview { position: fixed; right: calc(24px + env(safe-area-inset-right));
      bottom: calc(96px + env(safe-area-inset-bottom)); display: flex; width: max-content;
      max-width: min(320px, calc(100vw - 48px)); border-radius: 16px; background: var(--surface);
        box-shadow: 0 0 0 1px var(--line), 0 10px 32px rgb(10 20 30 / 16%); animation: rise .22s ease-out; }
    .preview-open { flex: 1; min-width: 0; padding: 12px 4px 12px 16px; border-radius: 16px; }
    .preview-name { display: block; color: var(--muted); font-size: 12px; }
    .preview-text { display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical; overflow: hidden;
      overflow-wrap: anywhere; white-space: pre-line; }
    .preview-close { flex: none; width: 34px; height: 34px; margin: 4px; border-radius: 50%; display: grid;
      place-items: center; color: var(--muted); }
    .panel { position: fixed; right: calc(24px + env(safe-area-inset-right));
      bottom: calc(98px + env(safe-area-inset-bottom)); width: 400px; max-width: calc(100vw - 48px);
      height: min(660px, calc(100vh - 122px)); border-radius: 22px; overflow: hidden; background: var(--surface);
        transform-origin: bottom right;
      box-shadow: 0 0 0 1px var(--line), 0 12px 24px rgb(10 20 30 / 10%), 0 24px 64px rgb(10 20 30 / 20%);
      visibility: hidden; opacity: 0; transform: translateY(14px) scale(.97);
        transition: opacity .16s ease-in, transform .16s ease-in, visibility 0s .16s; }
    .panel[data-open="true"] { visibility: visible; opacity: 1; transform: none;
      transition: opacity .2s ease-out, transform .26s cubic-bezier(.2,.9,.3,1), visibility 0s; }
    iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; display: block;
      color-scheme: normal; opacity: 0; pointer-events: none; transition: opacity .15s; }
    .panel[data-ready="true"] iframe { opacity: 1; pointer-events: auto; }
    .waiting { position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: 14px;
      padding: 32px; text-align: center; color: var(--muted); }
    .spinner { width: 26px; height: 26px; border-radius: 50%; border: 2.5px solid var(--line);
      border-top-color: var(--shopdesk-accent); animation: turn .9s linear infinite; }
    .frame-retry { padding: 8px 18px; border-radius: 12px; background: var(--shopdesk-accent);
      color: var(--shopdesk-on-accent); font-weight: 500; }
    .waiting-close { position: absolute; top: 12px; right: 12px; width: 36px; height: 36px; border-radius: 50%;
      display: grid; place-items: center; color: var(--muted); }
    @media (max-width: 640px) {
      .launcher, .preview { right: calc(16px + env(safe-area-inset-right)); }
      .launcher { bottom: calc(16px + env(safe-area-inset-bottom)); }
      .preview { bottom: calc(86px + env(safe-area-inset-bottom)); }
      .root[data-open="true"] .launcher { visibility: hidden; }
      .panel { inset: var(--shopdesk-top, 0) 0 auto 0; width: 100%; max-width: none;
        height: var(--shopdesk-height, 100vh); border-radius: 0; box-shadow: none;
        padding: env(safe-area-inset-top) 0 env(safe-area-inset-bottom); transform: translateY(24px); }
      @supports (height: 100dvh) { .panel { height: var(--shopdesk-height, 100dvh); } }
      .panel[data-keyboard="true"] { padding-bottom: 0; }
      iframe { position: relative; }
    }
    @media (prefers-reduced-motion: reduce) { *, .panel, .panel[data-open="true"] { animation: none !important;
      transition: none !important; } }
    @media (forced-colors: active) { .launcher, .panel, .preview, .frame-retry { border: 1px solid ButtonText; } }
    @keyframes rise { from { opacity: 0; transform: translateY(8px); } }
    @keyframes turn { to { transform: rotate(1turn); } }`;

  const phone = matchMedia("(max-width: 640px)");
  const darkness = matchMedia("(prefers-color-scheme: dark)");
  const { color = "", theme = "auto" } = script.dataset;
  const shopLang = script.dataset.lang || document.documentElement.lang || navigator.language;
  let lang = /^en/i.test(shopLang) ? "en" : "zh";
  let identity = script.dataset.identity || null;
  let open = false;
  let ready = false;
  let unread = 0;
  let asked = null;
  let frame = null;
  let openedFrom = null;
  let readyTimer = 0;
  let locked = null;

  // --- the parts -------------------------------------------------------------------------------------------------

  function put(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  const make = (tag, attributes, ...children) => put(document.createElement(tag), attributes, children);

  function drawing(size, ...lines) {
    const draw = (tag, attributes, ...children) =>
      put(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
    const paths = lines.map((d) => draw("path", { d }));
    return draw("svg", { width: size, height: size, viewBox: "0 0 24 24", "aria-hidden": "true" }, ...paths);
  }

  const CHAT = [
    "M20.5 11.5c0 4.1-3.8 7.5-8.5 7.5-1 0-2-.2-2.9-.4L4.5 20l1.2-3.7" +
      "c-1.4-1.3-2.2-3-2.2-4.8C3.5 7.4 7.3 4 12 4s8.5 3.4 8.5 7.5Z",
    "M8.5 11.5h.01", "M12 11.5h.01", "M15.5 11.5h.01",
  ];
  const DOWN = ["m6 9.5 6 6 6-6"];
  const CROSS = ["m6 6 12 12", "m18 6-12 12"];
  const button = (name, attributes, ...children) =>
    make("button", { type: "button", class: name, "data-testid": name, ...attributes }, ...children);

  const host = make("div", { "data-shopdesk": "" });
  const shadow = host.attachShadow({ mode: "open" });
  const badge = make("span", { class: "unread", "data-testid": "unread", "aria-hidden": "true", hidden: "" });
  const launcher = button("launcher", { "aria-controls": "panel" }, drawing(27, ...CHAT), drawing(26, ...DOWN), badge);
  const spinner = make("div", { class: "spinner" });
  const trouble = make("p", { hidden: "" });
  const retry = button("frame-retry", { hidden: "" });
  const waitingClose = button("waiting-close", {}, drawing(20, ...CROSS));
  const waiting = make("div", { class: "waiting", role: "status" }, spinner, trouble, retry, waitingClose);
  const panel = make("div", { class: "panel", id: "panel", role: "dialog", "data-testid": "panel" }, waiting);
  const previewName = make("span", { class: "preview-name" });
  const previewText = make("span", { class: "preview-text" });
  const previewOpen = button("preview-open", {}, previewName, previewText);
  const previewClose = button("preview-close", {}, drawing(16, ...CROSS));
  const preview = make("div", { class: "preview", role: "status", "data-testid": "preview", hidden: "" });
  preview.append(previewOpen, previewClose);
  const root = make("div", { class: "root" }, panel, preview, launcher);

  // --- looks -----------------------------------------------------------------------------------------------------

  function luminance(hex) {
    const [red, green, blue] = hex.match(/../g).map((pair) => {
      const part = Number.parseInt(pair, 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function dress() {
    const given = /^#([0-9a-f]{6}|[0-9a-f]{3})$/i.test(color.trim()) ? color.trim() : ACCENT;
    const hex = given.length === 4 ? [...given.slice(1)].map((digit) => digit + digit).join("") : given.slice(1);
    root.style.setProperty("--shopdesk-accent", `#${hex}`);
    root.style.setProperty("--shopdesk-on-accent", luminance(hex) > 0.3 ? "#101214" : "#fff");
    root.dataset.theme = theme === "light" || theme === "dark" ? theme : darkness.matches ? "dark" : "light";
  }

  function label() {
    const words = WORDS[lang];
    const count = unread > 99 ? "99+" : String(unread);
    root.lang = lang === "zh" ? "zh-CN" : "en";
    badge.textContent = count;
    badge.hidden = open || unread === 0;
    const closed = unread > 0 ? `${words.open} (${count} ${words.unread})` : words.open;
    launcher.setAttribute("aria-label", open ? words.close : closed);
    launcher.setAttribute("aria-expanded", String(open));
    root.dataset.open = panel.dataset.open = String(open);
    panel.dataset.ready = String(ready);
    panel.setAttribute("aria-label", words.frame);
    if (frame) frame.title = words.frame;
    trouble.textContent = words.failed;
    retry.textContent = words.retry;
    waitingClose.setAttribute("aria-label", words.close);
    previewClose.setAttribute("aria-label", words.dismiss);
  }

  // --- the frame and the line to it --------------------------------------------------------------------------------

  function tell(message) {
    if (ready) frame.contentWindow.postMessage({ shopdesk: 1, ...message }, origin);
  }

  function remember(known) {
    try {
      if (known) localStorage.setItem(KNOWN, "1");
      else localStorage.removeItem(KNOWN);
    } catch {
      // Storage is blocked on this page: the chat then starts at its first opening.
    }
  }

  function isKnown() {
    try {
      return localStorage.getItem(KNOWN) === "1";
    } catch {
      return false;
    }
  }

  function showTrouble(shown) {
    spinner.hidden = shown;
    trouble.hidden = retry.hidden = !shown;
  }

  function load() {
    if (frame) return;
    const told = new URLSearchParams({ origin: location.origin, lang: shopLang });
    frame = make("iframe", { src: `${origin}/widget/#${told}`, allow: "clipboard-write", "data-testid": "frame" });
    panel.append(frame);
    showTrouble(false);
    readyTimer = setTimeout(() => showTrouble(true), READY_MS);
    label();
  }

  function reload() {
    frame.remove();
    frame = null;
    load();
    waitingClose.focus();
  }

  function sayShow() {
    tell({ type: "show", open, phone: phone.matches });
  }

  const HEARD = {
    ready() {
      ready = true;
      clearTimeout(readyTimer);
      waiting.hidden = true;
      label();
      tell({ type: "configure", lang: shopLang, identity, color, theme });
      if (open) frame.focus();
      sayShow();
      if (asked !== null) tell({ type: "prefill", text: asked });
      asked = null;
    },
    unread({ count }) {
      unread = count;
      if (count === 0) preview.hidden = true;
      label();
    },
    preview({ from, name, text }) {
      if (open) return;
      previewName.textContent = name || WORDS[lang][from];
      previewText.textContent = text;
      preview.hidden = false;
    },
    session: ({ known }) => remember(known),
    language(message) {
      lang = message.lang === "en" ? "en" : "zh";
      label();
    },
    identity_needed: () => window.dispatchEvent(new CustomEvent("shopdesk:identity-needed")),
    close: () => hide(),
  };

  function hear(event) {
    if (!frame || event.origin !== origin || event.source !== frame.contentWindow || event.data?.shopdesk !== 1) return;
    if (Object.hasOwn(HEARD, event.data.type)) HEARD[event.data.type](event.data);
  }

  // --- open and close ----------------------------------------------------------------------------------------------

  // A full-screen panel must hold the page behind it still; fixing the body is what iOS needs for that.
  function lock() {
    if (locked || !phone.matches || !open) return;
    const { style } = document.body;
    const held = { position: "fixed", top: `${-window.scrollY}px`, left: "0", right: "0", overflow: "hidden" };
    const kept = Object.keys(held).map((name) => [name, style.getPropertyValue(name), style.getPropertyPriority(name)]);
    locked = { kept, left: window.scrollX, top: window.scrollY };
    for (const [name, value] of Object.entries(held)) style.setProperty(name, value, "important");
  }

  function unlock() {
    if (!locked) return;
    for (const [name, value, priority] of locked.kept) document.body.style.setProperty(name, value, priority);
    window.scrollTo({ left: locked.left, top: locked.top, behavior: "instant" });
    locked = null;
  }

  // The part of the screen that the keyboard leaves free.
  function fit() {
    const view = window.visualViewport;
    if (!view || !open || !phone.matches || view.scale > 1.01) {
      panel.style.removeProperty("--shopdesk-top");
      panel.style.removeProperty("--shopdesk-height");
      return;
    }
    panel.style.setProperty("--shopdesk-top", `${view.offsetTop}px`);
    panel.style.setProperty("--shopdesk-height", `${view.height}px`);
    panel.dataset.keyboard = String(window.innerHeight - view.height > 120);
  }

  function turn(next) {
    open = next;
    if (open) preview.hidden = true;
    panel.setAttribute("aria-modal", String(open && phone.matches));
    label();
    if (open) lock();
    else unlock();
    fit();
    sayShow();
  }

  function show() {
    if (open) return;
    openedFrom = document.activeElement;
    load();
    turn(true);
    (ready ? frame : waitingClose).focus();
  }

  function hide() {
    if (!open) return;
    const inside = document.activeElement === host;
    turn(false);
    if (!inside) return;
    const outside = openedFrom && openedFrom !== host && openedFrom !== document.body && openedFrom.isConnected;
    (outside ? openedFrom : launcher).focus({ preventScroll: true });
  }

  function ask(text) {
    const words = String(text ?? "").trim();
    show();
    if (words === "") return;
    if (ready) tell({ type: "prefill", text: words });
    else asked = words;
  }

  function identify(jwt) {
    identity = jwt || null;
    if (identity === null) signOut();
    else tell({ type: "identify", identity });
  }

  function signOut() {
    identity = null;
    preview.hidden = true;
    tell({ type: "sign_out" });
  }

  // --- start -------------------------------------------------------------------------------------------------------

  function start() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(root);
    dress();
    label();
    document.documentElement.append(host);
    if (isKnown()) load();
  }

  launcher.addEventListener("click", () => (open ? hide() : show()));
  waitingClose.addEventListener("click", hide);
  retry.addEventListener("click", reload);
  previewOpen.addEventListener("click", show);
  previewClose.addEventListener("click", () => {
    preview.hidden = true;
    launcher.focus();
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open) hide();
  });
  document.addEventListener("click", (event) => {
    const asking = event.target instanceof Element ? event.target.closest("[data-shopdesk-ask]") : null;
    if (!asking) return;
    event.preventDefault();
    ask(asking.dataset.shopdeskAsk);
  });
  window.addEventListener("message", hear);
  darkness.addEventListener("change", dress);
  phone.addEventListener("change", () => {
    if (phone.matches) lock();
    else unlock();
    fit();
  });
  window.visualViewport?.addEventListener("resize", fit);
  window.visualViewport?.addEventListener("scroll", fit);

  start();
  const api = Object.freeze({ open: show, close: hide, ask, identify, signOut });
  Object.defineProperty(window, "Shopdesk", { value: api });
  window.dispatchEvent(new CustomEvent("shopdesk:ready"));
})();
