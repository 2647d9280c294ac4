"""Where the shop's APIs are and how long the client waits for them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_URL = "http://127.0.0.1:8002"


class ClientSettingsError(Exception):
    """A setting is missing or makes no sense; the text says which and what to do."""


@dataclass(frozen=True)
class ClientSettings:
    """Addresses, key and time limits (seconds) of the shop's APIs."""

    api_key: str = field(repr=False)
    orders_url: str = DEFAULT_URL
    logistics_url: str = DEFAULT_URL
    promotions_url: str = DEFAULT_URL
    connect_s: float = 1.0
    read_s: float = 3.0
    budget_s: float = 5.0
    change_budget_s: float = 8.0
    retries: int = 2
    opens_after: int = 5
    rest_s: float = 10.0

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "ClientSettings":
        """Read SHOP_URL, LOGISTICS_URL, PROMOTIONS_URL, SHOP_API_KEY, SHOP_CONNECT_S, SHOP_READ_S, SHOP_BUDGET_S and
        SHOP_CHANGE_BUDGET_S."""
        env = os.environ if env is None else env
        api_key = env.get("SHOP_API_KEY", "")
        if not api_key:
            raise ClientSettingsError("SHOP_API_KEY is not set: put the key of the shop's API there")
        orders_url = _address(env, "SHOP_URL", DEFAULT_URL)
        return cls(
            api_key=api_key,
            orders_url=orders_url,
            logistics_url=_address(env, "LOGISTICS_URL", orders_url),
            promotions_url=_address(env, "PROMOTIONS_URL", orders_url),
            connect_s=_seconds(env, "SHOP_CONNECT_S", cls.connect_s),
            read_s=_seconds(env, "SHOP_READ_S", cls.read_s),
            budget_s=_seconds(env, "SHOP_BUDGET_S", cls.budget_s),
            change_budget_s=_seconds(env, "SHOP_CHANGE_BUDGET_S", cls.change_budget_s),
        )


def _address(env: Mapping[str, str], name: str, default: str) -> str:
    address = (env.get(name) or default).rstrip("/")
    if not address.startswith(("http://", "https://")):
        raise ClientSettingsError(f"{name} must begin with http:// or https://")
    if "@" in address.partition("://")[2].partition("/")[0]:
        raise ClientSettingsError(f"{name} must not hold a name or password: the shop's key goes into SHOP_API_KEY")
    return address


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    text = env.get(name) or str(default)
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.0 < seconds <= 60.0:
        raise ClientSettingsError(f"{name} must be a number of seconds between 0 and 60")
    return seconds
