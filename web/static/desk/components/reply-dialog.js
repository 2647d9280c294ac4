/** A prepared answer, new or changed: its shortcut, its title, its words in both languages. */
import { html, useSignal } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Dialog } from "./dialog.js";
import { Buttons, Field, Trouble, useSending } from "./form.js";

const VARIABLES = ["customer.name", "order.number", "order.tracking", "agent.name"];

export function ReplyDialog({ desk, about, onClose }) {
  const { reply } = about;
  const draft = useSignal({
    shortcut: reply?.shortcut ?? "", title: reply?.title ?? "", zh: reply?.text.zh ?? "", en: reply?.text.en ?? "", shared: reply?.shared ?? false,
  });
  const last = useSignal("zh");
  const { busy, error, run } = useSending();
  const set = (name) => (event) => {
    draft.value = { ...draft.peek(), [name]: event.target.value };
  };
  const insert = (name) => {
    draft.value = { ...draft.peek(), [last.peek()]: `${draft.peek()[last.peek()]}{{${name}}}` };
  };
  const { shortcut, title, zh, en, shared } = draft.value;
  const mayShare = desk.may("supervisor") || desk.account.value?.role === "trainer";
  async function onSubmit(event) {
    event.preventDefault();
    const kept = { ...(reply ? { id: reply.id } : {}), shortcut: shortcut.trim().replace(/^\//, ""), title: title.trim(), text: { zh: zh.trim(), en: en.trim() }, shared };
    if (await run(() => desk.book.save(kept))) onClose();
  }
  return html`
    <${Dialog} title=${t(reply ? "replies.change" : "replies.new")} testid="reply-dialog" onClose=${onClose}>
      <form class="form" onSubmit=${onSubmit}>
        <${Trouble} error=${error.value} />
        <div class="two">
          <${Field} label=${t("replies.shortcut")}>${(id) => html`<input id=${id} required maxlength="30"
            pattern="\\/?\\S+" data-first data-testid="reply-shortcut" value=${shortcut}
            onInput=${set("shortcut")} />`}<//>
          <${Field} label=${t("replies.title")}>${(id) => html`<input id=${id} required maxlength="60"
            data-testid="reply-title" value=${title} onInput=${set("title")} />`}<//>
        </div>
        <${Field} label=${t("replies.zh")}>${(id) => html`<textarea id=${id} rows="3" maxlength="2000"
          required=${!en.trim()} data-testid="reply-zh" value=${zh} onInput=${set("zh")}
          onFocus=${() => { last.value = "zh"; }}></textarea>`}<//>
        <${Field} label=${t("replies.en")}>${(id) => html`<textarea id=${id} rows="3" maxlength="2000"
          data-testid="reply-en" value=${en} onInput=${set("en")} onFocus=${() => { last.value = "en"; }}>
          </textarea>`}<//>
        <div class="pills" role="group" aria-label=${t("replies.variables")}>
          ${VARIABLES.map((name) => html`<button type="button" class="pill" key=${name}
            onClick=${() => insert(name)}>${t(`variable.${name}`)}</button>`)}</div>
        ${mayShare && html`<label class="check"><input type="checkbox" checked=${shared} data-testid="reply-shared"
          onChange=${(event) => { draft.value = { ...draft.peek(), shared: event.target.checked }; }} />${t("replies.share")}</label>`}
        <${Buttons} label=${t("keep")} busy=${busy.value} onCancel=${onClose} />
      </form>
    <//>`;
}
