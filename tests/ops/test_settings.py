"""Addresses and ports come from the environment, and what the owner has set reaches every process."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.environment import bot_environment, shared_environment
from ops.problem import Problem
from ops.settings import Settings
from ops.up import ports


def test_defaults_are_those_of_the_documentation() -> None:
    settings = Settings.from_env({})
    assert settings.redis_address == "redis://127.0.0.1:6399/0"
    assert settings.shop_address == "http://127.0.0.1:8002"
    assert settings.gateway_address == "http://127.0.0.1:8000"


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "８０００"])
def test_port_that_is_none_is_refused_in_one_line(port: str) -> None:
    with pytest.raises(Problem, match=r"^GATEWAY_PORT is '.*', but must be a port number such as 8000\.$"):
        Settings.from_env({"GATEWAY_PORT": port})


def test_only_what_is_started_here_needs_a_port() -> None:
    own = Settings.from_env({"REDIS_URL": "redis://cache:6379/0", "SHOP_URL": "https://shop.example/api"})
    assert [want.variable for want in ports(own)] == ["GATEWAY_PORT", "DESK_PORT"]
    all_of_them = ["GATEWAY_PORT", "DESK_PORT", "SHOP_PORT", "REDIS_PORT"]
    assert [want.variable for want in ports(Settings.from_env({}))] == all_of_them


def test_gateway_on_all_addresses_is_reached_on_loopback() -> None:
    assert Settings.from_env({"GATEWAY_HOST": "0.0.0.0"}).gateway_address == "http://127.0.0.1:8000"


def test_processes_get_addresses_secrets_and_what_the_owner_set(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path, gateway_port=9000)
    env = shared_environment(settings, {"PATH": "/bin", "SHOPDESK_ORIGINS": "https://shop.example", "SHOP_API_KEY": ""})
    assert env["PATH"] == "/bin"
    assert env["GATEWAY_URL"] == "http://127.0.0.1:9000"
    assert env["SHOPDESK_ORIGINS"] == "https://shop.example"
    assert env["SHOP_API_KEY"] == (tmp_path / "var" / "shop-api-key").read_text().strip()


def test_compiled_modules_are_kept_so_that_the_next_start_is_quick(tmp_path: Path) -> None:
    env = shared_environment(Settings(root=tmp_path), {"PYTHONDONTWRITEBYTECODE": "1"})
    assert "PYTHONDONTWRITEBYTECODE" not in env


def test_demo_shop_may_embed_the_chat(tmp_path: Path) -> None:
    origins = shared_environment(Settings(root=tmp_path), {})["SHOPDESK_ORIGINS"]
    assert origins == "http://127.0.0.1:8002,http://localhost:8002"


def test_real_shop_names_its_own_origins(tmp_path: Path) -> None:
    assert "SHOPDESK_ORIGINS" not in shared_environment(Settings(root=tmp_path, shop_url="https://shop.example"), {})


def test_bot_gets_its_model_and_ready_file(tmp_path: Path) -> None:
    env = bot_environment({"A": "b"}, tmp_path / "model.tar.gz", tmp_path / "ready")
    assert env["SHOPDESK_MODEL"] == str(tmp_path / "model.tar.gz")
    assert env["SHOPDESK_READY_FILE"] == str(tmp_path / "ready")
    assert env["RASA_TELEMETRY_ENABLED"] == "false"
