"""Free ports, folders like the repository's, and small programs to supervise."""

from __future__ import annotations

import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.testing import free_port
from ops.settings import Settings


@pytest.fixture(name="free_port")
def a_free_port() -> Callable[[], int]:
    """A function that returns a port that nobody listens on."""
    return free_port


@pytest.fixture
def settings(tmp_path: Path, free_port: Callable[[], int]) -> Settings:
    """A place of its own, with ports of its own."""
    return Settings(
        root=tmp_path, redis_port=free_port(), shop_port=free_port(), gateway_port=free_port(), desk_port=free_port()
    )


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes an executable Python program and returns its path."""

    def write(name: str, source: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!{sys.executable}\n{source}", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    return write


@pytest.fixture
def eventually() -> Callable[[Callable[[], object]], None]:
    """Waits until a condition holds, for at most 20 seconds."""

    def wait(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 20.0
        while not condition():
            assert time.monotonic() < deadline, "it did not come to hold within 20 s"
            time.sleep(0.02)

    return wait
