"""Which shop is checked, with which key, and the example order that it is asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_URL = "http://127.0.0.1:8002"


class ConformSettingsError(Exception):
    """A setting is missing or makes no sense; the text is the one line that is shown."""


@dataclass(frozen=True)
class ConformSettings:
    """Addresses without /api; `order` belongs to `customer`; `cancellable`, another order of theirs, may be spoilt."""

    api_key: str = field(repr=False)
    orders_url: str
    logistics_url: str
    promotions_url: str
    order: str
    phone_tail: str
    customer: str
    write: bool = False
    cancellable: str | None = None
    seconds: float = 60.0

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> ConformSettings:
        """Read SHOP_URL, LOGISTICS_URL, PROMOTIONS_URL, SHOP_API_KEY, CONFORM_ORDER, CONFORM_PHONE_TAIL,
        CONFORM_CUSTOMER, CONFORM_WRITE, CONFORM_ORDER_CANCELLABLE and CONFORM_SECONDS."""
        env = os.environ if env is None else env
        orders_url = _address(env, "SHOP_URL", DEFAULT_URL)
        if not env.get("SHOP_API_KEY"):
            raise ConformSettingsError("SHOP_API_KEY is not set: give the key that your API expects.")
        example = [name for name in ("CONFORM_ORDER", "CONFORM_PHONE_TAIL", "CONFORM_CUSTOMER") if not env.get(name)]
        if example:
            raise ConformSettingsError(
                f"{' and '.join(example)} not set: give the number of an order in your shop, the last four digits of its "
                f"phone and its customer's id (the demo shop lists them at {orders_url}/demo)."
            )
        if env.get("CONFORM_WRITE", "") not in ("", "0", "1"):
            raise ConformSettingsError("CONFORM_WRITE must be 1, or left out.")
        return cls(
            api_key=env["SHOP_API_KEY"],
            orders_url=orders_url,
            logistics_url=_address(env, "LOGISTICS_URL", orders_url),
            promotions_url=_address(env, "PROMOTIONS_URL", orders_url),
            order=env["CONFORM_ORDER"],
            phone_tail=env["CONFORM_PHONE_TAIL"],
            customer=env["CONFORM_CUSTOMER"],
            write=env.get("CONFORM_WRITE") == "1",
            cancellable=env.get("CONFORM_ORDER_CANCELLABLE") or None,
            seconds=_seconds(env.get("CONFORM_SECONDS") or "60"),
        )

    def base_url(self, path: str) -> str:
        """Where the API of this path is."""
        if path.startswith("/api/logistics/"):
            return self.logistics_url
        return self.promotions_url if path.startswith("/api/promotions/") else self.orders_url


def _address(env: Mapping[str, str], name: str, default: str) -> str:
    address = (env.get(name) or default).rstrip("/")
    if not address.startswith(("http://", "https://")):
        raise ConformSettingsError(f"{name} must begin with http:// or https://.")
    return address


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1.0 <= seconds <= 600.0:
        raise ConformSettingsError("CONFORM_SECONDS must be a number from 1 to 600.")
    return seconds
