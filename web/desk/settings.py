"""Settings of the desk, read once from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from shop.client_settings import ClientSettings, ClientSettingsError

ROOT = Path(__file__).resolve().parents[2]
REDIS_SCHEMES = ("redis://", "rediss://", "unix://", "redis+cluster://")
HOST = re.compile(r"[a-z0-9.-]+|\[[0-9a-f:.]+\]")


class SettingsError(Exception):
    """A setting is missing or makes no sense; the text says which and what to do."""


@dataclass(frozen=True)
class Settings:
    """What the desk needs to know to start. `shop_origins` are where the shop's pictures come from; an
    agent who is not heard of for `grace_s` seconds loses their conversations to the queue."""

    shop: ClientSettings
    redis_url: str = field(default="redis://127.0.0.1:6399/0", repr=False)
    database_url: str = field(default=f"sqlite:///{ROOT / 'var' / 'desk.sqlite'}", repr=False)
    host: str = "127.0.0.1"
    port: int = 8001
    public_url: str = "http://127.0.0.1:8001"
    shop_origins: tuple[str, ...] = ("http://127.0.0.1:8002", "http://localhost:8002")
    shards: int = 1
    trusted_proxies: int = 0
    rules: Path = ROOT / "desk.yml"
    images: Path = ROOT / "var" / "images"
    demo_password: str = field(default="", repr=False)
    grace_s: int = 30

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read REDIS_URL, DATABASE_URL, DESK_HOST, DESK_PORT, DESK_PUBLIC_URL, SHARDS, SHOPDESK_ORIGINS, SHOPDESK_TRUSTED_PROXIES,
        SHOPDESK_DESK_RULES, SHOPDESK_IMAGES, SHOPDESK_DEMO_PASSWORD, DESK_GRACE_S, and those of the shop's client.

        Raises `SettingsError`.
        """
        env = os.environ if env is None else env
        try:
            shop = ClientSettings.from_env(env)
        except ClientSettingsError as error:
            raise SettingsError(str(error)) from None
        port = _number(env, "DESK_PORT", cls.port, 1, 65535)
        redis_url = env.get("REDIS_URL") or cls.redis_url
        if not redis_url.startswith(REDIS_SCHEMES):
            raise SettingsError("REDIS_URL must be an address such as redis://127.0.0.1:6399/0")
        listed = env.get("SHOPDESK_ORIGINS")
        return cls(
            shop=shop,
            redis_url=redis_url,
            database_url=env.get("DATABASE_URL") or cls.database_url,
            host=env.get("DESK_HOST") or cls.host,
            port=port,
            public_url=_origin("DESK_PUBLIC_URL", env.get("DESK_PUBLIC_URL") or f"http://127.0.0.1:{port}"),
            shop_origins=cls.shop_origins
            if listed is None
            else tuple(_origin("SHOPDESK_ORIGINS", one) for one in listed.replace(",", " ").split()),
            shards=_number(env, "SHARDS", cls.shards, 1, 1024),
            trusted_proxies=_number(env, "SHOPDESK_TRUSTED_PROXIES", cls.trusted_proxies, 0, 16),
            rules=Path(env.get("SHOPDESK_DESK_RULES") or cls.rules),
            images=Path(env.get("SHOPDESK_IMAGES") or cls.images),
            demo_password=env.get("SHOPDESK_DEMO_PASSWORD", ""),
            grace_s=_number(env, "DESK_GRACE_S", cls.grace_s, 1, 600),
        )

    @property
    def own_origins(self) -> tuple[str, ...]:
        """The desk's own pages, by the names that this machine and the public know them by."""
        return tuple(dict.fromkeys((self.public_url, f"http://127.0.0.1:{self.port}", f"http://localhost:{self.port}")))


def _number(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise SettingsError(f"{name} is {text!r}, but must be a number from {least} to {most}")
    return int(text)


def _origin(name: str, address: str) -> str:
    parts = urlsplit(address.strip().lower().rstrip("/"))
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(parts.netloc.rpartition(":")[0] or parts.netloc):
        raise SettingsError(f"{name} holds {address!r}, but must be like https://desk.example or http://127.0.0.1:8001")
    if parts.path or parts.query:
        raise SettingsError(f"{name} holds {address!r}, but must end after the host and the port")
    return f"{parts.scheme}://{parts.netloc}"
