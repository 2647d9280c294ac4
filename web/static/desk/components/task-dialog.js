/** Does something about an order on the shopper's behalf, with the bot's own checks: a question at a time, then one yes. */
import { html, useEffect, useSignal } from "../../vendor/view.js";
import { newMid } from "../../widget/outbox.js";
import { Card } from "../../widget/components/card.js";
import { both, t } from "../wording.js";
import { Dialog } from "./dialog.js";
import { Buttons, Field, Trouble, useSending } from "./form.js";
import { Failed, Loading } from "./states.js";

function useTopics(desk) {
  const topics = useSignal(null);
  const error = useSignal(null);
  async function load() {
    error.value = null;
    try {
      topics.value = (await desk.api.get("/api/desk/order-tasks")).topics;
    } catch (failure) {
      if (!failure.code) throw failure;
      error.value = failure;
    }
  }
  useEffect(() => void load(), []);
  return { topics, error, load };
}

function Begin({ desk, conversation, about, topics, begin, busy }) {
  const orders = desk.customers.known.value[conversation]?.data?.orders ?? [];
  const order = useSignal(about.order ?? orders[0]?.card.number ?? "");
  const tail = useSignal("");
  const chosen = orders.find(({ card }) => card.number === order.value)?.card;
  const known = Boolean(chosen);
  const fits = ({ states }) => !chosen || !states?.length || states.includes(chosen.state.code);
  const start = (topic) => begin({ topic, order: order.peek().trim(), ...(known ? {} : { phone_tail: tail.peek().trim() }) });
  return html`
    <div class="form">
      <${Field} label=${t("task.order")}>${(id) => html`
        <input id=${id} list=${`${id}-list`} data-first data-testid="task-order" value=${order.value} autocomplete="off" onInput=${(event) => { order.value = event.target.value; }} />
        <datalist id=${`${id}-list`}>${orders.map(({ card }) => html`<option key=${card.number}
          value=${card.number}>${card.items?.[0]?.name}</option>`)}</datalist>`}<//>
      ${order.value && !known && html`
        <${Field} label=${t("task.tail")} hint=${t("task.tail.hint")}>${(id) => html`
          <input id=${id} inputmode="numeric" maxlength="4" data-testid="task-tail" value=${tail.value}
            onInput=${(event) => { tail.value = event.target.value; }} />`}<//>`}
      <p class="field-label">${t("task.what")}</p>
      <div class="task-topics">
        ${topics.map((one) => html`
          <button type="button" class="task-topic" key=${one.topic}
            data-testid=${`topic-${one.topic}`} disabled=${busy || !order.value.trim()} data-fits=${fits(one)}
            onClick=${() => start(one.topic)}>${both(one.label)}</button>`)}
      </div>
    </div>`;
}

function Ask({ step, busy, answer }) {
  const value = useSignal("");
  const onSubmit = (event) => {
    event.preventDefault();
    if (value.peek().trim()) answer(value.peek().trim());
  };
  return html`
    <form class="form" onSubmit=${onSubmit}>
      <p class="task-text" data-testid="task-text">${step.text}</p>
      ${step.options?.length > 0 && html`
        <div class="task-options">${step.options.map((one) => html`
          <button type="button" class="task-topic" key=${one.value} data-testid="task-option" data-value=${one.value}
            disabled=${busy} onClick=${() => answer(one.value)}>${both(one.label)}</button>`)}</div>`}
      ${(step.free || !step.options?.length) && html`
        <${Field} label=${t("task.answer")}>${(id) => html`
          <input id=${id} data-first data-testid="task-answer" value=${value.value}
            onInput=${(event) => { value.value = event.target.value; }} />`}<//>
        <${Buttons} label=${t("next")} busy=${busy} disabled=${!value.value.trim()} />`}
    </form>`;
}

function Confirm({ step, busy, confirm, again }) {
  const onSubmit = (event) => {
    event.preventDefault();
    confirm();
  };
  return html`
    <form class="form" onSubmit=${onSubmit}>
      <${Card} card=${step.card} text=${html`<p class="task-text" data-testid="task-text">${step.text}</p>`} />
      <p class="hint">${t("task.confirm.hint")}</p>
      <${Buttons} label=${t("task.confirm")} busy=${busy} onCancel=${again} testid="task-confirm" />
    </form>`;
}

function End({ desk, conversation, step, onClose }) {
  const number = step.card?.number;
  const kind = step.card?.type === "order" ? "order" : "case";
  function send() {
    desk.say(conversation, { card: { kind, number } });
    onClose();
  }
  return html`
    <div class="form" data-testid="task-end" data-outcome=${step.outcome}>
      <${Card} card=${step.card} text=${html`<p class="task-text" data-testid="task-text">${step.text}</p>`} />
      <div class="buttons">
        <button type="button" class="button" data-first onClick=${onClose}>${t("close")}</button>
        ${number && desk.isMine(conversation) && html`<button type="button" class="button" data-tone="main"
          data-testid="send-receipt" onClick=${send}>${t("task.send")}</button>`}
      </div>
    </div>`;
}

export function TaskDialog({ desk, about, onClose }) {
  const { conversation } = about;
  const { topics, error: failed, load } = useTopics(desk);
  const asked = useSignal(null);
  const step = useSignal(null);
  const { busy, error, run } = useSending();

  const send = (base, more = {}) => run(async () => {
    const facts = step.peek()?.facts ?? {};
    const answer = await desk.api.post(desk.customers.path(conversation, "order-tasks"), { ...base, facts, ...more });
    asked.value = base;
    step.value = answer;
    if (answer.step === "end") desk.customers.load(conversation);
  });
  const begin = (base) => send({ mid: newMid(), ...base });
  const answer = (value) => send(asked.peek(), { answer: { fact: step.peek().fact, value } });
  const confirm = () => send(asked.peek(), { confirm: step.peek().version });
  const again = () => {
    step.value = null;
    asked.value = null;
  };
  const Steps = { ask: Ask, confirm: Confirm, end: End };
  const Now = step.value && Steps[step.value.step];
  return html`
    <${Dialog} title=${t("task.title")} testid="task-dialog" onClose=${onClose}>
      <${Trouble} error=${error.value} />
      ${failed.value && html`<${Failed} error=${failed.value} onAgain=${load} />`}
      ${!topics.value && !failed.value && html`<${Loading} />`}
      ${topics.value && !Now && html`<${Begin} desk=${desk} conversation=${conversation} about=${about}
        topics=${topics.value} begin=${begin} busy=${busy.value} />`}
      ${Now && html`<${Now} key=${step.value.fact ?? step.value.step} desk=${desk} conversation=${conversation}
        step=${step.value} busy=${busy.value} answer=${answer} confirm=${confirm} again=${again} onClose=${onClose} />`}
    <//>`;
}
