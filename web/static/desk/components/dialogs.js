/** The dialog that is open, if any. */
import { html } from "../../vendor/view.js";
import { CardDialog } from "./card-dialog.js";
import { PasswordDialog } from "./password-dialog.js";
import { ReplyDialog } from "./reply-dialog.js";
import { AccountDialog } from "./account-dialog.js";
import { ResolveDialog } from "./resolve-dialog.js";
import { RevealDialog } from "./reveal-dialog.js";
import { ShortcutsDialog } from "./shortcuts-dialog.js";
import { TakeOverDialog } from "./take-over-dialog.js";
import { TaskDialog } from "./task-dialog.js";
import { TransferDialog } from "./transfer-dialog.js";

const DIALOGS = {
  card: CardDialog, password: PasswordDialog, reply: ReplyDialog, account: AccountDialog, resolve: ResolveDialog, reveal: RevealDialog,
  shortcuts: ShortcutsDialog, take_over: TakeOverDialog, task: TaskDialog, transfer: TransferDialog,
};

export function Dialogs({ desk }) {
  const about = desk.layout.dialog.value;
  if (!about) return null;
  const One = DIALOGS[about.kind];
  return html`<${One} key=${`${about.kind}:${about.conversation ?? ""}`} desk=${desk} about=${about}
    onClose=${() => desk.layout.done()} />`;
}
