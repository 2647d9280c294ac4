"""Real gateways for tests: processes on free ports of the loopback, gone afterwards."""

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

ROOT = Path(__file__).resolve().parent.parent.parent
READY_S = 20.0
STOP_S = 10.0


class RunningGateway:
    """One process. `secret` signs its tokens, `identity_secret` the shop's identities; its pictures are in `images`."""

    def __init__(self, redis_url: str, env: dict[str, str]) -> None:
        self.secret = env.setdefault("SHOPDESK_SECRET", secrets.token_urlsafe(32))
        self.identity_secret = env.setdefault("SHOPDESK_IDENTITY_SECRET", secrets.token_urlsafe(32))
        self.port = int(env.setdefault("GATEWAY_PORT", str(free_port())))
        self.url = f"http://127.0.0.1:{self.port}"
        self.redis_url = redis_url
        self._folder = tempfile.TemporaryDirectory(prefix="gateway-images-")
        self.images = Path(env.setdefault("SHOPDESK_IMAGES", self._folder.name))
        self._env = {"PATH": os.environ.get("PATH", ""), "REDIS_URL": redis_url, **env}
        self._log = tempfile.NamedTemporaryFile(prefix="gateway-", suffix=".log")  # noqa: SIM115 - closed by stop()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket_url(self) -> str:
        """The address of the socket, without its query."""
        return f"ws://127.0.0.1:{self.port}/api/chat/ws"

    @property
    def log(self) -> str:
        """Everything it has printed, over all restarts."""
        return Path(self._log.name).read_text("utf-8")

    def start(self) -> RunningGateway:
        """Starts it and waits until it answers, be it that Redis is away."""
        command = [sys.executable, "-m", "web.gateway"]
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._env, stdout=self._log, stderr=self._log)
        deadline = time.monotonic() + READY_S
        while True:
            try:
                httpx.get(f"{self.url}/widget.js", timeout=READY_S, trust_env=False)
                return self
            except httpx.TransportError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the gateway did not start: {self.log}") from None
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
        """Stops it and throws its log and its pictures away."""
        self.terminate()
        self._log.close()
        self._folder.cleanup()

    def restart(self) -> None:
        """A new process at the same address, also after `kill`."""
        self.terminate()
        self.start()

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


def start_gateway(redis_url: str, **env: str) -> RunningGateway:
    """A gateway on a free port; `env` are further variables of its environment. Call `stop()`."""
    return RunningGateway(redis_url, dict(env)).start()
