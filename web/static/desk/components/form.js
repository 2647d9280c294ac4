/** The parts of a form in a dialog: a labelled field, the row of buttons, what went wrong, and sending it once. */
import { html, useId, useSignal } from "../../vendor/view.js";
import { t, troubleText } from "../wording.js";
import { Icon } from "./icon.js";

/** `children` is a function of the id that the input takes. */
export function Field({ label, hint, children }) {
  const id = useId();
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      ${children(id)}
      ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    </div>`;
}

export function Trouble({ error, children }) {
  if (!error) return null;
  return html`
    <p class="trouble" role="alert" data-testid="trouble" data-code=${error.code}>
      <${Icon} name="alert" size=${16} /><span>${children ?? troubleText(error)}</span>
    </p>`;
}

/** `run(act)` does it while `busy` and keeps what went wrong in `error`; answers whether it went well. */
export function useSending() {
  const busy = useSignal(false);
  const error = useSignal(null);
  async function run(act) {
    if (busy.peek()) return false;
    busy.value = true;
    error.value = null;
    try {
      await act();
      return true;
    } catch (failure) {
      if (!failure?.code) throw failure;
      error.value = failure;
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { busy, error, run };
}

export function Buttons({ label, busy, disabled = false, onCancel, tone = "main", testid = "submit" }) {
  return html`
    <div class="buttons">
      ${onCancel && html`<button type="button" class="button" data-testid="cancel"
        onClick=${onCancel}>${t("cancel")}</button>`}
      <button type="submit" class="button" data-tone=${tone} data-testid=${testid} aria-disabled=${disabled || busy}
        disabled=${disabled}>
        ${busy && html`<span class="spinner" aria-hidden="true"></span>`}${label}
      </button>
    </div>`;
}
