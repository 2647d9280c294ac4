"""Settings of the demo shop, read once from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


class ShopSettingsError(Exception):
    """A setting is missing or makes no sense; the text says which and what to do."""


@dataclass(frozen=True)
class ShopSettings:
    """What the demo shop needs to know to start."""

    api_key: str = field(repr=False)
    identity_secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8002
    db: Path = Path("var/shop.sqlite")
    gateway_url: str = "http://127.0.0.1:8000"
    public_url: str = "http://127.0.0.1:8002"
    faults: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "ShopSettings":
        """Read the environment; docs/connect-your-shop.md lists the variables. Raises ShopSettingsError."""
        env = os.environ if env is None else env
        host = env.get("SHOP_HOST") or cls.host
        port = _port(env.get("SHOP_PORT") or str(cls.port))
        return cls(
            api_key=_secret(env, "SHOP_API_KEY", 1),
            identity_secret=_secret(env, "SHOPDESK_IDENTITY_SECRET", 32),
            host=host,
            port=port,
            db=db_from_env(env),
            gateway_url=_origin("GATEWAY_URL", env.get("GATEWAY_URL") or cls.gateway_url),
            public_url=_origin("SHOP_PUBLIC_URL", env.get("SHOP_PUBLIC_URL") or f"http://{host}:{port}"),
            faults=env.get("SHOP_FAULTS", "") == "1",
        )


def db_from_env(env: Mapping[str, str]) -> Path:
    """Where the SQLite file is; this alone needs no secrets."""
    return Path(env.get("SHOP_DB") or ShopSettings.db)


def _secret(env: Mapping[str, str], name: str, shortest: int) -> str:
    secret = env.get(name, "")
    if not secret:
        raise ShopSettingsError(f"{name} is not set: put a long random text there")
    if len(secret) < shortest:
        raise ShopSettingsError(f"{name} is too short: it needs {shortest} or more characters")
    return secret


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise ShopSettingsError("SHOP_PORT must be a port number, such as 8002")
    return int(text)


def _origin(name: str, address: str) -> str:
    """Scheme, host and port only: it goes into a Content-Security-Policy."""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise ShopSettingsError(f"{name} must be an address such as http://127.0.0.1:8000") from None
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.path not in ("", "/") or parts.query:
        raise ShopSettingsError(f"{name} must be an address such as http://127.0.0.1:8000")
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"
