/** Finds web addresses in what people write, and tells which addresses are safe to open or to show. */

const ADDRESS = /https?:\/\/[^\s<>"'“”‘’「」『』《》【】()，。；：！？、\u3000]+/giu;
const TRAILING = /[.,;:!?)\]}'"*_~]+$/u;

/** Text as parts `{"text"}` and `{"text","href"}`, in order; only http and https become addresses. */
export function linkParts(text) {
  const parts = [];
  let done = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const shown = match[0].replace(TRAILING, "");
    const href = safeAddress(shown);
    if (!href) continue;
    if (match.index > done) parts.push({ text: text.slice(done, match.index) });
    parts.push({ text: shown, href });
    done = match.index + shown.length;
  }
  if (done < text.length) parts.push({ text: text.slice(done) });
  return parts;
}

/** The address when it is a whole http or https one, else null. */
export function safeAddress(text) {
  try {
    const address = new URL(text);
    return address.protocol === "http:" || address.protocol === "https:" ? address.href : null;
  } catch {
    return null;
  }
}

/** The address of a picture that may be shown: https, or http where we ourselves are served so, else null. */
export function safePicture(text, base = location.href) {
  try {
    const address = new URL(text, base);
    return address.protocol === "https:" || address.protocol === new URL(base).protocol ? address.href : null;
  } catch {
    return null;
  }
}
