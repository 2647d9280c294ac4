/** One account, new or changed. A supervisor changes skills and capacity only. */
import { html, useSignal } from "../../vendor/view.js";
import { skillName, t } from "../wording.js";
import { Dialog } from "./dialog.js";
import { Buttons, Field, Trouble, useSending } from "./form.js";

const ROLES = ["agent", "supervisor", "admin", "trainer"];
const PATH = "/api/desk/accounts";

function Skills({ desk, draft }) {
  const { skills } = draft.value;
  const toggle = (id) => {
    draft.value = { ...draft.peek(), skills: skills.includes(id) ? skills.filter((one) => one !== id) : [...skills, id] };
  };
  return html`
    <fieldset class="choice-list"><legend>${t("accounts.col.skills")}</legend><div class="pills">
      ${desk.floor.value.skills.map((one) => html`<label class="pill" key=${one.id}
        data-checked=${skills.includes(one.id)}>
        <input type="checkbox" checked=${skills.includes(one.id)} onChange=${() => toggle(one.id)} />
          ${skillName(one)}</label>`)}
    </div></fieldset>`;
}

function Identity({ draft, isNew, set }) {
  const { username, name, role, password } = draft.value;
  return html`
    <div class="two">
      <${Field} label=${t("login.username")}>${(id) => html`<input id=${id} required disabled=${!isNew} maxlength="40"
        autocapitalize="none" data-testid="account-username" value=${username} onInput=${set("username")} />`}<//>
      <${Field} label=${t("accounts.name")}>${(id) => html`<input id=${id} required maxlength="40"
        data-testid="account-name" value=${name} onInput=${set("name")} />`}<//>
    </div>
    <div class="two">
      <${Field} label=${t("accounts.col.role")}>${(id) => html`<select id=${id} data-testid="account-role" value=${role}
        onChange=${set("role")}>${ROLES.map((one) => html`<option key=${one}
        value=${one}>${t(`role.${one}`)}</option>`)}</select>`}<//>
      <${Field} label=${t(isNew ? "login.password" : "accounts.reset")}
        hint=${t(isNew ? "password.hint" : "accounts.reset.hint")}>${(id) => html`
        <input id=${id} type="password" autocomplete="new-password" required=${isNew} data-testid="account-password"
          value=${password} onInput=${set("password")} />`}<//>
    </div>`;
}

export function AccountDialog({ desk, about, onClose }) {
  const { account, onChange } = about;
  const isNew = !account;
  const admin = desk.may("admin");
  const draft = useSignal({ username: "", name: "", role: "agent", skills: [], capacity: 5, active: true, ...account, password: "" });
  const { busy, error, run } = useSending();
  const set = (name) => (event) => {
    draft.value = { ...draft.peek(), [name]: event.target.value };
  };
  async function onSubmit(event) {
    event.preventDefault();
    const { username, name, role, skills, capacity, active, password } = draft.peek();
    const served = { skills, capacity: Number(capacity) };
    const whole = { name, role, ...served, ...(password ? { password } : {}) };
    const act = isNew
      ? () => desk.api.post(PATH, { username: username.trim(), ...whole })
      : () => desk.api.patch(`${PATH}/${encodeURIComponent(account.username)}`, admin ? { ...whole, active } : served);
    if (!(await run(act))) return;
    await onChange();
    onClose();
  }
  return html`
    <${Dialog} title=${t(isNew ? "accounts.new" : "accounts.change")} testid="account-dialog" onClose=${onClose}>
      <form class="form" onSubmit=${onSubmit}>
        <${Trouble} error=${error.value} />
        ${admin ? html`<${Identity} draft=${draft} isNew=${isNew} set=${set} />` : html`<p>
          <strong>${account.name}</strong> · ${t(`role.${account.role}`)}</p>`}
        <${Skills} desk=${desk} draft=${draft} />
        <${Field} label=${t("accounts.col.capacity")} hint=${t("accounts.capacity.hint")}>${(id) => html`
          <input id=${id} type="number" min="0" max="50" required data-testid="account-capacity"
            value=${draft.value.capacity} onInput=${set("capacity")} />`}<//>
        ${admin && !isNew && html`<label class="check"><input type="checkbox" checked=${draft.value.active !== false}
          data-testid="account-active"
          onChange=${(event) => { draft.value = { ...draft.peek(), active: event.target.checked }; }} />${t("accounts.active")}</label>`}
        <${Buttons} label=${t("keep")} busy=${busy.value} onCancel=${onClose} />
      </form>
    <//>`;
}
