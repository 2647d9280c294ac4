/** The pictures that will go with the next message: each can be taken away again; one that cannot be sent says why. */
import { html, useSignal } from "../../vendor/view.js";
import { shrink } from "../shrink.js";
import { hasWording, t } from "../wording.js";
import { Icon } from "./icon.js";

const MOST = 9;

/** What is attached, as `{"key","name","state","picture"|"code"}` with the states reading, ready and failed. */
export function useAttachments() {
  const all = useSignal([]);
  const change = (key, news) => {
    all.value = all.peek().map((one) => (one.key === key ? { ...one, ...news } : one));
  };

  async function read(key, file) {
    try {
      change(key, { state: "ready", picture: await shrink(file) });
    } catch (error) {
      change(key, { state: "failed", code: error.code ?? "bad_image" });
      if (!error.code) throw error;
    }
  }

  function add(files) {
    const room = MOST - all.peek().filter(({ state }) => state !== "failed").length;
    const taken = files.slice(0, Math.max(0, room)).map((file) => ({ key: crypto.getRandomValues(new Uint32Array(2)).join(), file }));
    const kept = all.peek().filter(({ state }) => state !== "failed");
    all.value = [...kept, ...taken.map(({ key, file }) => ({ key, name: file.name, state: "reading" }))];
    for (const { key, file } of taken) read(key, file);
  }

  return {
    all,
    add,
    remove(key) {
      all.value = all.peek().filter((one) => one.key !== key);
    },
    clear() {
      all.value = [];
    },
  };
}

function Attachment({ attachment, onRemove }) {
  const { key, name, state, picture } = attachment;
  return html`
    <li class="attachment" data-testid="attachment" data-state=${state}>
      ${state === "ready" && html`<img src=${picture.preview} alt=${name} />`}
      ${state === "reading" && html`<span class="attachment-reading" role="img" aria-label=${t("picture.reading")}></span>`}
      ${state === "failed" && html`<${Icon} name="alert" size=${22} />`}
      <button type="button" class="attachment-remove" data-testid="attachment-remove" onClick=${() => onRemove(key)}
        aria-label=${t("picture.remove", { name })}>
        <${Icon} name="close" size=${14} />
      </button>
    </li>`;
}

export function Attachments({ attachments, onRemove }) {
  const failed = attachments.findLast(({ state }) => state === "failed");
  const why = failed && `why.${failed.code}`;
  return html`
    ${attachments.length > 0 && html`
      <ul class="attachments" aria-label=${t("picture.attached")}>
        ${attachments.map((attachment) => html`
          <${Attachment} key=${attachment.key} attachment=${attachment} onRemove=${onRemove} />`)}
      </ul>`}
    <p class="attachment-trouble" role="alert">
      ${failed && t("picture.failed", { name: failed.name, why: t(hasWording(why) ? why : "why.unknown") })}
    </p>`;
}
