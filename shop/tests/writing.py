"""Sends changes to the running shop as the service counter does, for the tests of what may be changed."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx
import pytest

from shop.seed.shown import ShownOrder
from shop.testing import RunningShop, start_shop

_keys = count(1)


@pytest.fixture(scope="module")
def running_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    """A shop of their own for tests that add and change orders; a module that imports this has it instead of the common one."""
    shop = start_shop(tmp_path_factory.mktemp("changed-shop"))
    yield shop
    shop.stop()


def new_key() -> str:
    """An idempotency key that nobody has used."""
    return f"test:{next(_keys)}"


async def change(
    api: httpx.AsyncClient,
    order: ShownOrder,
    what: str,
    body: dict[str, Any],
    *,
    key: str | None = None,
    proof: dict[str, str] | None = None,
) -> httpx.Response:
    """The answer to a change of an order, by its customer unless another proof is given."""
    return await api.post(
        f"/api/orders/v1/orders/{order.number}/{what}",
        params=proof or {"customer_id": order.customer_id},
        json=body,
        headers={"Idempotency-Key": key or new_key()},
    )


async def open_case(
    api: httpx.AsyncClient, order: ShownOrder, kind: str, *items: tuple[str, int], **more: Any
) -> httpx.Response:
    """The answer to a new case about these pieces, or about all of the order."""
    body: dict[str, Any] = {"kind": kind, **more}
    if items:
        body["items"] = [{"sku": sku, "quantity": quantity} for sku, quantity in items]
    return await change(api, order, "after-sales", body)


async def read(api: httpx.AsyncClient, order: ShownOrder) -> dict[str, Any]:
    """The order as the API shows it."""
    reply = await api.get(f"/api/orders/v1/orders/{order.number}", params={"customer_id": order.customer_id})
    shown: dict[str, Any] = reply.json()
    return shown


async def cases_of(api: httpx.AsyncClient, order: ShownOrder) -> list[dict[str, Any]]:
    """Its cases as the API shows them."""
    path = f"/api/orders/v1/orders/{order.number}/after-sales"
    reply = await api.get(path, params={"customer_id": order.customer_id})
    assert reply.status_code == 200
    cases: list[dict[str, Any]] = reply.json()["cases"]
    return cases


def refusal(reply: httpx.Response) -> tuple[int, str]:
    """Status and code of an answer that refuses."""
    return reply.status_code, reply.json()["error"]["code"]
