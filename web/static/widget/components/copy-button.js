/** Copies a number to the clipboard, and says that it did. */
import { html, useEffect, useSignal } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Icon } from "./icon.js";

const SAID_MS = 2_000;

// For pages without a secure origin, where `navigator.clipboard` does not exist, and frames that may not use it.
function copyBySelection(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "hidden";
  field.readOnly = true;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

export function CopyButton({ text, what }) {
  const done = useSignal(false);
  useEffect(() => {
    if (!done.value) return undefined;
    const timer = setTimeout(() => {
      done.value = false;
    }, SAID_MS);
    return () => clearTimeout(timer);
  }, [done.value]);

  async function onClick(event) {
    const button = event.currentTarget;
    done.value = await copy(text);
    button.focus();
  }

  return html`
    <button type="button" class="copy" data-testid="copy" data-done=${done.value} aria-label=${t("copy.what", { what })}
      onClick=${onClick}>
      <${Icon} name=${done.value ? "check" : "copy"} size=${14} />
      <span role="status">${done.value ? t("copy.done") : ""}</span>
    </button>`;
}
