/** A dialog on top of everything: keeps the focus, closes by Escape or a press beside it, gives the focus back. */
import { html, useEffect, useId, useRef } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Icon } from "./icon.js";

export function Dialog({ title, testid, onClose, wide = false, children }) {
  const box = useRef(null);
  const titleId = useId();
  useEffect(() => {
    const before = document.activeElement;
    box.current.showModal();
    box.current.querySelector("[data-first], [autofocus]")?.focus();
    return () => before?.isConnected && before.focus?.();
  }, []);

  const onCancel = (event) => {
    event.preventDefault();
    onClose();
  };
  // Only a press that begins and ends on the backdrop: one that began in a text field was a selection.
  const onPress = (event) => event.target === box.current && onClose();
  return html`
    <dialog class="dialog" ref=${box} data-testid=${testid} data-wide=${wide} aria-labelledby=${titleId}
      onCancel=${onCancel}
      onPointerDown=${onPress}>
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id=${titleId}>${title}</h2>
          <button type="button" class="icon-button" data-testid="dialog-close" aria-label=${t("close")}
            onClick=${onClose}>
            <${Icon} name="close" />
          </button>
        </header>
        ${children}
      </div>
    </dialog>`;
}
