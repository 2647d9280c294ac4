"""One running demo shop for all tests, and clients for it."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from shop.client import ClientSettings, ShopClient
from shop.testing import RunningShop, start_shop


@pytest.fixture(scope="session")
def running_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    shop = start_shop(tmp_path_factory.mktemp("shop"))
    yield shop
    shop.stop()


@pytest.fixture
def shop_server(running_shop: RunningShop) -> Iterator[RunningShop]:
    """The shop, healthy again after each test."""
    yield running_shop
    running_shop.heal()


@pytest.fixture
async def api(shop_server: RunningShop) -> AsyncIterator[httpx.AsyncClient]:
    """Bare HTTP with the API key."""
    headers = {"Authorization": f"Bearer {shop_server.api_key}"}
    async with httpx.AsyncClient(base_url=shop_server.url, headers=headers, trust_env=False) as http:
        yield http


@pytest.fixture
async def visitor(shop_server: RunningShop) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with a browser: no key, but cookies."""
    async with httpx.AsyncClient(base_url=shop_server.url, trust_env=False) as http:
        yield http


@pytest.fixture
async def client(shop_server: RunningShop) -> AsyncIterator[ShopClient]:
    """The typed client, pointed at the shop."""
    settings = ClientSettings(
        api_key=shop_server.api_key, orders_url=shop_server.url, logistics_url=shop_server.url, read_s=0.4, budget_s=2.0
    )
    one = ShopClient(settings)
    yield one
    await one.aclose()
