"""Every route of the desk, visible in one place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from sanic import Sanic

from web.desk.accounts_api import AccountsApi
from web.desk.archive_api import ArchiveApi
from web.desk.conversation_api import ConversationApi
from web.desk.customer_api import CustomerApi
from web.desk.library_api import LibraryApi
from web.desk.login_api import LoginApi
from web.desk.order_tasks import OrderTasksApi
from web.desk.pages import Pages
from web.desk.probes import Probes
from web.desk.socket import SocketDoor

READ = ["GET", "HEAD"]
CID = r"<cid:[A-Za-z0-9_-]{1,64}>"
"""Nothing else comes near a Redis key: `c1:mids` would name another of its keys."""


@dataclass(frozen=True)
class Doors:
    """What answers requests."""

    login: LoginApi
    accounts: AccountsApi
    archive: ArchiveApi
    conversation: ConversationApi
    customer: CustomerApi
    library: LibraryApi
    order_tasks: OrderTasksApi
    pages: Pages
    probes: Probes
    socket: SocketDoor


def add_routes(app: Sanic[Any, Any], to: Doors) -> None:
    """Puts them into the app."""
    one = f"/api/desk/conversations/{CID}"
    app.add_route(to.login.sign_in, "/api/login", ["POST"])
    app.add_route(to.login.sign_out, "/api/logout", ["POST"])
    app.add_route(to.login.me, "/api/me", ["GET"])
    app.add_route(to.login.change_password, "/api/me/password", ["POST"])
    app.add_websocket_route(to.socket.serve, "/api/desk/ws")

    app.add_route(to.conversation.older, f"{one}/messages", ["GET"])
    app.add_route(to.conversation.tag, f"{one}/tags", ["PUT"])
    app.add_route(to.customer.customer, f"{one}/customer", ["GET"])
    app.add_route(to.customer.reveal, f"{one}/reveal", ["POST"])
    app.add_route(to.order_tasks.step, f"{one}/order-tasks", ["POST"])
    app.add_route(to.library.add_note, f"{one}/customer-notes", ["POST"])
    app.add_route(to.library.delete_note, f"{one}/customer-notes/<number:int>", ["DELETE"])
    app.add_route(to.order_tasks.topics, "/api/desk/order-tasks", ["GET"])
    # A bound method cannot carry Sanic's mark of a streamed body; a partial can.
    app.add_route(partial(to.conversation.keep_image), "/api/desk/images", ["POST"], name="keep_image", stream=True)
    app.add_route(to.conversation.image, f"/api/desk/images/{CID}/<image_id:str>", ["GET"])

    app.add_route(to.library.replies, "/api/desk/quick-replies", ["GET"])
    app.add_route(to.library.add_reply, "/api/desk/quick-replies", ["POST"])
    app.add_route(to.library.change_reply, "/api/desk/quick-replies/<number:int>", ["PUT"])
    app.add_route(to.library.delete_reply, "/api/desk/quick-replies/<number:int>", ["DELETE"])
    app.add_route(to.library.count_reply, "/api/desk/quick-replies/<number:int>/used", ["POST"])
    app.add_route(to.library.tags, "/api/desk/tags", ["GET"])
    app.add_route(to.library.add_tag, "/api/desk/tags", ["POST"])
    app.add_route(to.library.delete_tag, "/api/desk/tags/<number:int>", ["DELETE"])

    app.add_route(to.archive.find, "/api/desk/archive", ["GET"])
    app.add_route(to.archive.one, f"/api/desk/archive/{CID}", ["GET"])
    app.add_route(to.archive.audit, "/api/desk/audit", ["GET"])
    app.add_route(to.accounts.all, "/api/desk/accounts", ["GET"])
    app.add_route(to.accounts.add, "/api/desk/accounts", ["POST"])
    app.add_route(to.accounts.change, "/api/desk/accounts/<username:str>", ["PATCH"])

    app.add_route(to.probes.health, "/healthz", READ)
    app.add_route(to.probes.numbers, "/metrics", READ)
    app.add_route(to.pages.home, "/", READ, strict_slashes=True)
    app.add_route(to.pages.home, "/desk", READ, strict_slashes=True, name="desk_folder")
    app.add_route(to.pages.desk, "/desk/", READ, strict_slashes=True, name="desk_index")
    app.add_route(to.pages.desk, "/desk/<path:path>", READ, name="desk_file")
    app.add_route(to.pages.widget, "/widget/<path:path>", READ)
    app.add_route(to.pages.vendor, "/vendor/<path:path>", READ)
