/** A message's picture: small in the conversation, large at a press; while it is handed in, how far that has come. */
import { html, useRef, useSignal } from "../../vendor/view.js";
import { fitted } from "../shrink.js";
import { t } from "../wording.js";
import { Icon } from "./icon.js";
import { Lightbox } from "./lightbox.js";

const LONGEST_PX = 220;

function Gone() {
  return html`
    <p class="picture-gone" data-testid="picture-gone"><${Icon} name="picture" size=${18} />${t("picture.gone")}</p>`;
}

/** `speaker` is who sent it. */
export function Picture({ entry, speaker, chat }) {
  const open = useSignal(false);
  const broken = useSignal(null);
  const button = useRef(null);
  const { image } = entry.body;
  const { full, small } = chat.pictures.of(entry);
  if (small === null || broken.value === small) return html`<${Gone} />`;
  const [width, height] = fitted(image.width, image.height, LONGEST_PX);
  const name = t("picture.of", { name: speaker });
  const close = () => {
    open.value = false;
    button.current?.focus();
  };
  return html`
    <button type="button" class="picture" ref=${button} data-testid="picture" aria-label=${t("picture.enlarge", { what: name })}
      onClick=${() => { open.value = true; }}>
      <img src=${small} alt="" width=${width} height=${height} loading="lazy" draggable="false"
        onError=${() => { broken.value = small; }} />
      ${entry.progress !== null && entry.progress !== undefined && html`
        <progress class="picture-progress" max="1" value=${entry.progress} aria-label=${t("picture.sending")}></progress>`}
    </button>
    ${open.value && html`<${Lightbox} source=${full} name=${name} onClose=${close} />`}`;
}
