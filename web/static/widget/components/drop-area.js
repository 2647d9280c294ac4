/** Pictures may be dropped anywhere on the panel; while one is held over it, it says so. */
import { html, useRef, useSignal } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Icon } from "./icon.js";

const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

/** Handlers for the element that takes the pictures, and whether some are held over it. */
export function useDrop(onFiles) {
  const over = useSignal(false);
  const depth = useRef(0); // entering a child comes before leaving its parent

  function onDragEnter(event) {
    if (!holdsFiles(event)) return;
    depth.current += 1;
    over.value = true;
  }

  function onDragLeave(event) {
    if (!holdsFiles(event)) return;
    depth.current = Math.max(0, depth.current - 1);
    over.value = depth.current > 0;
  }

  function onDragOver(event) {
    if (holdsFiles(event)) event.preventDefault(); // or the browser opens the file
  }

  function onDrop(event) {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth.current = 0;
    over.value = false;
    onFiles([...event.dataTransfer.files]);
  }

  return { over, handlers: { onDragEnter, onDragLeave, onDragOver, onDrop } };
}

export function DropArea() {
  return html`
    <div class="drop-area" data-testid="drop-area" aria-hidden="true">
      <p><${Icon} name="picture" size=${28} />${t("picture.drop")}</p>
    </div>`;
}
