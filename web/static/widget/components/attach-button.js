/** Opens the browser's choice of pictures; on a phone that offers the camera, too. */
import { html, useRef } from "../../vendor/view.js";
import { t } from "../wording.js";
import { Icon } from "./icon.js";

export function AttachButton({ onFiles }) {
  const field = useRef(null);

  function onChange(event) {
    onFiles([...event.target.files]);
    event.target.value = ""; // the same picture may be chosen again
  }

  return html`
    <button type="button" class="icon-button attach" data-testid="attach" aria-label=${t("picture.attach")}
      title=${t("picture.attach")} onClick=${() => field.current.click()}>
      <${Icon} name="picture" size=${21} />
    </button>
    <input class="hidden" type="file" accept="image/*" multiple tabindex="-1" aria-hidden="true" ref=${field}
      data-testid="attach-field" onChange=${onChange} />`;
}
