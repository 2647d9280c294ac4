/** Starts the panel: learns from the page that frames it what to be, then joins the conversation. */
import { effect, html, render } from "../vendor/view.js";
import { watchReturns } from "./awake.js";
import { Chat } from "./chat.js";
import { accentProperties } from "./colour.js";
import { App } from "./components/app.js";
import { openSession } from "./door.js";
import { framing, hostLine } from "./host.js";
import { Sessions } from "./session.js";
import { Store, browserArea } from "./storage.js";
import { lang, languageOf } from "./wording.js";

const LANG = "shopdesk:lang";

function dress(color, theme) {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const shown = theme === "light" || theme === "dark" ? theme : dark.matches ? "dark" : "light";
    root.dataset.theme = shown;
    for (const [name, value] of Object.entries(accentProperties(color, shown))) root.style.setProperty(name, value);
  };
  dark.onchange = apply;
  apply();
}

// What the shopper picked in the menu holds until the shop's page itself comes in another language.
function chooseLanguage(store, told) {
  const picked = store.get(LANG);
  lang.value = picked && picked.told === told ? picked.lang : languageOf(told);
}

function start() {
  const store = new Store(browserArea("localStorage"));
  const { origin, lang: told } = framing(location.hash);
  let shopLang = told ?? navigator.language;
  chooseLanguage(store, shopLang);
  effect(() => {
    document.documentElement.lang = lang.value === "zh" ? "zh-CN" : "en";
  });

  const sessions = new Sessions({ store, open: openSession, locks: navigator.locks ?? null });
  const panel = { prefill: null, focus: null, attach: null };
  const host = hostLine(origin, (message) => hear(message));
  const chat = new Chat({ store, sessions, host });

  function hear(message) {
    if (message.type === "configure") {
      shopLang = message.lang ?? shopLang;
      chooseLanguage(store, shopLang);
      dress(message.color, message.theme);
      if (message.identity) chat.identify(message.identity);
      chat.start();
      host.tell({ type: "session", known: sessions.known });
    } else if (message.type === "show") {
      chat.show(message.open);
      if (message.open) panel.focus?.(message.phone);
    } else if (message.type === "prefill") panel.prefill?.(message.text);
    else if (message.type === "identify") chat.identify(message.identity);
    else if (message.type === "sign_out") chat.signOut();
  }

  function speak(picked) {
    lang.value = picked;
    store.set(LANG, { lang: picked, told: shopLang });
    host.tell({ type: "language", lang: picked });
  }

  dress(null, null);
  const draft = new Store(browserArea("sessionStorage"));
  render(html`<${App} chat=${chat} host=${host} panel=${panel} speak=${speak} draft=${draft} />`, document.body);
  watchReturns({ onReturn: () => chat.connection.renew(), onLook: () => (chat.look(), chat.connection.nudge()) });
  window.addEventListener("storage", ({ key }) => chat.reading.storageChanged(key));
  document.addEventListener("visibilitychange", () => document.hidden && chat.ratings.flush());
  effect(() => host.tell({ type: "unread", count: chat.unread.value }));
  if (host.framed) host.tell({ type: "ready", lang: lang.peek() });
  else chat.show(true);
}

start();
