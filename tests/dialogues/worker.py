"""A bot worker of its own for the dialogues: started, killed, started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from shop.testing import RunningShop
from tests.conversation import ROOT

READY_S = 90.0


class RunningWorker:
    """`python -m bot` on a Redis and a shop."""

    def __init__(self, folder: Path, redis_url: str, shop: RunningShop, model: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._ready, self._log = folder / "ready", folder / "log"
        self._process: subprocess.Popen[bytes] | None = None
        self._env = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": os.environ.get("HOME", str(folder)),
            "REDIS_URL": redis_url,
            "SHOP_URL": shop.url,
            "SHOP_API_KEY": shop.api_key,
            "SHOP_READ_S": "1",
            "SHOP_BUDGET_S": "3",
            "SHOP_CHANGE_BUDGET_S": "4",
            "SHOPDESK_MODEL": str(model),
            "SHOPDESK_READY_FILE": str(self._ready),
            "TF_CPP_MIN_LOG_LEVEL": "2",
            "PYTHONWARNINGS": "ignore",
        }

    @property
    def log(self) -> str:
        """Everything it has printed."""
        return self._log.read_text("utf-8", "replace")

    def start(self) -> RunningWorker:
        """Starts it and waits until it takes turns."""
        self._ready.unlink(missing_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot"], cwd=ROOT, env=self._env, stdout=log, stderr=log
            )
        deadline = time.monotonic() + READY_S
        while not self._ready.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the worker did not start:\n{self.log[-3000:]}")
            time.sleep(0.05)
        return self

    def kill(self) -> None:
        """`kill -9`."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Lets it finish its turns."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
