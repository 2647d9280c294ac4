"""`python -m bot` as `make up` starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ledger.testing import RedisServer
from tests.conversation import trained_model

ROOT = Path(__file__).resolve().parents[2]
READY_S = 120.0


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


def test_worker_starts_with_one_line_and_stops_when_told(redis_server: RedisServer, tmp_path: Path) -> None:
    log, ready = tmp_path / "bot.log", tmp_path / "bot.ready"
    env = environment(redis_server.url, tmp_path)
    with log.open("wb") as output:
        worker = subprocess.Popen([sys.executable, "-m", "bot"], cwd=ROOT, env=env, stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + READY_S
        while not ready.exists():
            assert worker.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < deadline, log.read_text("utf-8")
            time.sleep(0.05)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(15) == 0
    finally:
        worker.kill()
        worker.wait()
    lines = log.read_text("utf-8").splitlines()
    assert len(lines) == 1, "\n".join(lines)
    assert "takes turns with" in lines[0]
    assert not ready.exists()


@pytest.mark.parametrize(("name", "text"), [("SHARDS", "none"), ("BOT_CONCURRENCY", "0")])
def test_wrong_setting_is_one_line(name: str, text: str, tmp_path: Path) -> None:
    env = {**environment("redis://127.0.0.1:1/0", tmp_path), name: text}
    ended = subprocess.run([sys.executable, "-m", "bot"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [f"bot: {name} must be a whole number from 1, not {text!r}"]
