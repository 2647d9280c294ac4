/** The mark beside what somebody says: the assistant's spark, or the first letter of an agent's name. */
import { html } from "../../vendor/view.js";
import { Icon } from "./icon.js";

export function Avatar({ from, name, small = false }) {
  const letter = from === "agent" && name ? [...name.trim()][0]?.toUpperCase() : null;
  const picture = letter ?? html`<${Icon} name=${from === "agent" ? "headset" : "spark"} size=${small ? 16 : 20} />`;
  return html`<div class="avatar" data-speaker=${from} data-small=${small} aria-hidden="true">${picture}</div>`;
}
