/** Where an agent writes: a reply to the shopper, a note for colleagues, or a supervisor's whisper. */
import { html, useEffect, useRef, useSignal } from "../../vendor/view.js";
import { mentionedIn } from "../mentions.js";
import { openVariables } from "../quick-replies.js";
import { hasWording, t } from "../wording.js";
import { Attachment } from "./attachment.js";
import { Icon } from "./icon.js";
import { Pad } from "./pad.js";
import { useHelpers } from "./writing-helpers.js";

const LIMIT = 2_000;
const COUNT_FROM = 1_800;
const PICTURES = ["image/jpeg", "image/png", "image/webp"];

const lengthOf = (text) => [...text.trim()].length;

function Tabs({ kinds, kind, onPick }) {
  return html`
    <div class="tabs" role="tablist" aria-label=${t("composer.kind")}>
      ${kinds.map((name) => html`
        <button type="button" class="tab" role="tab" key=${name}
          data-testid=${`tab-${name}`} aria-selected=${kind === name}
          tabindex=${kind === name ? 0 : -1} onClick=${() => onPick(name)}
          onKeyDown=${(event) => {
            const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
            if (!step) return;
            onPick(kinds.at((kinds.indexOf(name) + step) % kinds.length));
          }}>${t(`composer.${name}`)}</button>`)}
    </div>`;
}

function OpenVariables({ open, onPick }) {
  if (open.length === 0) return null;
  return html`
    <p class="open-variables" role="alert" data-testid="open-variables">
      <${Icon} name="alert" size=${14} /><span>${t("composer.variables")}</span>
      ${open.map((one) => html`
        <button type="button" class="chip variable" key=${one.start} onClick=${() => onPick(one)}>
          ${hasWording(`variable.${one.name}`) ? t(`variable.${one.name}`) : one.name}</button>`)}
    </p>`;
}

function Tools({ desk, conversation, onQuick, onFile }) {
  const file = useRef(null);
  const pick = (event) => {
    const [one] = event.target.files;
    event.target.value = "";
    if (one) onFile(one);
  };
  return html`
    <button type="button" class="icon-button" data-testid="quick" aria-label=${t("quick")}
      title=${`${t("quick")} ( / )`} onClick=${onQuick}><${Icon} name="bolt" /></button>
    <button type="button" class="icon-button" data-testid="attach" aria-label=${t("image.attach")}
      title=${t("image.attach")} onClick=${() => file.current.click()}><${Icon} name="image" /></button>
    <button type="button" class="icon-button" data-testid="send-card" aria-label=${t("card.send")}
      title=${`${t("card.send")} (Alt D)`} onClick=${() => desk.layout.ask("card", { conversation })}><${Icon}
      name="card" /></button>
    <button type="button" class="icon-button" data-testid="order-task" aria-label=${t("task")}
      title=${`${t("task")} (Alt O)`} onClick=${() => desk.layout.ask("task", { conversation })}><${Icon}
      name="order" /></button>
    <input type="file" class="hidden" ref=${file} accept=${PICTURES.join(",")} tabindex="-1" aria-hidden="true"
      data-testid="file" onChange=${pick} />`;
}

/** The picture on its way: `{"state":"up|there|failed","name","preview","picture"?,"error"?}`. */
function usePicture({ desk, conversation }) {
  const picture = useSignal(null);
  async function add(file) {
    if (!PICTURES.includes(file.type)) {
      desk.notices.say(t("error.bad_image"), { tone: "trouble" });
      return;
    }
    const one = { state: "up", file, preview: URL.createObjectURL(file) };
    picture.value = one;
    try {
      const stored = await desk.upload(conversation, file);
      if (picture.peek() === one) picture.value = { ...one, state: "there", picture: stored };
    } catch (error) {
      if (!error.code) throw error;
      if (picture.peek() === one) picture.value = { ...one, state: "failed", error };
    }
  }
  function drop() {
    if (picture.peek()) URL.revokeObjectURL(picture.peek().preview);
    picture.value = null;
  }
  return { picture, add, drop };
}

function useText({ desk, conversation, kind }) {
  const texts = useSignal({});
  const text = texts.value[kind] ?? desk.drafts.get(conversation, kind);
  const write = (next) => {
    texts.value = { ...texts.peek(), [kind]: next };
    desk.drafts.set(conversation, kind, next);
  };
  return [text, write];
}

/** `notesOnly` where somebody else serves: there is nothing to say to the shopper. */
export function Composer({ desk, conversation, notesOnly = false }) {
  const kinds = [...(notesOnly ? [] : ["reply"]), "note", ...(notesOnly && desk.may("supervisor") ? ["whisper"] : [])];
  const picked = useSignal(kinds[0]);
  const kind = kinds.includes(picked.value) ? picked.value : kinds[0];
  const [text, write] = useText({ desk, conversation, kind });
  const input = useRef(null);
  const { picture, add, drop } = usePicture({ desk, conversation });
  const helpers = useHelpers({ desk, conversation, kind, text, write, input });
  const open = kind === "reply" ? openVariables(text) : [];
  const length = lengthOf(text);
  const withPicture = kind === "reply" && picture.value?.state === "there";
  const sendable = (length > 0 || withPicture) && length <= LIMIT && open.length === 0 && (kind !== "reply" || picture.value?.state !== "up");

  useEffect(() => {
    const focus = (name) => {
      if (kinds.includes(name)) picked.value = name;
      requestAnimationFrame(() => input.current?.focus());
    };
    desk.composer = { focus, quick: helpers.begin };
    if (!matchMedia("(pointer: coarse)").matches && !notesOnly) input.current?.focus({ preventScroll: true });
    return () => {
      if (desk.composer?.focus === focus) desk.composer = null;
    };
  }, [kinds.join(), kind, text]);

  function send() {
    if (open.length > 0) input.current.setSelectionRange(open[0].start, open[0].end);
    if (!sendable) return;
    const said = text.trim();
    if (kind === "reply") desk.say(conversation, { text: said, picture: withPicture ? picture.peek().picture : null });
    else desk.note(conversation, said, { to: mentionedIn(said, desk.agents.peek()), whisper: kind === "whisper" });
    write("");
    if (kind === "reply") drop();
    input.current.focus();
  }

  function onKeyDown(event) {
    if (helpers.onKeyDown(event) || event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  }

  function onInput(event) {
    write(event.target.value);
    helpers.moved();
    if ((kind === "reply" || notesOnly) && event.target.value.trim()) desk.typing(conversation);
  }

  const fileOf = (items) => [...(items ?? [])].find(({ type }) => type.startsWith("image/"));
  const take = (event, items) => {
    const file = kind === "reply" && fileOf(items);
    if (!file) return;
    event.preventDefault();
    add(file);
  };
  const left = LIMIT - length;
  return html`
    <footer class="composer" data-testid="composer" data-kind=${kind}
      onPaste=${(event) => take(event, event.clipboardData?.files)}
      onDragOver=${(event) => kind === "reply" && event.preventDefault()}
        onDrop=${(event) => take(event, event.dataTransfer?.files)}>
      <div class="composer-top">
        <${Tabs} kinds=${kinds} kind=${kind}
          onPick=${(name) => { picked.value = name; requestAnimationFrame(() => input.current?.focus()); }} />
        ${length >= COUNT_FROM && html`<p class="limit"
          data-over=${left < 0}>${t(left < 0 ? "count.over" : "count.left", { n: Math.abs(left) })}</p>`}
      </div>
      ${helpers.list}
      ${kind === "reply" && picture.value && html`<${Attachment} one=${picture.value} onDrop=${drop}
        onAgain=${() => add(picture.peek().file)} />`}
      <${Pad} input=${input} text=${text} kind=${kind} open=${open} helpers=${helpers} onInput=${onInput}
        onKeyDown=${onKeyDown} />
      <${OpenVariables} open=${open}
        onPick=${({ start, end }) => { input.current.focus(); input.current.setSelectionRange(start, end); }} />
      <div class="composer-tools">
        ${kind === "reply" && html`<${Tools} desk=${desk} conversation=${conversation} onQuick=${helpers.begin}
          onFile=${add} />`}
        <p class="composer-hint">${t(`composer.hint.${kind}`)}</p>
        <button type="button" class="button" data-tone=${kind === "reply" ? "main" : "note"} data-testid="send"
          aria-disabled=${!sendable} onClick=${send}>
          ${t(kind === "reply" ? "send" : "composer.keep")}</button>
      </div>
    </footer>`;
}

