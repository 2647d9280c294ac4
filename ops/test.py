"""`make test`: every check and every test. Two lanes of suites run side by side; when a suite fails, none is begun after it."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops import model
from ops.chromium import chromium, ensure_chinese_font
from ops.postgres import postgres
from ops.problem import Problem
from ops.progress import clock
from ops.settings import Settings


@dataclass(frozen=True)
class Suite:
    """Some tests that run in one environment; `config` holds their pytest settings."""

    name: str
    python: str
    config: str
    paths: list[str]
    without: tuple[str, ...] = ()


BOT_TESTS = [
    "tests",
    "ledger/tests",
    "shop/tests/test_client.py",
    "shop/tests/test_client_changes.py",
    "shop/tests/test_breaker.py",
    "shop/tests/test_connections.py",
]
LANES = (
    (
        Suite(
            "The bot, the ledger and the shop's client, Python 3.10", "bot", "pyproject.toml", BOT_TESTS, ("ops", "e2e")
        ),
        Suite("The ledger and the shop, Python 3.12", "web", "web/pyproject.toml", ["ledger/tests", "shop/tests"]),
        Suite("Set-up and running", "web", "web/pyproject.toml", ["tests/ops"]),
    ),
    (
        Suite("The gateway, the desk and their pages", "web", "web/pyproject.toml", ["web/tests"]),
        Suite("End to end, in Chromium", "web", "web/pyproject.toml", ["tests/e2e"]),
    ),
)
"""One lane for each of the two cores that are asked for. Browsers are in one of them: two at once are too much for two cores."""


MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a private folder in it
ROOM_BYTES = 4 * 1024**3


class SuiteFailed(Exception):
    """A part of the run has failed, and has said why."""


def heading(text: str) -> None:
    """So that each part is found in a long log."""
    print(f"\n\x1b[1m== {text} ==\x1b[0m" if sys.stdout.isatty() else f"\n== {text} ==", flush=True)


def command(suite: Suite, settings: Settings) -> list[str]:
    """How pytest is called for a suite."""
    python = settings.bot_python if suite.python == "bot" else settings.web_python
    left_out = [f"--ignore=tests/{folder}" for folder in suite.without]
    return [str(python), "-m", "pytest", "-c", suite.config, "--rootdir", ".", *left_out, *suite.paths]


def run(arguments: list[str], settings: Settings, env: dict[str, str]) -> None:
    """Run a part with its output in the terminal."""
    if subprocess.run(arguments, cwd=settings.root, env=env, stdin=subprocess.DEVNULL, check=False).returncode != 0:
        raise SuiteFailed


def run_all(settings: Settings) -> None:
    """Checks, what the tests need, then the suites."""
    heading("Checks")
    run([sys.executable, "-m", "ops.check"], settings, dict(os.environ))
    heading("What the tests need")
    ensure_chinese_font()
    browser = chromium(os.environ)
    print(f"Chromium: {browser}", flush=True)
    print(f"PostgreSQL: {postgres(os.environ)}", flush=True)
    trained = asyncio.run(model.run(settings, force=False))
    quiet = {name: text for name, text in model.QUIET.items() if name != "PYTHONWARNINGS"}
    env = {**os.environ, **quiet, "CHROMIUM": str(browser), "SHOPDESK_MODEL": str(trained)}
    with scratch() as folder:
        run_side_by_side(settings, {**env, "TMPDIR": folder} if folder else env)


@contextmanager
def scratch() -> Iterator[str | None]:
    """A folder in memory for what the tests write, where the machine has one with room.

    The tests start many servers that write through to the disk; two lanes of them make a slow one stand still for a minute.
    """
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM_BYTES:
        yield None
        return
    folder = tempfile.mkdtemp(prefix="shopdesk-", dir=MEMORY)
    Path(folder).chmod(0o711)  # PostgreSQL runs as somebody else, who must get through
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_side_by_side(settings: Settings, env: dict[str, str]) -> None:
    """All lanes at once; what a suite says is shown when it is over. Raises `SuiteFailed`."""
    speaking, failed = threading.Lock(), threading.Event()

    def run_lane(lane: Sequence[Suite]) -> None:
        for suite in lane:
            if failed.is_set():
                return
            with speaking:
                print(f"begun: {suite.name}", flush=True)
            began = time.monotonic()
            done = subprocess.run(
                command(suite, settings), cwd=settings.root, env=env, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
            )  # fmt: skip
            if done.returncode != 0:
                failed.set()
            with speaking:
                heading(f"{suite.name} ({clock(time.monotonic() - began)})")
                print(done.stdout, flush=True)

    with ThreadPoolExecutor(len(LANES)) as lanes:
        list(lanes.map(run_lane, LANES))
    if failed.is_set():
        raise SuiteFailed


def main() -> int:
    """Exit code 0 when everything passed."""
    started = time.monotonic()
    try:
        run_all(Settings.from_env(os.environ))
    except SuiteFailed:
        print(f"\nmake test has failed, after {clock(time.monotonic() - started)}: see above.", flush=True)
        return 1
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"\nEverything passed, in {clock(time.monotonic() - started)}.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
