/** Hands a conversation on, to a skill or a colleague, with a word about why; a supervisor's reassigning is the same. */
import { html, useSignal } from "../../vendor/view.js";
import { skillName, t } from "../wording.js";
import { Dialog } from "./dialog.js";
import { Buttons, Field, Trouble, useSending } from "./form.js";

const ORDER = { online: 0, away: 1, offline: 2 };

function colleaguesOf(desk, query) {
  const asked = query.toLowerCase();
  const me = desk.account.value?.username;
  return desk.agents.value
    .filter(({ username, name, role }) => username !== me && role !== "trainer" && `${name} ${username}`.toLowerCase().includes(asked))
    .sort((one, other) => ORDER[one.status] - ORDER[other.status] || one.load / one.capacity - other.load / other.capacity);
}

function Choice({ group, value, to, disabled = false, children }) {
  return html`
    <label class="choice-row" data-disabled=${disabled}>
      <input type="radio" name=${group} value=${value} checked=${to.value === value} disabled=${disabled}
        data-testid=${`to-${value}`}
        onChange=${() => { to.value = value; }} /><span>${children}</span>
    </label>`;
}

export function TransferDialog({ desk, about, onClose }) {
  const { conversation, reassign = false } = about;
  const to = useSignal(null);
  const comment = useSignal("");
  const query = useSignal("");
  const { busy, error, run } = useSending();
  const current = desk.itemOf(conversation)?.skill;
  const name = reassign ? "reassign" : "transfer";

  async function onSubmit(event) {
    event.preventDefault();
    const frame = { type: name, conversation, to: to.peek(), comment: comment.peek().trim() };
    const mine = desk.isMine(conversation);
    if (!(await run(() => desk.order(frame)))) return;
    onClose();
    if (mine) desk.moveOn(conversation);
  }

  return html`
    <${Dialog} title=${t(name)} testid="transfer-dialog" onClose=${onClose}>
      <form class="form" onSubmit=${onSubmit}>
        <${Trouble} error=${error.value} />
        <fieldset class="choice-list"><legend>${t("transfer.skill")}</legend>
          <div class="choice-grid">
            ${desk.floor.value.skills.map((one) => html`<${Choice} key=${one.id} group="to" value=${one.id}
              to=${to}>${skillName(one)}${one.id === current && html`<small>${t("transfer.current")}</small>`}<//>`)}
          </div>
        </fieldset>
        <fieldset class="choice-list"><legend>${t("transfer.agent")}</legend>
          <input type="search" data-testid="find-agent" data-first aria-label=${t("transfer.find")}
            placeholder=${t("transfer.find")} value=${query.value}
            onInput=${(event) => { query.value = event.target.value; }} />
          <div class="choice-scroll">
            ${colleaguesOf(desk, query.value).map((one) => html`
              <${Choice} key=${one.username} group="to" value=${one.username} to=${to}
                disabled=${one.status === "offline"}>
                <span class="light" data-status=${one.status}></span>${one.name}<small>
                  ${t(`status.${one.status}`)} · ${one.load}/${one.capacity}</small><//>`)}
          </div>
        </fieldset>
        <${Field} label=${t("transfer.comment")}>${(id) => html`
          <textarea id=${id} rows="2" maxlength="500" data-testid="comment" placeholder=${t("transfer.comment.hint")}
            value=${comment.value}
            onInput=${(event) => { comment.value = event.target.value; }}></textarea>`}<//>
        <${Buttons} label=${t(name)} busy=${busy.value} disabled=${!to.value} onCancel=${onClose} />
      </form>
    <//>`;
}
