/** The middle column: one conversation, with what can be done with it. */
import { html } from "../../vendor/view.js";
import { t, troubleText } from "../wording.js";
import { Composer } from "./composer.js";
import { ConversationHead } from "./conversation-head.js";
import { Icon } from "./icon.js";
import { Log } from "./log.js";
import { Offer } from "./offer.js";
import { Empty, Loading } from "./states.js";

const FEET = { closed: "foot.closed", bot: "foot.bot", human: "foot.other" };

function Claim({ desk, conversation, item }) {
  const closed = item.mode === "closed";
  const text = t(FEET[item.mode] ?? "foot.waiting", { name: item.agent?.name ?? "" });
  const refused = (error) => desk.notices.say(troubleText(error), { tone: "trouble" });
  const reopen = () => desk.order({ type: "reopen", conversation }).catch(refused);
  return html`
    <footer class="foot" data-testid="foot">
      <p>${text}</p>
      ${desk.may("agent") && item.mode === "waiting" && html`
        <button type="button" class="button" data-tone="main" data-testid="foot-claim"
          onClick=${() => desk.claim(conversation)}>${t("claim")}</button>`}
      ${desk.may("agent") && closed && html`
        <button type="button" class="button" data-testid="reopen" onClick=${reopen}><${Icon} name="undo" size=${16} />
          ${t("reopen")}</button>`}
    </footer>`;
}

function Foot({ desk, conversation, item }) {
  if (desk.isMine(conversation)) return html`<${Composer} key=${`mine:${conversation}`} desk=${desk}
    conversation=${conversation} />`;
  if (!item || !desk.may("agent")) return null;
  const colleague = item.mode === "human" || item.mode === "waiting";
  return html`
    <${Claim} desk=${desk} conversation=${conversation} item=${item} />
    ${colleague && html`<${Composer} key=${`notes:${conversation}`} desk=${desk}
      conversation=${conversation} notesOnly />`}`;
}

export function Conversation({ desk }) {
  const conversation = desk.selected.value;
  if (!conversation) {
    return html`
      <main class="talk" data-testid="talk"><${Empty} icon="inbox" title=${t("talk.none")}>${t("talk.none.text")}<//>
        </main>`;
  }
  const item = desk.itemOf(conversation);
  if (item && desk.isOffered(conversation)) {
    return html`<main class="talk" data-testid="talk"><div class="talk-offer"><${Offer} item=${item} desk=${desk} />
      </div></main>`;
  }
  const talk = desk.talkOf(conversation);
  return html`
    <main class="talk" data-testid="talk" data-conversation=${conversation} data-mode=${item?.mode}>
      ${item && html`<${ConversationHead} desk=${desk} conversation=${conversation} item=${item} talk=${talk} />`}
      ${talk?.opened || talk?.entries.length ? html`<${Log} key=${conversation} desk=${desk}
        conversation=${conversation} talk=${talk} item=${item} />` : html`<div class="log-frame"><${Loading} /></div>`}
      <${Foot} desk=${desk} conversation=${conversation} item=${item} />
    </main>`;
}
