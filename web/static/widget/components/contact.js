/** How to be reached when nobody is there: a phone number or an e-mail address, and afterwards that it has arrived. */
import { html, useEffect, useId, useRef, useSignal } from "../../vendor/view.js";
import { looksReachable } from "../reachable.js";
import { t } from "../wording.js";
import { Icon } from "./icon.js";

const LONGEST = 100;

function Field({ chat, onDone }) {
  const text = useSignal(chat.contact.peek());
  const doubted = useSignal(null);
  const input = useRef(null);
  const hintId = useId();

  // What looks odd may be right: it is doubted once, and then taken.
  function onSubmit(event) {
    event.preventDefault();
    const contact = text.peek().trim();
    if (contact === "") input.current.focus();
    else if (!looksReachable(contact) && doubted.peek() !== contact) {
      doubted.value = contact;
      input.current.focus();
    } else {
      chat.leaveContact(contact);
      onDone();
    }
  }

  return html`
    <form class="contact" data-testid="contact" novalidate onSubmit=${onSubmit}>
      <input class="contact-field" ref=${input} type="text" inputmode="email" autocomplete="email" maxlength=${LONGEST}
        data-testid="contact-field" aria-label=${t("contact.label")} aria-describedby=${hintId}
        aria-invalid=${doubted.value !== null} placeholder=${t("contact.label")} value=${text.value}
        onInput=${(event) => { text.value = event.target.value; }} />
      <button type="submit" class="main-button" data-testid="contact-send">
        ${t(doubted.value !== null && doubted.value === text.value.trim() ? "contact.anyway" : "contact.send")}
      </button>
      <p class="contact-hint" id=${hintId} role="status">${doubted.value !== null ? t("contact.doubt") : ""}</p>
    </form>`;
}

export function Contact({ chat }) {
  const changing = useSignal(false);
  const change = useRef(null);
  const telling = chat.telling.value;
  const left = chat.talk.value.contactLeft || telling;
  const done = useRef(false);
  useEffect(() => {
    if (!done.current || !change.current) return;
    if (document.activeElement === document.body) change.current.focus({ preventScroll: true });
    done.current = false;
  });
  const finish = () => {
    changing.value = false;
    done.current = true;
  };
  if (!left || changing.value) return html`<${Field} chat=${chat} onDone=${finish} />`;
  const said = chat.contact.value;
  return html`
    <p class="contact-left" data-testid="contact-left" role="status">
      <${Icon} name=${telling ? "clock" : "checkCircle"} size=${18} />
      <span>${telling ? t("contact.sending") : said ? t("contact.left", { contact: said }) : t("contact.left.before")}</span>
      ${!telling && html`
        <button type="button" class="text-button" ref=${change} data-testid="contact-change"
          onClick=${() => { changing.value = true; }}>${t("contact.change")}</button>`}
    </p>`;
}
