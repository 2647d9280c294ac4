/** Signing in: at the start of the day, or in front of the desk when the session has ended under somebody's hands. */
import { html, useEffect, useRef, useSignal } from "../../vendor/view.js";
import { lang, t } from "../wording.js";
import { Field, Trouble, useSending } from "./form.js";

function LanguageChoice({ speak }) {
  return html`
    <div class="login-languages" role="group" aria-label=${t("menu.language")}>
      ${[["zh", "中文"], ["en", "English"]].map(([tag, name]) => html`
        <button type="button" class="link-button" key=${tag} lang=${tag} aria-pressed=${lang.value === tag}
          data-testid=${`language-${tag}`} onClick=${() => speak(tag)}>${name}</button>`)}
    </div>`;
}

/** `again` is the account whose session is over: its name stands there already. */
export function Login({ desk, speak, again = null }) {
  const username = useSignal(again?.username ?? "");
  const password = useSignal("");
  const { busy, error, run } = useSending();
  const first = useRef(null);
  useEffect(() => first.current.focus(), []);

  async function onSubmit(event) {
    event.preventDefault();
    const done = await run(() => desk.signIn(username.peek().trim(), password.peek()));
    if (!done) {
      password.value = "";
      first.current?.focus();
    }
  }

  return html`
    <main class="login" data-testid="login">
      <form class="login-box" onSubmit=${onSubmit}>
        <p class="login-brand">Shopdesk</p>
        <h1>${t(again ? "login.again" : "login.title")}</h1>
        <p class="login-text">${t(again ? "login.again.text" : "login.text")}</p>
        <${Trouble} error=${error.value} />
        <${Field} label=${t("login.username")}>${(id) => html`
          <input id=${id} name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required
            ref=${again ? null : first} data-testid="username" value=${username.value}
            onInput=${(event) => { username.value = event.target.value; }} />`}<//>
        <${Field} label=${t("login.password")}>${(id) => html`
          <input id=${id} name="password" type="password" autocomplete="current-password" required
            ref=${again ? first : null} data-testid="password" value=${password.value}
            onInput=${(event) => { password.value = event.target.value; }} />`}<//>
        <button type="submit" class="button" data-tone="main" data-testid="sign-in" aria-disabled=${busy.value}>
          ${busy.value && html`<span class="spinner" aria-hidden="true"></span>`}${t("login.submit")}
        </button>
        <${LanguageChoice} speak=${speak} />
      </form>
    </main>`;
}
