"""A door that does what a test tells it: answers the widget's requests in the browser, in the shape of docs/frames.md."""

import asyncio
import base64
import contextlib
import hashlib
import json
import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

from PIL import Image
from playwright.async_api import BrowserContext, Error, Route, WebSocketRoute

Frame = dict[str, Any]


def identity(customer: str) -> str:
    """A JWT in shape; the widget reads its subject, and only a real door would verify it."""
    claims = base64.urlsafe_b64encode(json.dumps({"sub": customer}).encode()).decode().rstrip("=")
    return f"e30.{claims}.c2ln"


def measure(content: bytes) -> dict[str, int]:
    """Width and height of a JPEG."""
    with Image.open(BytesIO(content)) as image:
        return {"width": image.width, "height": image.height}


class Door:
    """One conversation at a time, kept for the life of a test; every frame that came in is in `heard`."""

    def __init__(self) -> None:
        self.heard: list[Frame] = []
        self.opened: list[Frame] = []
        self.asked_after: list[str | None] = []
        self.log: list[Frame] = []
        self.state: Frame = {"type": "state", "mode": "bot"}
        self.refusals: list[str] = []
        self.mute = False
        self.images: dict[str, bytes] = {}
        self.image_refusals: list[tuple[int, str]] = []
        self.images_held: asyncio.Event | None = None
        self.sockets_allowed = True
        self.tokens: set[str] = set()
        self._sockets: list[WebSocketRoute] = []

    async def attach(self, context: BrowserContext) -> None:
        await context.route("**/api/chat/sessions", self._session)
        await context.route("**/api/chat/messages**", self._plain)
        await context.route("**/api/chat/images**", self._image)
        await context.route_web_socket(re.compile(r"/api/chat/ws"), self._socket)

    async def say(self, sender: str, text: str, **more: Any) -> None:
        """Append an entry and show it to every socket; `choices`, `card` and `image` go into its body, the rest beside it."""
        body = {name: more.pop(name) for name in ("choices", "card", "image") if name in more}
        body |= {"text": text} if text else {}
        entry = {"type": "message", "id": f"{len(self.log) + 1:08d}", "from": sender, "body": body, **more}
        entry["at"] = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self.log.append(entry)
        await self.cast(entry)

    async def turn(self, mode: str, **more: Any) -> None:
        self.state = {"type": "state", "mode": mode, **more}
        await self.cast(self.state)

    async def cast(self, frame: Frame) -> None:
        for socket in self._sockets:
            socket.send(json.dumps(frame))

    async def drop(self, code: int = 1012) -> None:
        """Close every socket, as a restart does."""
        sockets, self._sockets = self._sockets, []
        for socket in sockets:
            await socket.close(code=code)

    def said(self) -> list[str]:
        return [entry["body"].get("text", "") for entry in self.log if entry["from"] == "shopper"]

    def told(self, kind: str) -> list[Frame]:
        """The frames of a kind that came in."""
        return [frame for frame in self.heard if frame["type"] == kind]

    async def _session(self, route: Route) -> None:
        asked = route.request.post_data_json
        bearer = route.request.headers.get("authorization", "").removeprefix("Bearer ")
        self.opened.append({**asked, "token": bearer or None})
        token = f"token-{len(self.opened)}"
        self.tokens.add(token)
        if bearer not in self.tokens:
            self.log.clear()
        known = bearer in self.tokens
        conversation = "c1" if known or len(self.opened) == 1 else f"c{len(self.opened)}"
        await route.fulfill(status=201, json={"token": token, "conversation": conversation})

    async def _plain(self, route: Route) -> None:
        if route.request.method == "POST":
            frame = route.request.post_data_json
            self.heard.append(frame)
            await route.fulfill(json=await self._take(frame))
            return
        after = parse_qs(urlsplit(route.request.url).query).get("after", [None])[0]
        self.asked_after.append(after)
        await route.fulfill(json={"messages": self._missed(after), "state": self.state})

    async def _image(self, route: Route) -> None:
        request, known = route.request, self.tokens
        if request.method == "GET":
            address = urlsplit(request.url)
            content = self.images.get(address.path.rpartition("/")[2])
            if content is None or parse_qs(address.query)["token"][0] not in known:
                await route.fulfill(status=404, json={"error": {"code": "not_found", "message": "gone"}})
            else:
                await route.fulfill(body=content, content_type="image/jpeg")
            return
        if self.images_held is not None:
            await self.images_held.wait()
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in known:
            self.image_refusals.insert(0, (401, "session_expired"))
        if self.image_refusals:
            status, code = self.image_refusals.pop(0)
            await route.fulfill(status=status, json={"error": {"code": code, "message": "refused"}})
            return
        content = request.post_data_buffer or b""
        name = hashlib.sha256(content).hexdigest()[:40]
        self.images[name] = content
        with contextlib.suppress(Error):  # the page has gone meanwhile
            await route.fulfill(status=201, json={"id": name, **measure(content)})

    async def _socket(self, socket: WebSocketRoute) -> None:
        asked = parse_qs(urlsplit(socket.url).query)
        after = asked.get("after", [None])[0]
        if not self.sockets_allowed:
            await socket.close(code=1011)
            return
        if asked["token"][0] not in self.tokens:
            socket.send(json.dumps({"type": "error", "code": "session_expired", "message": "over"}))
            await socket.close(code=4401)
            return
        self.asked_after.append(after)
        for frame in [*self._missed(after), self.state]:
            socket.send(json.dumps(frame))
        self._sockets.append(socket)
        socket.on_close(lambda code, reason: self._forget(socket))
        socket.on_message(lambda text: self._answer(socket, json.loads(text)))

    def _forget(self, socket: WebSocketRoute) -> None:
        self._sockets = [other for other in self._sockets if other is not socket]

    async def _answer(self, socket: WebSocketRoute, frame: Frame) -> None:
        self.heard.append(frame)
        if self.mute or frame["type"] in ("typing", "read"):
            return
        socket.send(json.dumps(await self._take(frame)))

    async def _take(self, frame: Frame) -> Frame:
        mid = frame.get("mid")
        if mid is None:
            return self.state
        if self.refusals:
            return {"type": "error", "code": self.refusals.pop(0), "message": "refused", "mid": mid}
        if not any(entry.get("mid") == mid for entry in self.log):
            image = frame.get("image")
            if image is not None and image not in self.images:
                return {"type": "error", "code": "bad_image", "message": "refused", "mid": mid}
            more = {"image": {"id": image, **measure(self.images[image])}} if image else {}
            await self.say(
                "shopper", frame["text"] if "text" in frame else self._label(frame["choice"]), mid=mid, **more
            )
        return {"type": "ack", "mid": mid, "id": next(e["id"] for e in self.log if e.get("mid") == mid)}

    def _label(self, choice: str) -> str:
        offered = [offer for entry in self.log for offer in entry["body"].get("choices", [])]
        return next(offer["label"] for offer in offered if offer["id"] == choice)

    def _missed(self, after: str | None) -> list[Frame]:
        return [entry for entry in self.log if after is None or entry["id"] > after]
