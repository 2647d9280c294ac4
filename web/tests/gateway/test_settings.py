"""Settings: defaults, what they stand for, and one clear line for what makes no sense."""

from __future__ import annotations

from pathlib import Path

import pytest

from web.gateway.settings import Settings, SettingsError

SECRETS = {"SHOPDESK_SECRET": "s" * 32, "SHOPDESK_IDENTITY_SECRET": "i" * 32}


def test_defaults() -> None:
    settings = Settings.from_env(SECRETS)
    assert (settings.host, settings.port, settings.redis_url) == ("127.0.0.1", 8000, "redis://127.0.0.1:6399/0")
    assert (settings.session_days, settings.shards, settings.typical_wait_s, settings.trusted_proxies) == (7, 1, 120, 0)
    assert settings.allowed == {
        "http://127.0.0.1:8000", "http://localhost:8000", "http://127.0.0.1:8002", "http://localhost:8002",
    }  # fmt: skip


def test_pictures_lie_below_the_repository_unless_told_otherwise() -> None:
    root = Path(__file__).resolve().parents[3]
    for told, meant in (
        (None, root / "var/images"),
        ("", root / "var/images"),
        ("a/b", root / "a/b"),
        ("/srv/x", Path("/srv/x")),
    ):
        assert Settings.from_env(SECRETS | ({} if told is None else {"SHOPDESK_IMAGES": told})).images == meant


def test_own_origins_follow_port_and_public_address() -> None:
    env = SECRETS | {
        "GATEWAY_PORT": "9000",
        "SHOPDESK_PUBLIC_URL": "https://Chat.Shop.example:443/",
        "SHOPDESK_ORIGINS": "",
    }
    assert Settings.from_env(env).allowed == {
        "https://chat.shop.example",
        "http://127.0.0.1:9000",
        "http://localhost:9000",
    }


def test_origins_are_spelled_as_browsers_spell_them() -> None:
    env = SECRETS | {"SHOPDESK_ORIGINS": "https://shop.example/, http://SHOP.example:80,https://商店.example:8443"}
    assert Settings.from_env(env).origins == (
        "https://shop.example", "http://shop.example", "https://xn--czrs0t.example:8443",
    )  # fmt: skip


def test_secrets_are_not_printed() -> None:
    printed = repr(Settings.from_env(SECRETS | {"REDIS_URL": "redis://:hunter2@10.0.0.1/0"}))
    assert not any(secret in printed for secret in ("sss", "iii", "hunter2"))


@pytest.mark.parametrize(
    ("env", "name"),
    [
        ({"SHOPDESK_SECRET": ""}, "SHOPDESK_SECRET"),
        ({"SHOPDESK_SECRET": "s" * 31}, "SHOPDESK_SECRET"),
        ({"SHOPDESK_IDENTITY_SECRET": ""}, "SHOPDESK_IDENTITY_SECRET"),
        ({"SHOPDESK_IDENTITY_SECRET": "i" * 31}, "SHOPDESK_IDENTITY_SECRET"),
        ({"SHOPDESK_IDENTITY_SECRET": "s" * 32}, "SHOPDESK_IDENTITY_SECRET"),
        ({"REDIS_URL": "http://127.0.0.1"}, "REDIS_URL"),
        ({"GATEWAY_PORT": "eighty"}, "GATEWAY_PORT"),
        ({"GATEWAY_PORT": "70000"}, "GATEWAY_PORT"),
        ({"SHOPDESK_SESSION_DAYS": "0"}, "SHOPDESK_SESSION_DAYS"),
        ({"SHARDS": "-1"}, "SHARDS"),
        ({"SHOPDESK_TYPICAL_WAIT_S": "x"}, "SHOPDESK_TYPICAL_WAIT_S"),
        ({"SHOPDESK_TRUSTED_PROXIES": "17"}, "SHOPDESK_TRUSTED_PROXIES"),
        ({"SHOPDESK_ORIGINS": "*"}, "SHOPDESK_ORIGINS"),
        ({"SHOPDESK_ORIGINS": "https://*.shop.example"}, "SHOPDESK_ORIGINS"),
        ({"SHOPDESK_ORIGINS": "https://shop.example/chat"}, "SHOPDESK_ORIGINS"),
        ({"SHOPDESK_ORIGINS": "https://shop.example; script-src"}, "SHOPDESK_ORIGINS"),
        ({"SHOPDESK_PUBLIC_URL": "chat.shop.example"}, "SHOPDESK_PUBLIC_URL"),
        ({"SHOPDESK_PUBLIC_URL": "https://chat.example:port"}, "SHOPDESK_PUBLIC_URL"),
        ({"SHOPDESK_PUBLIC_URL": "https://a'b;c"}, "SHOPDESK_PUBLIC_URL"),
    ],
)
def test_what_makes_no_sense_is_named_in_one_line(env: dict[str, str], name: str) -> None:
    with pytest.raises(SettingsError, match=name) as refusal:
        Settings.from_env(SECRETS | env)
    assert "\n" not in str(refusal.value)
