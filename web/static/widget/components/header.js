/** Who is speaking to the shopper and how things stand; the way to a person, the menu, the way out. */
import { html } from "../../vendor/view.js";
import { t, waitText } from "../wording.js";
import { Avatar } from "./avatar.js";
import { Icon } from "./icon.js";
import { Menu } from "./menu.js";

function statusText({ mode, position, waitSeconds, away }, link) {
  if (link !== "online" && link !== "idle") return t("status.connecting");
  if (mode === "human") return t("status.human");
  if (mode === "closed") return t("status.closed");
  if (mode !== "waiting") return t("status.online");
  if (away) return t("status.away");
  if (!position) return t("status.waiting");
  return waitSeconds === null
    ? t("status.waiting.position", { n: position })
    : t("status.waiting.wait", { n: position, wait: waitText(waitSeconds) });
}

function HumanButton({ chat }) {
  const asking = chat.asking.value;
  return html`
    <button type="button" class="pill-button" data-testid="human" aria-disabled=${asking}
      onClick=${() => chat.askForPerson()}>
      <${Icon} name="headset" size=${16} />
      <span>${t(asking ? "human.pending" : "human")}</span>
    </button>`;
}

/** `titleRef` is given the focus on phones, where the input would bring up the keyboard. */
export function Header({ chat, speak, titleRef, onClose }) {
  const talk = chat.talk.value;
  const link = chat.link.value;
  const speaker = talk.mode === "human" ? "agent" : "bot";
  const name = speaker === "agent" ? talk.agent ?? t("agent") : t("assistant");
  const light = link !== "online" && link !== "idle" ? "waiting" : talk.away ? "closed" : talk.mode;
  return html`
    <header class="header">
      <${Avatar} from=${speaker} name=${talk.agent} />
      <div class="header-text">
        <h1 class="header-name" tabindex="-1" ref=${titleRef}>${name}</h1>
        <p class="header-status" role="status" data-testid="mode" data-mode=${talk.mode} data-link=${link}>
          <span class="light" data-light=${light} aria-hidden="true"></span>${statusText(talk, link)}
        </p>
      </div>
      ${talk.mode === "bot" && html`<${HumanButton} chat=${chat} />`}
      <${Menu} chat=${chat} speak=${speak} />
      ${onClose && html`
        <button type="button" class="icon-button" data-testid="close" aria-label=${t("close")} onClick=${onClose}>
          <${Icon} name="close" />
        </button>`}
    </header>`;
}
