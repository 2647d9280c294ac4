"""Settings of shop and client: defaults, one clear line for what is missing, and every variable documented."""

import re
import subprocess
from pathlib import Path

import pytest

from shop.client_settings import ClientSettings, ClientSettingsError
from shop.settings import ShopSettings, ShopSettingsError
from shop.testing import PYTHON, ROOT

SECRETS = {"SHOP_API_KEY": "key", "SHOPDESK_IDENTITY_SECRET": "s" * 32}


def test_the_shop_has_sensible_defaults() -> None:
    settings = ShopSettings.from_env(SECRETS)
    assert (settings.host, settings.port, settings.db) == ("127.0.0.1", 8002, Path("var/shop.sqlite"))
    assert settings.gateway_url == "http://127.0.0.1:8000"
    assert settings.public_url == "http://127.0.0.1:8002"
    assert not settings.faults


def test_the_client_has_sensible_defaults() -> None:
    settings = ClientSettings.from_env({"SHOP_API_KEY": "key", "SHOP_URL": "https://shop.example/"})
    assert settings.orders_url == settings.logistics_url == settings.promotions_url == "https://shop.example"
    assert settings.change_budget_s == 8.0
    assert (settings.connect_s, settings.read_s, settings.budget_s, settings.retries) == (1.0, 3.0, 5.0, 2)


def test_logistics_and_promotions_can_be_elsewhere() -> None:
    env = {"SHOP_API_KEY": "key", "LOGISTICS_URL": "http://127.0.0.1:9000", "PROMOTIONS_URL": "http://127.0.0.1:9001/"}
    settings = ClientSettings.from_env(env)
    assert (settings.logistics_url, settings.promotions_url) == ("http://127.0.0.1:9000", "http://127.0.0.1:9001")
    assert settings.orders_url == "http://127.0.0.1:8002"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHOP_API_KEY", ""),
        ("SHOPDESK_IDENTITY_SECRET", ""),
        ("SHOPDESK_IDENTITY_SECRET", "short"),
        ("SHOP_PORT", "many"),
        ("SHOP_PORT", "70000"),
        ("GATEWAY_URL", "127.0.0.1:8000"),
        ("GATEWAY_URL", "http://127.0.0.1:8000; script-src *"),
        ("GATEWAY_URL", "http://127.0.0.1:8000/chat"),
    ],
)
def test_a_wrong_setting_of_the_shop_is_named(name: str, value: str) -> None:
    with pytest.raises(ShopSettingsError, match=name):
        ShopSettings.from_env({**SECRETS, name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHOP_API_KEY", ""),
        ("SHOP_URL", "shop"),
        ("LOGISTICS_URL", "https://name:password@shop.example"),
        ("SHOP_READ_S", "soon"),
        ("SHOP_BUDGET_S", "-1"),
        ("SHOP_CHANGE_BUDGET_S", "0"),
    ],
)
def test_a_wrong_setting_of_the_client_is_named(name: str, value: str) -> None:
    with pytest.raises(ClientSettingsError, match=name):
        ClientSettings.from_env({"SHOP_API_KEY": "key", name: value})


def test_a_missing_secret_stops_the_shop_with_one_line() -> None:
    command, env = [str(PYTHON), "-m", "shop"], {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=30)
    assert ended.returncode != 0
    assert ended.stderr.strip().splitlines() == ["shop: SHOP_API_KEY is not set: put a long random text there"]


def test_secrets_are_not_shown() -> None:
    assert "key" not in repr(ClientSettings(api_key="key-1")).replace("api_key", "")
    assert "s" * 32 not in repr(ShopSettings.from_env(SECRETS))


def test_every_variable_is_documented() -> None:
    documented = (ROOT / "docs/connect-your-shop.md").read_text(encoding="utf-8")
    for module in ("settings.py", "client_settings.py"):
        source = (ROOT / "shop" / module).read_text(encoding="utf-8")
        names = set(re.findall(r'"((?:SHOP|SHOPDESK|GATEWAY|LOGISTICS|PROMOTIONS)_[A-Z_]+)"', source))
        assert names
        assert {name for name in names if f"`{name}`" not in documented} == set()
