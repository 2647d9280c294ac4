"""What `make` starts and where, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ops.problem import Problem

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Folders, ports, and the addresses of what is not started here because the owner has it already."""

    root: Path = ROOT
    redis_url: str | None = None
    redis_port: int = 6399
    shop_url: str | None = None
    shop_host: str = "127.0.0.1"
    shop_port: int = 8002
    gateway_host: str = "127.0.0.1"
    gateway_port: int = 8000
    desk_host: str = "127.0.0.1"
    desk_port: int = 8001
    model: Path | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read REDIS_URL, REDIS_PORT, SHOP_URL, SHOP_HOST, SHOP_PORT, GATEWAY_HOST, GATEWAY_PORT, DESK_HOST, DESK_PORT and
        SHOPDESK_MODEL."""
        env = os.environ if env is None else env
        return cls(
            redis_url=env.get("REDIS_URL") or None,
            redis_port=_port(env, "REDIS_PORT", cls.redis_port),
            shop_url=env.get("SHOP_URL") or None,
            shop_host=env.get("SHOP_HOST") or cls.shop_host,
            shop_port=_port(env, "SHOP_PORT", cls.shop_port),
            gateway_host=env.get("GATEWAY_HOST") or cls.gateway_host,
            gateway_port=_port(env, "GATEWAY_PORT", cls.gateway_port),
            desk_host=env.get("DESK_HOST") or cls.desk_host,
            desk_port=_port(env, "DESK_PORT", cls.desk_port),
            model=Path(env["SHOPDESK_MODEL"]).absolute() if env.get("SHOPDESK_MODEL") else None,
        )

    @property
    def var(self) -> Path:
        """Everything that is written while running, except models."""
        return self.root / "var"

    @property
    def logs(self) -> Path:
        """One log a process."""
        return self.var / "log"

    @property
    def run(self) -> Path:
        """Which processes run now."""
        return self.var / "run"

    @property
    def models(self) -> Path:
        """Trained models, by fingerprint."""
        return self.root / "models"

    @property
    def bot_python(self) -> Path:
        """The interpreter of the bot's environment."""
        return self.root / ".venv" / "bin" / "python"

    @property
    def web_python(self) -> Path:
        """The interpreter of the web side's environment."""
        return self.root / "web" / ".venv" / "bin" / "python"

    @property
    def redis_address(self) -> str:
        """Where Redis is: the owner's, else the embedded one."""
        return self.redis_url or f"redis://127.0.0.1:{self.redis_port}/0"

    @property
    def shop_address(self) -> str:
        """Where the shop's APIs are: the owner's, else the demo shop's."""
        return self.shop_url or f"http://{_reachable(self.shop_host)}:{self.shop_port}"

    @property
    def gateway_address(self) -> str:
        """Where the shoppers' door is, seen from this machine."""
        return f"http://{_reachable(self.gateway_host)}:{self.gateway_port}"

    @property
    def desk_address(self) -> str:
        """Where the agents' room is, seen from this machine."""
        return f"http://{_reachable(self.desk_host)}:{self.desk_port}"


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise Problem(f"{name} is {text!r}, but must be a port number such as {default}.")
    return int(text)


def _reachable(host: str) -> str:
    """An address to connect to, for a host to listen on."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
