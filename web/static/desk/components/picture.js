/** A picture in full, on top of everything; Escape or a press closes it. */
import { html, useEffect, useRef } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Icon } from "./icon.js";

function Full({ source, onClose }) {
  const box = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current.showModal();
    return () => before?.isConnected && before.focus?.();
  }, []);
  const onCancel = (event) => {
    event.preventDefault();
    onClose();
  };
  return html`
    <dialog class="full-picture" ref=${box} data-testid="full-picture" aria-label=${t("image.full")}
      onCancel=${onCancel} onClick=${onClose}>
      <img src=${source} alt=${t("image")} />
      <button type="button" class="icon-button" aria-label=${t("close")}><${Icon} name="close" /></button>
    </dialog>`;
}

export function Picture({ desk }) {
  const source = desk.layout.picture.value;
  const close = () => {
    desk.layout.picture.value = null;
  };
  return source ? html`<${Full} source=${source} onClose=${close} />` : null;
}
