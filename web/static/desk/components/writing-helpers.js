/** The list that opens while one writes: prepared answers after a slash in a reply, colleagues after an `@` in a note. */
import { html, useId, useSignal } from "../../vendor/view.js";
import { findColleagues, mentionAt } from "../mentions.js";
import { filled, findReplies, openVariables, replyText, slashAt } from "../quick-replies.js";
import { lang, t } from "../wording.js";

const SHOWN = 8;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

function Option({ one, kind, language }) {
  if (kind !== "reply") return html`<span class="option-title">${one.name}</span><span
    class="muted">@${one.username}</span>`;
  return html`
    <span class="option-title"><kbd>/${one.shortcut}</kbd>${one.title}${!one.shared && html`<span
      class="chip">${t("replies.mine")}</span>`}</span>
    <span class="option-text">${replyText(one, language)}</span>`;
}

function List({ found, kind, at, listId, language, onPick }) {
  if (found.length === 0) return html`<div class="helper" data-testid="helper" id=${listId}><p
    class="nothing">${t(kind === "reply" ? "quick.none" : "mention.none")}</p></div>`;
  return html`
    <ul class="helper" role="listbox" data-testid="helper" id=${listId}
      aria-label=${t(kind === "reply" ? "quick" : "mention")}>
      ${found.map((one, index) => html`
        <li class="option" role="option" key=${one.id ?? one.username}
          id=${`${listId}-${index}`} data-testid="option" aria-selected=${index === at}
          ref=${(node) => index === at && node?.scrollIntoView({ block: "nearest" })}
          onPointerDown=${(event) => event.preventDefault()} onClick=${() => onPick(one)}><${Option} one=${one} kind=${kind} language=${language} /></li>`)}
    </ul>`;
}

/** Answers the `list` to show, what the text field says of it, and what it does with keys. */
export function useHelpers({ desk, conversation, kind, text, write, input }) {
  const caret = useSignal(null);
  const at = useSignal(0);
  const listId = useId();
  const language = desk.itemOf(conversation)?.lang ?? lang.value;
  const asked = caret.value === null ? null : kind === "reply" ? slashAt(text, caret.value) : mentionAt(text, caret.value);
  const colleagues = desk.agents.value.filter(({ username }) => username !== desk.account.value?.username);
  const find = (query) => (kind === "reply" ? findReplies(desk.book.replies.value, query) : findColleagues(colleagues, query));
  const found = asked ? find(asked.query).slice(0, SHOWN) : [];
  const index = Math.min(at.value, Math.max(0, found.length - 1));

  const close = () => {
    caret.value = null;
    at.value = 0;
  };
  // After the browser has moved the caret.
  const moved = () => requestAnimationFrame(() => {
    caret.value = input.current?.selectionStart ?? null;
  });

  function put(words, select) {
    const next = text.slice(0, asked.start) + words + text.slice(caret.peek());
    const end = asked.start + words.length;
    write(next);
    close();
    requestAnimationFrame(() => {
      input.current.focus();
      input.current.setSelectionRange(select ? asked.start + select.start : end, select ? asked.start + select.end : end);
    });
  }

  function pick(one) {
    if (kind !== "reply") {
      put(`@${one.name} `);
      return;
    }
    const variables = { "agent.name": desk.account.peek()?.name, ...desk.customers.known.peek()[conversation]?.data?.variables };
    const words = filled(replyText(one, language), variables);
    desk.book.used(one.id);
    put(words, openVariables(words)[0]);
  }

  function onKeyDown(event) {
    if (!asked || event.isComposing || event.keyCode === 229) return false;
    if (event.key === "Escape") close();
    else if (event.key in STEPS && !event.altKey && found.length > 0) at.value = (index + STEPS[event.key] + found.length) % found.length;
    else if ((event.key === "Enter" && !event.shiftKey || event.key === "Tab") && found.length > 0) pick(found[index]);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** Open the prepared answers from a button or a key. */
  function begin() {
    const node = input.current;
    node.focus();
    const before = text.slice(0, node.selectionStart);
    const slash = before === "" || /\s$/u.test(before) ? "/" : " /";
    write(before + slash + text.slice(node.selectionEnd));
    const place = before.length + slash.length;
    requestAnimationFrame(() => {
      node.setSelectionRange(place, place);
      caret.value = place;
    });
  }

  const open = asked !== null;
  return {
    open, listId, close, moved, begin, onKeyDown, active: open && found.length > 0 ? `${listId}-${index}` : null,
    list: open && html`<${List} found=${found} kind=${kind} at=${index} listId=${listId} language=${language}
      onPick=${pick} />`,
  };
}
