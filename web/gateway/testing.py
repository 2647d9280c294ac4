"""Real gateways for tests, each with a folder of its own for pictures."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path

from ledger.testing import free_port
from web.testing import RunningServer


class RunningGateway(RunningServer):
    """One process. `secret` signs its tokens, `identity_secret` the shop's identities; its pictures are in `images`."""

    def __init__(self, redis_url: str, env: dict[str, str]) -> None:
        self.secret = env.setdefault("SHOPDESK_SECRET", secrets.token_urlsafe(32))
        self.identity_secret = env.setdefault("SHOPDESK_IDENTITY_SECRET", secrets.token_urlsafe(32))
        self.redis_url = redis_url
        self._folder = tempfile.TemporaryDirectory(prefix="gateway-images-")
        self.images = Path(env.setdefault("SHOPDESK_IMAGES", self._folder.name))
        port = int(env.setdefault("GATEWAY_PORT", str(free_port())))
        super().__init__("web.gateway", port, "/widget.js", {"REDIS_URL": redis_url, **env})

    @property
    def socket_url(self) -> str:
        """The address of the socket, without its query."""
        return f"ws://127.0.0.1:{self.port}/api/chat/ws"

    def stop(self) -> None:
        """Stops it and throws its log and its pictures away."""
        super().stop()
        self._folder.cleanup()


def start_gateway(redis_url: str, **env: str) -> RunningGateway:
    """A gateway on a free port; `env` are further variables of its environment. Call `stop()`."""
    return RunningGateway(redis_url, dict(env)).start()
