/** The text field of the composer: grows with its text, and shows through a layer behind it what is still to be filled in. */
import { html, useLayoutEffect, useRef } from "../../vendor/view.js";
import { t } from "../wording.js";

const TALLEST_PX = 200;

function Mirror({ text, open }) {
  const parts = [];
  let done = 0;
  for (const { start, end } of open) {
    parts.push(text.slice(done, start), html`<mark key=${start}>${text.slice(start, end)}</mark>`);
    done = end;
  }
  return html`${parts}${text.slice(done)}`;
}

export function Pad({ input, text, kind, open, helpers, onInput, onKeyDown }) {
  const mirror = useRef(null);
  useLayoutEffect(() => {
    const node = input.current;
    node.style.height = "auto";
    node.style.height = `${Math.min(node.scrollHeight, TALLEST_PX)}px`;
    node.style.overflowY = node.scrollHeight > TALLEST_PX ? "auto" : "hidden";
  }, [text, kind]);
  const follow = () => {
    if (mirror.current && input.current) mirror.current.scrollTop = input.current.scrollTop;
  };
  return html`
    <div class="pad">
      ${open.length > 0 && html`<div class="pad-mirror" ref=${mirror} aria-hidden="true"><${Mirror} text=${text}
        open=${open} /></div>`}
      <textarea rows="2" ref=${input} data-testid="input" role="combobox" aria-label=${t(`composer.${kind}.label`)}
        aria-autocomplete="list"
        aria-expanded=${helpers.open} aria-controls=${helpers.listId} aria-activedescendant=${helpers.active}
        placeholder=${t(`composer.${kind}.placeholder`)} autocomplete="off" value=${text} onInput=${onInput}
          onKeyDown=${onKeyDown}
        onClick=${helpers.moved} onScroll=${follow} onBlur=${helpers.close}></textarea>
    </div>`;
}
