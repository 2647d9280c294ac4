"""Real desks for tests: processes on free ports of the loopback, with accounts, gone afterwards."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from ledger.testing import free_port

ROOT = Path(__file__).resolve().parents[2]
READY_S = 30.0
STOP_S = 10.0


class RunningDesk:
    """One process. `password` is that of agent1, agent2, supervisor, trainer and admin."""

    def __init__(self, redis_url: str, folder: Path, env: dict[str, str]) -> None:
        self.password = env.setdefault("SHOPDESK_DEMO_PASSWORD", secrets.token_urlsafe(12))
        self.port = int(env.setdefault("DESK_PORT", str(free_port())))
        env.setdefault("DATABASE_URL", f"sqlite:///{folder / 'desk.sqlite'}")
        env.setdefault("SHOP_API_KEY", "no shop in this test")
        env.setdefault("SHOP_URL", f"http://127.0.0.1:{free_port()}")
        env.setdefault("SHOPDESK_IMAGES", str(folder / "images"))
        self.url = f"http://127.0.0.1:{self.port}"
        self._env = {"PATH": os.environ.get("PATH", ""), "REDIS_URL": redis_url, **env}
        self._log = tempfile.NamedTemporaryFile(prefix="desk-", suffix=".log")  # noqa: SIM115 - closed by stop()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket_url(self) -> str:
        """The address of the socket."""
        return f"ws://127.0.0.1:{self.port}/api/desk/ws"

    @property
    def log(self) -> str:
        """Everything it has printed, over all restarts."""
        return Path(self._log.name).read_text("utf-8")

    def start(self) -> RunningDesk:
        """Starts it and waits until it answers, be it that Redis is away."""
        command = [sys.executable, "-m", "web.desk"]
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._env, stdout=self._log, stderr=self._log)
        deadline = time.monotonic() + READY_S
        while True:
            try:
                httpx.get(f"{self.url}/api/me", timeout=READY_S, trust_env=False)
                return self
            except httpx.TransportError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the desk did not start: {self.log}") from None
                time.sleep(0.05)

    def kill(self) -> None:
        """`kill -9`."""
        self._end(signal.SIGKILL)

    def terminate(self) -> float:
        """Asks it to stop; returns how long that took, in seconds."""
        began = time.monotonic()
        self._end(signal.SIGTERM)
        return time.monotonic() - began

    def stop(self) -> None:
        """Stops it and throws its log away."""
        self.terminate()
        self._log.close()

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def start_desk(redis_url: str, folder: Path, **env: str) -> RunningDesk:
    """A desk on a free port with its database in `folder`; `env` are further variables of its environment. Call `stop()`."""
    desk = RunningDesk(redis_url, folder, dict(env))
    try:
        return desk.start()
    except Exception:
        desk.stop()
        raise
