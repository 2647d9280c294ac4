/** The panel as a whole: header, banners, log, rating, input; Escape closes it. */
import { html, useRef } from "../../vendor/view.js";
import { Composer } from "./composer.js";
import { DropArea, useDrop } from "./drop-area.js";
import { Header } from "./header.js";
import { LinkBanner } from "./link-banner.js";
import { Log } from "./log.js";
import { QueueBanner } from "./queue-banner.js";
import { Rating } from "./rating.js";

/** `panel` is filled with what may be asked of the input: `focus(phone)`, `prefill(text)` and `attach(files)`. */
export function App({ chat, host, panel, speak, draft }) {
  const title = useRef(null);
  const { over, handlers } = useDrop((files) => panel.attach(files));
  const close = () => {
    chat.show(false);
    host.tell({ type: "close" });
  };

  function onKeyDown(event) {
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing && host.framed) close();
  }

  return html`
    <main class="panel" data-mode=${chat.talk.value.mode} onKeyDown=${onKeyDown} ...${handlers}>
      <${Header} chat=${chat} speak=${speak} titleRef=${title} onClose=${host.framed ? close : null} />
      <${LinkBanner} chat=${chat} />
      <${QueueBanner} chat=${chat} />
      <${Log} chat=${chat} />
      <${Rating} chat=${chat} onAgain=${() => panel.focus(false)} />
      <${Composer} chat=${chat} panel=${panel} draft=${draft} titleRef=${title} />
      ${over.value && html`<${DropArea} />`}
    </main>`;
}
