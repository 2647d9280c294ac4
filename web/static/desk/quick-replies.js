/** Finds prepared answers by what is typed after a slash, and fills in what is known of the customer. */

const SLASH = /(?:^|\s)\/(\S*)$/u;
const VARIABLE = /\{\{\s*([\w.]+)\s*\}\}/gu;

/** What is being looked for at the caret as `{"query","start"}`, or null; `start` is where the slash stands. */
export function slashAt(text, caret) {
  const found = SLASH.exec(text.slice(0, caret));
  return found ? { query: found[1], start: caret - found[1].length - 1 } : null;
}

const folded = (text) => (text ?? "").toLowerCase();

function rank(reply, query) {
  const shortcut = folded(reply.shortcut);
  if (shortcut === query) return 0;
  if (shortcut.startsWith(query)) return 1;
  if (folded(reply.title).includes(query)) return 2;
  if (folded(reply.text.zh).includes(query) || folded(reply.text.en).includes(query)) return 3;
  return -1;
}

/** The replies that fit, best first: shortcut before title before text, then what is used most. */
export function findReplies(replies, query) {
  const asked = folded(query);
  return replies
    .map((reply) => ({ reply, rank: rank(reply, asked) }))
    .filter((one) => one.rank >= 0)
    .sort((one, other) => one.rank - other.rank || (other.reply.used ?? 0) - (one.reply.used ?? 0))
    .map(({ reply }) => reply);
}

/** The text of a reply in the shopper's language, else in the one it has. */
export function replyText(reply, lang) {
  return reply.text[lang] || reply.text.zh || reply.text.en || "";
}

/** `{{customer.name}}` becomes what is known of it; what is not known stays as it is. */
export function filled(text, variables) {
  return text.replace(VARIABLE, (whole, name) => variables?.[name] || whole);
}

/** Variables still in the text as `{"name","start","end"}`. */
export function openVariables(text) {
  return [...text.matchAll(VARIABLE)].map((found) => ({ name: found[1], start: found.index, end: found.index + found[0].length }));
}
