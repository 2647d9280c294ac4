/** Keeping the prepared answers, one's own and shared ones; and, for supervisors, the tags of the house. */
import { html, useSignal } from "../../vendor/view.js";
import { findReplies } from "../quick-replies.js";
import { lang, t } from "../wording.js";
import { Trouble, useSending } from "./form.js";
import { Icon } from "./icon.js";
import { Dot } from "./marks.js";
import { Empty, Failed } from "./states.js";

const COLOURS = { grey: "#6b747c", green: "#2f9e5b", blue: "#3b7dd8", amber: "#d08700", red: "#d0453b", purple: "#8457c9" };

const mayShare = (desk) => desk.may("supervisor") || desk.account.value?.role === "trainer";

function Row({ reply, desk, run }) {
  const editable = !reply.shared || mayShare(desk);
  return html`
    <li class="reply-row" data-testid="reply-row" data-shortcut=${reply.shortcut}>
      <div class="reply-text"><p><kbd>/${reply.shortcut}</kbd><strong>${reply.title}</strong>
        <span class="chip">${t(reply.shared ? "replies.shared" : "replies.mine")}</span><span
          class="muted">${t("replies.used", { n: reply.used ?? 0 })}</span></p>
        <p class="muted reply-words">${reply.text[lang.value] || reply.text.zh || reply.text.en}</p></div>
      ${editable && html`
        <button type="button" class="icon-button" data-testid="reply-edit"
          aria-label=${t("replies.edit", { title: reply.title })} onClick=${() => desk.layout.ask("reply", { reply })}>
          <${Icon} name="edit" size=${16} /></button>
        <button type="button" class="icon-button" data-testid="reply-drop"
          aria-label=${t("replies.drop", { title: reply.title })} onClick=${() => run(() => desk.book.drop(reply.id))}>
          <${Icon} name="trash" size=${16} /></button>`}
    </li>`;
}

function HouseTags({ desk }) {
  const name = useSignal("");
  const colour = useSignal("blue");
  const { error, run } = useSending();
  async function onSubmit(event) {
    event.preventDefault();
    if (name.peek().trim() && (await run(() => desk.book.addTag({ name: name.peek().trim(), colour: COLOURS[colour.peek()] })))) name.value = "";
  }
  return html`
    <section class="panel" data-testid="house-tags"><h2>${t("tags.house")}</h2>
      <${Trouble} error=${error.value} />
      <div class="tag-editor">
        ${desk.book.tags.value.map((tag) => html`<span class="chip tag" key=${tag.id}><${Dot}
          colour=${tag.colour} />${tag.name}
          <button type="button" class="chip-close" aria-label=${t("tags.remove", { tag: tag.name })}
            onClick=${() => run(() => desk.book.dropTag(tag.id))}><${Icon} name="close" size=${11} /></button></span>`)}
      </div>
      <form class="inline-form" onSubmit=${onSubmit}>
        <input data-testid="tag-name" aria-label=${t("tags.name")} placeholder=${t("tags.name")} maxlength="32"
          value=${name.value} onInput=${(event) => { name.value = event.target.value; }} />
        <select aria-label=${t("tags.colour")} value=${colour.value}
          onChange=${(event) => { colour.value = event.target.value; }}>
          ${Object.keys(COLOURS).map((one) => html`<option key=${one}
            value=${one}>${t(`colour.${one}`)}</option>`)}</select>
        <button type="submit" class="button" data-size="small" data-testid="tag-new">${t("add")}</button>
      </form>
    </section>`;
}

export function Replies({ desk }) {
  const query = useSignal("");
  const { error, run } = useSending();
  const found = findReplies(desk.book.replies.value, query.value);
  return html`
    <main class="view" data-testid="replies" aria-label=${t("view.replies")}>
      <header class="view-head"><h1>${t("view.replies")}</h1>
        <label class="search-box"><${Icon} name="search" size=${16} /><span class="hidden">${t("replies.find")}</span>
          <input type="search" data-testid="replies-find" placeholder=${t("replies.find")} value=${query.value}
            onInput=${(event) => { query.value = event.target.value; }} /></label>
        <button type="button" class="button" data-tone="main" data-testid="reply-new"
          onClick=${() => desk.layout.ask("reply", {})}><${Icon} name="plus" size=${16} />${t("replies.new")}</button>
      </header>
      ${desk.book.error.value && html`<${Failed} error=${desk.book.error.value} onAgain=${() => desk.book.load()} />`}
      <${Trouble} error=${error.value} />
      ${found.length === 0 && !desk.book.error.value && html`<${Empty} icon="bolt" title=${t("replies.none")} />`}
      <ul class="reply-rows panel" hidden=${found.length === 0}>${found.map((reply) => html`<${Row} key=${reply.id}
        reply=${reply} desk=${desk} run=${run} />`)}</ul>
      ${desk.may("supervisor") && html`<${HouseTags} desk=${desk} />`}
    </main>`;
}
