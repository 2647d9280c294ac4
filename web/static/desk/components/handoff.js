/** What the bot hands over: why a person is needed, what was asked and tried, what is known, and what comes next. */
import { html } from "../../vendor/view.js";
import { both, hasWording, reasonText, t, when } from "../wording.js";
import { Icon } from "./icon.js";
import { Section } from "./section.js";

function Asked({ asked }) {
  if (!asked?.length) return null;
  return html`
    <div class="handoff-part"><h4>${t("handoff.asked")}</h4>
      <ul class="asked">${asked.map((one, index) => html`<li key=${index}>
        <q>${one.text}</q>${both(one.label) && html`<span class="chip">${both(one.label)}</span>`}</li>`)}</ul></div>`;
}

function Tried({ tried }) {
  if (!tried?.length) return null;
  return html`<div class="handoff-part"><h4>${t("handoff.tried")}</h4><ul class="tried">
    ${tried.map((one, index) => html`<li key=${index}>${both(one.label) || one.code}</li>`)}</ul></div>`;
}

function shownValue(value) {
  if (value === null || value === undefined || value === "") return null;
  return typeof value === "object" ? Object.values(value).filter(Boolean).join(" · ") : String(value);
}

function Slots({ slots, order }) {
  const known = Object.entries({ ...(order ? { order } : {}), ...slots })
    .map(([name, value]) => [name, shownValue(value)])
    .filter(([, value]) => value);
  if (known.length === 0) return null;
  return html`
    <div class="handoff-part"><h4>${t("handoff.slots")}</h4>
      <dl class="slots">${known.map(([name, value]) => html`<div key=${name}>
        <dt>${hasWording(`slot.${name}`) ? t(`slot.${name}`) : name}</dt>
        <dd>${hasWording(`skill.${value}`) ? t(`skill.${value}`) : value}</dd></div>`)}</dl></div>`;
}

export function Handoff({ context, item, desk }) {
  const { reason, rule, evidence, asked, tried, slots, order, next, agreed } = context;
  return html`
    <${Section} title=${t("handoff")} testid="handoff">
      ${(reason || item?.reason) && html`<p class="handoff-reason" data-rule=${rule}
        data-testid="handoff-reason">${reasonText({ reason: reason || item?.reason, rule })}</p>`}
      ${evidence?.length > 0 && html`<p class="evidence" data-testid="evidence"><span
        class="muted">${t("handoff.evidence")}</span>${evidence.map((word, index) => html`<mark
        key=${index}>${word}</mark>`)}</p>`}
      ${both(next) && html`<p class="next-step" data-testid="next-step"><${Icon} name="bolt" size=${15} /><span>
        <b>${t("handoff.next")}</b>${both(next)}</span></p>`}
      ${agreed?.summary && html`<p class="agreed" data-testid="agreed">
        <b>${t("handoff.agreed")}</b>${agreed.summary}<small>${desk.nameOf(agreed.by)} · ${when(agreed.at)}</small>
        </p>`}
      <${Asked} asked=${asked} /><${Tried} tried=${tried} /><${Slots} slots=${slots} order=${order} />
    <//>`;
}

