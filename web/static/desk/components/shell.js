/** The desk around its views: rail, banner, the view itself, and what lies on top of it all. */
import { html, useEffect } from "../../vendor/view.js";
import { Accounts } from "./accounts.js";
import { Archive } from "./archive.js";
import { Audit } from "./audit.js";
import { Banner } from "./banner.js";
import { Board } from "./board.js";
import { Conversation } from "./conversation.js";
import { Dialogs } from "./dialogs.js";
import { Inbox } from "./inbox.js";
import { NoticeList } from "./notice-list.js";
import { Picture } from "./picture.js";
import { Rail } from "./rail.js";
import { Replies } from "./replies.js";
import { Side } from "./side.js";
import { listenToKeys } from "../commands.js";

const VIEWS = { board: Board, archive: Archive, replies: Replies, accounts: Accounts, audit: Audit };

function Columns({ desk }) {
  return html`<${Inbox} desk=${desk} /><${Conversation} desk=${desk} /><${Side} desk=${desk} />`;
}

export function Shell({ desk, speak, inert }) {
  const { view, pane, list, side } = desk.layout;
  const View = VIEWS[view.value] ?? Columns;
  useEffect(() => listenToKeys(desk), []);
  return html`
    <div class="desk" data-testid="desk" data-view=${view.value} data-pane=${pane.value} data-list=${list.value}
      data-side=${side.value} data-link=${desk.link.value} inert=${inert}>
      <${Rail} desk=${desk} speak=${speak} />
      <${Banner} desk=${desk} />
      <${View} desk=${desk} />
      <${Dialogs} desk=${desk} />
      <${Picture} desk=${desk} />
      <${NoticeList} desk=${desk} />
    </div>`;
}
