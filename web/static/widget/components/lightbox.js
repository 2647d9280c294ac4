/** One picture over everything else: fitted to the panel, at a press in its own size; Escape or a press beside it closes it. */
import { html, useEffect, useRef, useSignal } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Icon } from "./icon.js";

export function Lightbox({ source, name, onClose }) {
  const box = useRef(null);
  const whole = useSignal(true);
  useEffect(() => {
    const node = box.current;
    node.showModal();
    return () => node.close();
  }, []);

  // The panel closes at Escape, too; here only the picture does.
  const onKeyDown = (event) => event.key === "Escape" && event.stopPropagation();

  function onClick({ target }) {
    if (target.tagName === "IMG") whole.value = !whole.value;
    else box.current.close();
  }

  return html`
    <dialog class="lightbox" ref=${box} data-testid="lightbox" data-whole=${whole.value} aria-label=${name}
      onClose=${onClose} onKeyDown=${onKeyDown} onClick=${onClick}>
      <div class="lightbox-frame"><img src=${source} alt=${name} /></div>
      <button type="button" class="lightbox-close" data-testid="lightbox-close" aria-label=${t("picture.close")}>
        <${Icon} name="close" />
      </button>
    </dialog>`;
}
