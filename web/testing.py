"""Real servers of ours for tests: a process on a free port of the loopback that can be killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

import httpx

ROOT = Path(__file__).resolve().parents[1]
READY_S = 30.0
STOP_S = 10.0


class RunningServer:
    """One process of a module; it is there once it answers at `probe`, be it that Redis is away."""

    def __init__(self, module: str, port: int, probe: str, env: dict[str, str]) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._module, self._probe = module, probe
        self._env = {"PATH": os.environ.get("PATH", ""), **env}
        self._log = tempfile.NamedTemporaryFile(prefix=f"{module}-", suffix=".log")  # noqa: SIM115 - closed by stop()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """Everything it has printed, over all restarts."""
        return Path(self._log.name).read_text("utf-8")

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._process is not None, "it is not running"
        return self._process.pid

    def start(self) -> Self:
        """Starts it and waits until it answers; one that does not is cleared away."""
        command = [sys.executable, "-m", self._module]
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._env, stdout=self._log, stderr=self._log)
        deadline = time.monotonic() + READY_S
        while True:
            try:
                httpx.get(f"{self.url}{self._probe}", timeout=READY_S, trust_env=False)
                return self
            except httpx.TransportError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    said = self.log
                    self.stop()
                    raise RuntimeError(f"{self._module} did not start: {said}") from None
                time.sleep(0.05)

    def kill(self) -> None:
        """`kill -9`."""
        self._end(signal.SIGKILL)

    def terminate(self) -> float:
        """Asks it to stop; returns how long that took, in seconds."""
        began = time.monotonic()
        self._end(signal.SIGTERM)
        return time.monotonic() - began

    def restart(self) -> None:
        """A new process at the same address, also after `kill`."""
        self.terminate()
        self.start()

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
