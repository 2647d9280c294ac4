"""An HTTP server that answers what a test tells it to, for answers that the demo shop would never give."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class ScriptedApi:
    """Gives its answers in turn, the last one for ever; remembers what it was asked."""

    url: str = ""
    answers: list[bytes] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def next_answer(self) -> bytes:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def answer(body: object, status: int = 200, **more: str) -> bytes:
    """A whole HTTP answer; bytes are sent as they are, anything else as JSON. `more` headers are named like content_encoding."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {"Content-Length": len(content), "Connection": "close"} | {k.replace("_", "-"): v for k, v in more.items()}
    head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
    return head.encode() + content


@asynccontextmanager
async def scripted_api(*answers: bytes, port: int = 0) -> AsyncIterator[ScriptedApi]:
    """A server on a free port, or on this one. An empty answer hangs up without a word."""
    api = ScriptedApi(answers=list(answers))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        api.asked.append(request.split(b" ")[1].decode())
        headers = dict(line.lower().split(": ", 1) for line in request.decode().split("\r\n")[1:] if line)
        api.heads.append(headers)
        api.keys.append(headers.get("idempotency-key", ""))
        api.bodies.append(await reader.readexactly(int(headers.get("content-length", "0"))))
        writer.write(api.next_answer())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    api.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield api
    finally:
        server.close()
        await server.wait_closed()
