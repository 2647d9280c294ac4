"""Real desks for tests, each with its database and its pictures in a folder of the test's."""

from __future__ import annotations

import secrets
from pathlib import Path

from ledger.testing import free_port
from web.testing import RunningServer


class RunningDesk(RunningServer):
    """One process. `password` is that of agent1, agent2, supervisor, trainer and admin."""

    def __init__(self, redis_url: str, folder: Path, env: dict[str, str]) -> None:
        self.password = env.setdefault("SHOPDESK_DEMO_PASSWORD", secrets.token_urlsafe(12))
        env.setdefault("DATABASE_URL", f"sqlite:///{folder / 'desk.sqlite'}")
        env.setdefault("SHOP_API_KEY", "no shop in this test")
        env.setdefault("SHOP_URL", f"http://127.0.0.1:{free_port()}")
        env.setdefault("SHOPDESK_IMAGES", str(folder / "images"))
        port = int(env.setdefault("DESK_PORT", str(free_port())))
        super().__init__("web.desk", port, "/api/me", {"REDIS_URL": redis_url, **env})

    @property
    def socket_url(self) -> str:
        """The address of the socket."""
        return f"ws://127.0.0.1:{self.port}/api/desk/ws"


def start_desk(redis_url: str, folder: Path, **env: str) -> RunningDesk:
    """A desk on a free port with its database in `folder`; `env` are further variables of its environment. Call `stop()`."""
    return RunningDesk(redis_url, folder, dict(env)).start()
