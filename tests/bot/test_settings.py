"""A wrong setting says which one it is and what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError


def test_newest_model_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    for age, name in ((50, "new"), (100, "old")):
        model = tmp_path / "models" / f"{name}.tar.gz"
        model.touch()
        os.utime(model, (1_700_000_000 - age, 1_700_000_000 - age))
    assert Settings.from_env({}).model.name == "new.tar.gz"


def test_no_model_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="make train"):
        Settings.from_env({})


@pytest.mark.parametrize("name", ["SHARDS", "BOT_CONCURRENCY"])
@pytest.mark.parametrize("value", ["0", "-1", "two"])
def test_number_that_is_none_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({name: value, "SHOPDESK_MODEL": "m.tar.gz"})


def test_tone_that_is_none_is_named() -> None:
    assert Settings.from_env({"SHOPDESK_TONE": "qin", "SHOPDESK_MODEL": "m.tar.gz"}).tone == "qin"
    with pytest.raises(SettingsError, match="SHOPDESK_TONE must be one of plain, qin"):
        Settings.from_env({"SHOPDESK_TONE": "dear", "SHOPDESK_MODEL": "m.tar.gz"})


def test_empty_means_the_default() -> None:
    settings = Settings.from_env({"REDIS_URL": "", "SHARDS": "", "BOT_CONCURRENCY": "", "SHOPDESK_MODEL": "m.tar.gz"})
    assert (settings.redis_url, settings.shards, settings.concurrency) == ("redis://127.0.0.1:6399/0", 1, 16)
