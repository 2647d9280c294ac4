/** The right column: what was handed over, who the customer is, what they ordered, and when they were here before. */
import { html, useEffect } from "../../vendor/view.js";
import { t } from "../wording.js";
import { CustomerFacts } from "./customer-facts.js";
import { CustomerNotes } from "./customer-notes.js";
import { Earlier } from "./earlier.js";
import { Handoff } from "./handoff.js";
import { Icon } from "./icon.js";
import { Orders } from "./orders.js";
import { Section } from "./section.js";
import { Failed, Loading } from "./states.js";
import { TagEditor } from "./tag-editor.js";

function Known({ desk, conversation, one }) {
  const { data } = one;
  return html`
    ${data.trouble && html`<p class="side-trouble" role="status" data-testid="shop-trouble"><${Icon} name="alert"
      size=${15} />${t("side.trouble")}</p>`}
    <${CustomerFacts} desk=${desk} conversation=${conversation} data=${data} loading=${one.loading} />
    <${Section} title=${t("tags")} testid="tags"><${TagEditor} desk=${desk} conversation=${conversation}
      tags=${data.tags ?? []} /><//>
    <${Section} title=${t("notes")} count=${data.notes?.length} testid="customer-notes">
      <${CustomerNotes} desk=${desk} conversation=${conversation} notes=${data.notes ?? []} /><//>
    <${Orders} desk=${desk} conversation=${conversation} data=${data} />
    <${Section} title=${t("earlier")} count=${data.earlier?.length} testid="earlier"><${Earlier} desk=${desk}
      rows=${data.earlier ?? []} /><//>`;
}

export function Side({ desk }) {
  const conversation = desk.selected.value;
  const offered = conversation && desk.isOffered(conversation);
  useEffect(() => {
    if (conversation && !offered) desk.customers.look(conversation);
  }, [conversation, offered]);
  if (!conversation || offered) return html`<aside class="side" data-testid="side" aria-label=${t("side")}></aside>`;
  const one = desk.customers.known.value[conversation];
  const context = desk.talkOf(conversation)?.context;
  return html`
    <aside class="side" data-testid="side" aria-label=${t("side")}>
      <header class="side-head">
        <button type="button" class="icon-button only-phone" data-testid="side-back" aria-label=${t("back")}
          onClick=${() => { desk.layout.pane.value = "talk"; }}><${Icon} name="back" /></button>
        <h2>${t("side")}</h2>
        <button type="button" class="icon-button" aria-label=${t("side.again")} title=${t("side.again")}
          data-testid="side-again" onClick=${() => desk.customers.load(conversation)}><${Icon} name="retry"
          size=${16} /></button>
      </header>
      <div class="side-list">
        ${context && html`<${Handoff} desk=${desk} context=${context} item=${desk.itemOf(conversation)} />`}
        ${one?.error && html`<${Failed} error=${one.error} onAgain=${() => desk.customers.load(conversation)} />`}
        ${one?.data ? html`<${Known} desk=${desk} conversation=${conversation}
          one=${one} />` : !one?.error && html`<${Loading} lines=${5} />`}
      </div>
    </aside>`;
}
