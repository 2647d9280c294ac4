/** Whether a text looks like a phone number or an e-mail address. Only a hint: the shopper knows better. */

const MAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/u;
const PHONE = /^\+?[\d\s().-]+$/u;

export function looksReachable(text) {
  const contact = text.trim();
  const digits = contact.replace(/\D/gu, "").length;
  return MAIL.test(contact) || (PHONE.test(contact) && digits >= 7 && digits <= 15);
}
