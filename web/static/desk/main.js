/** Starts the desk: language, colours, who is there, then the page. */
import { effect, html, render } from "../vendor/view.js";
import { watchReturns } from "../widget/awake.js";
import { Store, browserArea } from "../widget/storage.js";
import { tick } from "./clock.js";
import { App } from "./components/app.js";
import { Desk } from "./desk.js";
import { dress } from "./theme.js";
import { lang, languageOf } from "./wording.js";

const LANG = "shopdesk:desk:lang";

function start() {
  const store = new Store(browserArea("localStorage"));
  const desk = new Desk({ store, tabStore: new Store(browserArea("sessionStorage")) });
  lang.value = store.get(LANG) ?? languageOf(navigator.language);
  effect(() => {
    document.documentElement.lang = lang.value === "zh" ? "zh-CN" : "en";
  });
  effect(() => desk.alerts.count(desk.session.value === "in" ? desk.waiting.value : 0));
  const speak = (picked) => {
    lang.value = picked;
    store.set(LANG, picked);
  };
  // The account's language, unless somebody has picked another at this browser.
  desk.onEnter = (account) => {
    if (!store.get(LANG) && account.lang) lang.value = languageOf(account.lang);
  };
  dress(store);
  tick(() => desk.floor.peek().offset);
  watchReturns({ onReturn: () => desk.connection.renew(), onLook: () => (desk.look(), desk.connection.nudge()) });
  render(html`<${App} desk=${desk} speak=${speak} />`, document.body);
  desk.begin();
}

start();
