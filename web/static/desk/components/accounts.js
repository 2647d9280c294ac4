/** Who may sit at this desk: an admin keeps the accounts, a supervisor their skills and capacity. */
import { html, useEffect, useSignal } from "../../vendor/view.js";
import { skillName, t } from "../wording.js";
import { Icon } from "./icon.js";
import { Face } from "./marks.js";
import { Empty, Failed, Loading } from "./states.js";

function Row({ account, desk, onChange }) {
  return html`
    <tr data-testid="account-row" data-username=${account.username} data-active=${account.active !== false}>
      <td><span class="who"><${Face} name=${account.name} from="agent" size="small" />
        <span>${account.name}<small>${account.username}</small></span></span></td>
      <td>${t(`role.${account.role}`)}</td>
      <td class="cell-skills">${(account.skills ?? []).map((skill) => html`<span class="chip skill"
        key=${skill}>${skillName(skill)}</span>`)}</td>
      <td class="cell-number">${account.capacity}</td>
      <td>${account.active === false ? html`<span class="chip bad">${t("accounts.off")}</span>` : html`<span
        class="chip good">${t("accounts.on")}</span>`}</td>
      <td class="cell-acts"><button type="button" class="button" data-size="small" data-testid="account-edit"
        onClick=${() => desk.layout.ask("account", { account, onChange })}><${Icon} name="edit"
        size=${14} />${t("edit")}</button></td>
    </tr>`;
}

export function Accounts({ desk }) {
  const state = useSignal({ accounts: null, error: null });
  async function load() {
    try {
      const { accounts } = await desk.api.get("/api/desk/accounts");
      state.value = { accounts, error: null };
    } catch (error) {
      if (!error.code) throw error;
      state.value = { ...state.peek(), error };
    }
  }
  useEffect(() => void load(), []);
  const { accounts, error } = state.value;
  return html`
    <main class="view" data-testid="accounts" aria-label=${t("view.accounts")}>
      <header class="view-head"><h1>${t("view.accounts")}</h1>
        ${desk.may("admin") && html`<button type="button" class="button" data-tone="main" data-testid="account-new"
          onClick=${() => desk.layout.ask("account", { onChange: load })}><${Icon} name="plus"
          size=${16} />${t("accounts.new")}</button>`}</header>
      ${error && html`<${Failed} error=${error} onAgain=${load} />`}
      ${!accounts && !error && html`<${Loading} lines=${5} />`}
      ${accounts?.length === 0 && html`<${Empty} icon="people" title=${t("accounts.none")} />`}
      ${accounts?.length > 0 && html`
        <div class="panel table-frame"><table>
          <thead><tr>${["who", "role", "skills", "capacity", "state", "acts"].map((name) => html`<th key=${name}
            scope="col">${t(`accounts.col.${name}`)}</th>`)}</tr></thead>
          <tbody>${accounts.map((account) => html`<${Row} key=${account.username} account=${account} desk=${desk}
            onChange=${load} />`)}</tbody>
        </table></div>`}
    </main>`;
}
