"""The environment that each process is started with: the owner's, completed with addresses and secrets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ops.credentials import keep_credentials
from ops.model import QUIET
from ops.settings import Settings

NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
"""Not passed on: without compiled modules the bot needs 11 s for its imports instead of 4."""


def shared_environment(settings: Settings, env: Mapping[str, str]) -> dict[str, str]:
    """What all processes get; what the owner has set wins."""
    made = {
        "REDIS_URL": settings.redis_address,
        "REDIS_PORT": str(settings.redis_port),
        "SHOP_URL": settings.shop_address,
        "SHOP_HOST": settings.shop_host,
        "SHOP_PORT": str(settings.shop_port),
        "SHOP_DB": str(settings.var / "shop.sqlite"),
        "GATEWAY_HOST": settings.gateway_host,
        "GATEWAY_PORT": str(settings.gateway_port),
        "GATEWAY_URL": env.get("SHOPDESK_PUBLIC_URL") or settings.gateway_address,
        "DESK_HOST": settings.desk_host,
        "DESK_PORT": str(settings.desk_port),
        "PYTHONUNBUFFERED": "1",
        **keep_credentials(settings.var, env),
    }
    if settings.shop_url is None:
        pages = (settings.shop_address, f"http://localhost:{settings.shop_port}", env.get("SHOP_PUBLIC_URL", ""))
        made["SHOPDESK_ORIGINS"] = ",".join(dict.fromkeys(filter(None, pages)))
    owners = {name: text for name, text in env.items() if name != NO_BYTECODE and (text or name not in made)}
    return {**made, **owners}


def bot_environment(shared: Mapping[str, str], model: Path, ready_file: Path) -> dict[str, str]:
    """What the bot's worker gets besides: its model, and the file that it makes when it takes turns."""
    return {**QUIET, **shared, "SHOPDESK_MODEL": str(model), "SHOPDESK_READY_FILE": str(ready_file)}
