"""Secrets are made once, kept, and readable by their owner only."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ops.credentials import DEMO_PASSWORD, FILES, keep_credentials, keep_secret

KEPT = [*FILES.values(), DEMO_PASSWORD]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_private_long_and_all_different(tmp_path: Path) -> None:
    made = keep_credentials(tmp_path / "var", {})
    assert mode(tmp_path / "var") == 0o700
    assert [mode(tmp_path / "var" / name) for name in KEPT] == [0o600] * len(KEPT)
    assert all(len(made[name]) >= 43 for name in FILES)
    assert len(set(made.values())) == len(KEPT)


def test_secrets_are_kept(tmp_path: Path) -> None:
    first = keep_credentials(tmp_path, {})
    password = (tmp_path / DEMO_PASSWORD).read_text()
    assert keep_credentials(tmp_path, {}) == first
    assert (tmp_path / DEMO_PASSWORD).read_text() == password


def test_owners_secret_wins_and_is_not_written_down(tmp_path: Path) -> None:
    assert (
        keep_credentials(tmp_path, {"SHOP_API_KEY": "the-key-of-a-real-shop"})["SHOP_API_KEY"]
        == "the-key-of-a-real-shop"
    )
    assert not (tmp_path / FILES["SHOP_API_KEY"]).exists()


def test_files_that_were_opened_to_others_are_closed_again(tmp_path: Path) -> None:
    keep_credentials(tmp_path, {})
    tmp_path.chmod(0o755)
    (tmp_path / "secret").chmod(0o644)
    keep_credentials(tmp_path, {})
    assert (mode(tmp_path), mode(tmp_path / "secret")) == (0o700, 0o600)


@pytest.mark.parametrize("content", ["", "\n"])
def test_empty_file_is_not_a_secret(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret").write_text(content)
    assert len(keep_secret(tmp_path / "secret")) >= 43
