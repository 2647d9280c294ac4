/** The page as a whole: asking who is there, signing in, or the desk. */
import { html } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Login } from "./login.js";
import { Shell } from "./shell.js";

export function App({ desk, speak }) {
  const session = desk.session.value;
  if (session === "unknown") return html`<main class="splash" data-testid="splash"><p role="status">${t("loading")}</p>
    </main>`;
  if (session === "out") return html`<${Login} desk=${desk} speak=${speak} />`;
  return html`
    <${Shell} desk=${desk} speak=${speak} inert=${session === "over"} />
    ${session === "over" && html`<div class="over"><${Login} desk=${desk} speak=${speak} again=${desk.account.value} />
      </div>`}`;
}
