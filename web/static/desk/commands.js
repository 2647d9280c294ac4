/** What the keyboard's shortcuts do at the desk. */
import { isWriting, shortcutOf } from "./keys.js";

const LED_MS = 1_200;

/** Every conversation of the left column, in its order. */
function listed(desk) {
  return [...desk.offers.peek(), ...desk.served.peek(), ...desk.queue.peek()].map(({ conversation }) => conversation);
}

function step(desk, by) {
  const all = listed(desk);
  if (all.length === 0) return;
  const at = all.indexOf(desk.selected.peek());
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + by));
  desk.select(all[next]);
}

function aboutMine(desk, kind, about = {}) {
  const conversation = desk.selected.peek();
  if (conversation && desk.isMine(conversation)) desk.layout.ask(kind, { conversation, ...about });
}

const view = (name, role = "trainer") => (desk) => {
  if (desk.may(role)) desk.layout.view.value = name;
};

const COMMANDS = {
  help: (desk) => desk.layout.ask("shortcuts"),
  search(desk) {
    desk.layout.view.value = "archive";
    desk.findArchived?.();
  },
  next: (desk) => step(desk, 1),
  previous: (desk) => step(desk, -1),
  claim(desk) {
    const chosen = desk.selected.peek();
    const waits = chosen && desk.itemOf(chosen)?.mode === "waiting" && !desk.offers.peek().length;
    if (!desk.may("agent")) return;
    if (waits) desk.claim(chosen);
    else desk.claimNext();
  },
  decline(desk) {
    const [offer] = desk.offers.peek();
    if (offer) desk.decline(offer.conversation);
  },
  reply: (desk) => desk.composer?.focus("reply"),
  note: (desk) => desk.composer?.focus("note"),
  quick(desk) {
    desk.composer?.focus("reply");
    requestAnimationFrame(() => desk.composer?.quick());
  },
  transfer: (desk) => aboutMine(desk, "transfer"),
  resolve: (desk) => aboutMine(desk, "resolve", { to: "closed" }),
  hand_back: (desk) => aboutMine(desk, "resolve", { to: "bot" }),
  order_action: (desk) => aboutMine(desk, "task"),
  send_card: (desk) => aboutMine(desk, "card"),
  toggle_list: (desk) => desk.layout.toggleList(),
  toggle_side: (desk) => desk.layout.toggleSide(),
  online: (desk) => desk.may("agent") && desk.setStatus("online"),
  away: (desk) => desk.may("agent") && desk.setStatus("away"),
  offline: (desk) => desk.may("agent") && desk.setStatus("offline"),
  view_desk: view("desk"),
  view_board: view("board", "supervisor"),
  view_archive: view("archive"),
  view_replies: view("replies"),
  view_accounts: view("accounts", "supervisor"),
  view_audit: view("audit", "supervisor"),
};

/** Listen until the answer is called; nothing is heard while a dialog is open, which has its own keys. */
export function listenToKeys(desk) {
  let ledAt = 0;
  const onKeyDown = (event) => {
    if (event.defaultPrevented || desk.session.peek() !== "in" || desk.layout.dialog.peek() || desk.layout.picture.peek()) return;
    const writing = isWriting(event.target);
    if (event.key === "Escape" && writing) {
      event.target.blur();
      document.querySelector(".log")?.focus();
      return;
    }
    const led = Date.now() - ledAt < LED_MS;
    const id = shortcutOf(event, { writing, led });
    ledAt = !writing && !led && event.key === "g" && !event.ctrlKey && !event.metaKey && !event.altKey ? Date.now() : 0;
    if (!id) return;
    event.preventDefault();
    COMMANDS[id](desk);
  };
  document.addEventListener("keydown", onKeyDown);
  return () => document.removeEventListener("keydown", onKeyDown);
}
