/** The input: grows with its text, takes pictures, Enter sends, and an Enter that only confirms pinyin does not. */
import { html, useEffect, useId, useLayoutEffect, useRef, useSignal } from "../../vendor/view.js";
import { t } from "../wording.js";
import { AttachButton } from "./attach-button.js";
import { Attachments, useAttachments } from "./attachments.js";
import { Icon } from "./icon.js";

const LIMIT = 2_000;
const COUNT_FROM = 1_800;
const TALLEST_PX = 132;
const DRAFT = "shopdesk:draft";
const PLACEHOLDERS = { waiting: "input.placeholder.waiting", closed: "input.placeholder.closed" };

// Counted as the door counts: characters, not UTF-16 units.
const lengthOf = (text) => [...text.trim()].length;

function Count({ length, id }) {
  if (length < COUNT_FROM) return null;
  const over = length > LIMIT;
  const key = over ? "count.over" : "count.left";
  return html`
    <p class="count" id=${id} data-over=${over} data-testid="counter" role=${over ? "alert" : null}>
      ${t(key, { n: Math.abs(LIMIT - length) })}
    </p>`;
}

function useDraft(draft) {
  const text = useSignal(draft.get(DRAFT) ?? "");
  const filled = useRef(null);
  const write = (next) => {
    text.value = next;
    if (next) draft.set(DRAFT, next);
    else draft.remove(DRAFT);
  };
  // What the shop filled in and nobody touched is replaced; what the shopper typed is kept.
  const prefill = (next) => {
    const untouched = text.peek().trim() === "" || text.peek() === filled.current;
    write(untouched ? next : `${text.peek()}\n${next}`);
    filled.current = untouched ? next : null;
  };
  return { text, write, prefill };
}

export function Composer({ chat, panel, draft, titleRef }) {
  const { text, write, prefill } = useDraft(draft);
  const input = useRef(null);
  const countId = useId();
  const length = lengthOf(text.value);
  const attached = useAttachments();
  const pictures = attached.all.value.filter(({ state }) => state === "ready").map(({ picture }) => picture);
  const reading = attached.all.value.some(({ state }) => state === "reading");
  const sendable = (length > 0 || pictures.length > 0) && length <= LIMIT && !reading;

  useLayoutEffect(() => {
    const node = input.current;
    node.style.height = "auto";
    node.style.height = `${Math.min(node.scrollHeight, TALLEST_PX)}px`;
    node.style.overflowY = node.scrollHeight > TALLEST_PX ? "auto" : "hidden";
  }, [text.value, t("input")]);

  useEffect(() => {
    panel.focus = (phone) => (phone ? titleRef : input).current.focus({ preventScroll: true });
    panel.prefill = (next) => {
      prefill(next);
      input.current.focus({ preventScroll: true });
    };
    panel.attach = (files) => {
      attached.add(files);
      if (!matchMedia("(pointer: coarse)").matches) input.current.focus({ preventScroll: true }); // no keyboard in the way
    };
  }, []);

  function send() {
    if (sendable && chat.say(text.peek(), pictures)) {
      write("");
      attached.clear();
    }
    input.current.focus({ preventScroll: true });
  }

  function onKeyDown(event) {
    // 229: the key belongs to the input method; Safari ends the composition before this event.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  }

  function onInput(event) {
    write(event.target.value);
    if (event.target.value.trim() !== "") chat.typing();
  }

  // A picture on the clipboard; what is copied from a text program comes as text, too, and is taken as that.
  function onPaste(event) {
    const files = [...event.clipboardData.files];
    if (files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    attached.add(files);
  }

  return html`
    <footer class="composer">
      <${Attachments} attachments=${attached.all.value} onRemove=${attached.remove} />
      <${Count} length=${length} id=${countId} />
      <div class="composer-box">
        <${AttachButton} onFiles=${panel.attach ?? attached.add} />
        <textarea class="input" rows="1" ref=${input} data-testid="input" aria-label=${t("input")}
          title=${t("input.hint")} aria-describedby=${countId} aria-invalid=${length > LIMIT}
          enterkeyhint="send" autocomplete="off" placeholder=${t(PLACEHOLDERS[chat.talk.value.mode] ?? "input.placeholder")}
          value=${text.value} onInput=${onInput} onKeyDown=${onKeyDown} onPaste=${onPaste}></textarea>
        <button type="button" class="send" data-testid="send" aria-label=${t("send")} aria-disabled=${!sendable}
          onClick=${send}>
          <${Icon} name="send" />
        </button>
      </div>
    </footer>`;
}
