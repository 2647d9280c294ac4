"""Settings of the gateway, read once from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

SHORTEST_SECRET = 32
REDIS_SCHEMES = ("redis://", "rediss://", "unix://", "redis+cluster://")
DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9.-]+|[0-9a-f:.]+")
"""A name or an address, and nothing that could end a rule of the Content-Security-Policy."""

ROOT = Path(__file__).resolve().parents[2]
SHOP_ORIGINS = ("http://127.0.0.1:8002", "http://localhost:8002")


class SettingsError(Exception):
    """A setting is missing or makes no sense; the text says which and what to do."""


@dataclass(frozen=True)
class Settings:
    """What the gateway needs to know to start. `origins` are the shop's pages; `allowed` has the gateway's own, too."""

    secret: str = field(repr=False)
    identity_secret: str = field(repr=False)
    redis_url: str = field(default="redis://127.0.0.1:6399/0", repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    origins: tuple[str, ...] = SHOP_ORIGINS
    session_days: int = 7
    shards: int = 1
    typical_wait_s: int = 120
    trusted_proxies: int = 0
    images: Path = ROOT / "var" / "images"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read REDIS_URL, GATEWAY_HOST, GATEWAY_PORT, SHARDS, SHOPDESK_SECRET, SHOPDESK_IDENTITY_SECRET, SHOPDESK_ORIGINS,
        SHOPDESK_PUBLIC_URL, SHOPDESK_SESSION_DAYS, SHOPDESK_TYPICAL_WAIT_S, SHOPDESK_TRUSTED_PROXIES and SHOPDESK_IMAGES.

        Raises `SettingsError`.
        """
        env = os.environ if env is None else env
        port = _number(env, "GATEWAY_PORT", cls.port, 1, 65535)
        listed = env.get("SHOPDESK_ORIGINS")
        secret = _secret(env, "SHOPDESK_SECRET")
        identity_secret = _secret(env, "SHOPDESK_IDENTITY_SECRET")
        if secret == identity_secret:
            raise SettingsError("SHOPDESK_IDENTITY_SECRET must not be SHOPDESK_SECRET: the shop knows it")
        return cls(
            secret=secret,
            identity_secret=identity_secret,
            redis_url=_redis_url(env.get("REDIS_URL") or cls.redis_url),
            host=env.get("GATEWAY_HOST") or cls.host,
            port=port,
            public_url=_origin("SHOPDESK_PUBLIC_URL", env.get("SHOPDESK_PUBLIC_URL") or f"http://127.0.0.1:{port}"),
            origins=cls.origins if listed is None else _origins(listed),
            session_days=_number(env, "SHOPDESK_SESSION_DAYS", cls.session_days, 1, 30),
            shards=_number(env, "SHARDS", cls.shards, 1, 1024),
            typical_wait_s=_number(env, "SHOPDESK_TYPICAL_WAIT_S", cls.typical_wait_s, 1, 86_400),
            trusted_proxies=_number(env, "SHOPDESK_TRUSTED_PROXIES", cls.trusted_proxies, 0, 16),
            images=_folder(env.get("SHOPDESK_IMAGES")) or cls.images,
        )

    @property
    def own_origins(self) -> tuple[str, ...]:
        """The gateway's own pages, by the names that this machine and the public know them by."""
        return tuple(dict.fromkeys((self.public_url, f"http://127.0.0.1:{self.port}", f"http://localhost:{self.port}")))

    @property
    def allowed(self) -> frozenset[str]:
        """Every `Origin` that may talk to the gateway."""
        return frozenset(self.own_origins + self.origins)


def _secret(env: Mapping[str, str], name: str) -> str:
    secret = env.get(name, "")
    if not secret:
        raise SettingsError(f"{name} is not set: put a long random text there")
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(f"{name} is too short: it needs {SHORTEST_SECRET} or more characters")
    return secret


def _number(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise SettingsError(f"{name} is {text!r}, but must be a number from {least} to {most}")
    return int(text)


def _folder(path: str | None) -> Path | None:
    """A folder below the repository's root, or anywhere when it begins with a slash."""
    return ROOT / path if path else None


def _redis_url(address: str) -> str:
    if not address.startswith(REDIS_SCHEMES):
        raise SettingsError("REDIS_URL must be an address such as redis://127.0.0.1:6399/0")
    return address


def _origins(listed: str) -> tuple[str, ...]:
    return tuple(_origin("SHOPDESK_ORIGINS", address) for address in listed.replace(",", " ").split())


def _origin(name: str, address: str) -> str:
    """Spelled as browsers spell an `Origin`: scheme, host and port, without the scheme's own port."""
    refusal = SettingsError(f"{name} holds {address!r}, but must be like https://shop.example or http://127.0.0.1:8002")
    try:
        parts = urlsplit(address.strip())
        port, host = parts.port, (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        raise refusal from None
    if parts.scheme not in DEFAULT_PORTS or not HOST.fullmatch(host) or parts.path not in ("", "/") or parts.query:
        raise refusal
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != DEFAULT_PORTS[parts.scheme] else "")
