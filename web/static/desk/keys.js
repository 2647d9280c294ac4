/** The keyboard of the desk: which keys do what, and how a key press is read. */

/**
 * Each shortcut: `id`, the keys as shown, and how they are pressed. `plain` holds outside of inputs, `alt` everywhere
 * (with Alt; by the key's place, since a Mac makes other letters with it), `then` after the key `g`.
 */
export const SHORTCUTS = [
  { id: "help", group: "general", plain: "?" },
  { id: "search", group: "general", ctrl: "k" },
  { id: "next", group: "list", plain: "j", alt: "ArrowDown" },
  { id: "previous", group: "list", plain: "k", alt: "ArrowUp" },
  { id: "claim", group: "list", plain: "c", alt: "KeyC" },
  { id: "decline", group: "list", plain: "x", alt: "KeyX" },
  { id: "reply", group: "talk", plain: "r", alt: "KeyR" },
  { id: "note", group: "talk", plain: "n", alt: "KeyN" },
  { id: "quick", group: "talk", plain: "/", alt: "KeyQ" },
  { id: "transfer", group: "talk", plain: "t", alt: "KeyT" },
  { id: "resolve", group: "talk", plain: "e", alt: "KeyE" },
  { id: "hand_back", group: "talk", plain: "b", alt: "KeyB" },
  { id: "order_action", group: "talk", plain: "o", alt: "KeyO" },
  { id: "send_card", group: "talk", plain: "d", alt: "KeyD" },
  { id: "toggle_list", group: "general", plain: "[", alt: "BracketLeft" },
  { id: "toggle_side", group: "general", plain: "]", alt: "BracketRight" },
  { id: "online", group: "general", alt: "Digit1" },
  { id: "away", group: "general", alt: "Digit2" },
  { id: "offline", group: "general", alt: "Digit3" },
  { id: "view_desk", group: "views", then: "i" },
  { id: "view_board", group: "views", then: "b" },
  { id: "view_archive", group: "views", then: "a" },
  { id: "view_replies", group: "views", then: "r" },
  { id: "view_accounts", group: "views", then: "c" },
  { id: "view_audit", group: "views", then: "u" },
];

const SHOWN = { ArrowDown: "↓", ArrowUp: "↑", BracketLeft: "[", BracketRight: "]" };

const shownKey = (code) => SHOWN[code] ?? code.replace(/^(?:Key|Digit)/, "");

/** The ways to press a shortcut, each a list of keys as they are printed on the keyboard. */
export function keysOf({ plain, alt, ctrl, then }) {
  return [
    plain && [plain.length === 1 && /[a-z]/.test(plain) ? plain.toUpperCase() : plain],
    alt && ["Alt", shownKey(alt)],
    ctrl && ["Ctrl", ctrl.toUpperCase()],
    then && ["G", then.toUpperCase()],
  ].filter(Boolean);
}

const WRITES = "input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable=true]";

/** Whether the key goes to something that is written in. */
export function isWriting(target) {
  return target instanceof Element && target.matches(WRITES);
}

/** The id of the shortcut that a key press means, or null; `led` says that `g` was pressed just before. */
export function shortcutOf(event, { writing = false, led = false } = {}) {
  if (event.isComposing || event.keyCode === 229) return null;
  const control = event.ctrlKey || event.metaKey;
  if (control) return SHORTCUTS.find(({ ctrl }) => ctrl && !event.altKey && ctrl === event.key.toLowerCase())?.id ?? null;
  if (event.altKey) return SHORTCUTS.find(({ alt }) => alt && alt === event.code)?.id ?? null;
  if (writing) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (led) return SHORTCUTS.find(({ then }) => then === key)?.id ?? null;
  return SHORTCUTS.find(({ plain }) => plain === key)?.id ?? null;
}
