"""`python -m bot` as `make up` starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ledger.garbage import NEVER
from ledger.testing import RedisServer
from tests.conversation import trained_model

ROOT = Path(__file__).resolve().parents[2]
READY_S = 120.0
MOST_MB = 350.0
"""Of a worker that holds the trained model; stock Rasa holds 1,100."""


def environment(redis_url: str, folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "REDIS_URL": redis_url,
        "SHOPDESK_MODEL": str(trained_model()),
        "SHOPDESK_READY_FILE": str(folder / "bot.ready"),
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
    }


@contextmanager
def worker(redis_url: str, folder: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that takes turns. It is told to stop at the end, and does so as it should; its log is `bot.log`."""
    folder.mkdir(exist_ok=True)
    log, ready = folder / "bot.log", folder / "bot.ready"
    env = environment(redis_url, folder)
    with log.open("wb") as output:
        started = subprocess.Popen(
            [sys.executable, *(command or ("-m", "bot"))], cwd=ROOT, env=env, stdout=output, stderr=output
        )
    try:
        deadline = time.monotonic() + READY_S
        while not ready.exists():
            assert started.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < deadline, log.read_text("utf-8")
            time.sleep(0.05)
        yield started
        started.send_signal(signal.SIGTERM)
        assert started.wait(15) == 0
    finally:
        started.kill()
        started.wait()
    assert not ready.exists()


def test_worker_starts_with_one_line_and_stops_when_told(redis_server: RedisServer, tmp_path: Path) -> None:
    with worker(redis_server.url, tmp_path):
        pass
    lines = (tmp_path / "bot.log").read_text("utf-8").splitlines()
    assert len(lines) == 1, "\n".join(lines)
    assert "takes turns with" in lines[0]


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="what is held is read from Linux's /proc")
def test_worker_does_not_look_through_all_its_conversations_for_garbage(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    told = "import atexit, gc, bot.__main__; atexit.register(lambda: print(gc.isenabled(), gc.get_threshold()[2])); "
    with worker(redis_server.url, tmp_path, "-c", f"{told} bot.__main__.main()"):
        pass
    assert (tmp_path / "bot.log").read_text("utf-8").splitlines()[-1] == f"True {NEVER}"


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="memory is read from Linux's /proc")
def test_two_workers_stand_side_by_side_without_tensorflow(redis_server: RedisServer, tmp_path: Path) -> None:
    with worker(redis_server.url, tmp_path / "one") as one, worker(redis_server.url, tmp_path / "two") as two:
        for each in (one, two):
            about = Path(f"/proc/{each.pid}")
            kb = {line.split()[0]: line.split()[1] for line in (about / "smaps_rollup").read_text().splitlines()[1:]}
            assert int(kb["Rss:"]) / 1024 < MOST_MB
            mapped = (about / "maps").read_text()
            assert "/spacy/" in mapped and "/tensorflow/" not in mapped


@pytest.mark.parametrize(("name", "text"), [("SHARDS", "none"), ("BOT_CONCURRENCY", "0")])
def test_wrong_setting_is_one_line(name: str, text: str, tmp_path: Path) -> None:
    env = {**environment("redis://127.0.0.1:1/0", tmp_path), name: text}
    ended = subprocess.run([sys.executable, "-m", "bot"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [f"bot: {name} must be a whole number from 1, not {text!r}"]
