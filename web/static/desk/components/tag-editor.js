/** The tags of a conversation: taken off at a press, put on from the tags of the house. */
import { html, useSignal } from "../../vendor/view.js";
import { t, troubleText } from "../wording.js";
import { Icon } from "./icon.js";
import { Dot } from "./marks.js";

export function TagEditor({ desk, conversation, tags }) {
  const busy = useSignal(false);
  const colours = new Map(desk.book.tags.value.map(({ name, colour }) => [name, colour]));
  const free = desk.book.tags.value.filter(({ name }) => !tags.includes(name));
  async function set(next) {
    busy.value = true;
    try {
      await desk.customers.setTags(conversation, next);
    } catch (error) {
      if (!error.code) throw error;
      desk.notices.say(troubleText(error), { tone: "trouble" });
    } finally {
      busy.value = false;
    }
  }
  return html`
    <div class="tag-editor" aria-busy=${busy.value}>
      ${tags.map((tag) => html`
        <span class="chip tag" key=${tag} data-testid="tag"><${Dot} colour=${colours.get(tag)} />${tag}
          ${desk.may("agent") && html`<button type="button" class="chip-close" aria-label=${t("tags.remove", { tag })}
            onClick=${() => set(tags.filter((one) => one !== tag))}><${Icon} name="close" size=${11} />
            </button>`}</span>`)}
      ${desk.may("agent") && free.length > 0 && html`
        <select class="tag-add" data-testid="tag-add" aria-label=${t("tags.add")} value=""
          onChange=${(event) => event.target.value && set([...tags, event.target.value])}>
          <option value="">+ ${t("tags.add")}</option>
          ${free.map(({ id, name }) => html`<option key=${id} value=${name}>${name}</option>`)}
        </select>`}
      ${tags.length === 0 && free.length === 0 && html`<p class="muted">${t("tags.none")}</p>`}
    </div>`;
}
