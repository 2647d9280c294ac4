/** Ends an agent's part: back to the bot or closed, what kind of matter it was, what was agreed, how it was solved. */
import { html, useSignal } from "../../vendor/view.js";
import { both, t } from "../wording.js";
import { Dialog } from "./dialog.js";
import { Buttons, Field, Trouble, useSending } from "./form.js";

function Target({ to, value }) {
  return html`
    <label class="target" data-checked=${to.value === value}>
      <input type="radio" name="to" value=${value} checked=${to.value === value} data-testid=${`resolve-${value}`}
        onChange=${() => { to.value = value; }} />
      <span><strong>${t(`resolve.${value}`)}</strong><small>${t(`resolve.${value}.means`)}</small></span>
    </label>`;
}

function Categories({ desk, category }) {
  return html`
    <fieldset class="choice-list"><legend>${t("resolve.category")}</legend>
      <div class="pills">
        ${desk.floor.value.categories.map((one) => html`
          <label class="pill" key=${one.id} data-checked=${category.value === one.id}>
            <input type="radio" name="category" value=${one.id} checked=${category.value === one.id}
              data-testid=${`category-${one.id}`}
              onChange=${() => { category.value = one.id; }} />${both(one)}</label>`)}
      </div>
    </fieldset>`;
}

export function ResolveDialog({ desk, about, onClose }) {
  const { conversation } = about;
  const to = useSignal(about.to ?? "closed");
  const category = useSignal(null);
  const summary = useSignal("");
  const solution = useSignal("");
  const { busy, error, run } = useSending();
  const order = desk.customers.known.peek()[conversation]?.data?.variables?.["order.number"];

  async function onSubmit(event) {
    event.preventDefault();
    const told = { category: category.peek(), summary: summary.peek().trim(), solution: solution.peek().trim(), order };
    const given = Object.fromEntries(Object.entries(told).filter(([, value]) => value));
    if (!(await run(() => desk.order({ type: "resolve", conversation, to: to.peek(), ...given })))) return;
    onClose();
    desk.notices.say(t(`resolve.${to.peek()}.done`), { tone: "good" });
    desk.moveOn(conversation);
  }

  return html`
    <${Dialog} title=${t("resolve.title")} testid="resolve-dialog" onClose=${onClose}>
      <form class="form" onSubmit=${onSubmit}>
        <${Trouble} error=${error.value} />
        <div class="targets" role="radiogroup" aria-label=${t("resolve.title")}><${Target} to=${to} value="closed" />
          <${Target} to=${to} value="bot" /></div>
        <${Categories} desk=${desk} category=${category} />
        <${Field} label=${t("resolve.summary")} hint=${t("resolve.summary.hint")}>${(id) => html`
          <textarea id=${id} rows="2" maxlength="1000" data-testid="summary" data-first value=${summary.value}
            onInput=${(event) => { summary.value = event.target.value; }}></textarea>`}<//>
        <${Field} label=${t("resolve.solution")} hint=${t("resolve.solution.hint")}>${(id) => html`
          <textarea id=${id} rows="2" maxlength="1000" data-testid="solution" value=${solution.value}
            onInput=${(event) => { solution.value = event.target.value; }}></textarea>`}<//>
        <${Buttons} label=${t(`resolve.${to.value}`)} busy=${busy.value} disabled=${!category.value}
          onCancel=${onClose} />
      </form>
    <//>`;
}
