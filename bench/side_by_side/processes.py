"""Processes that are measured: started with their output in a file, looked at while they run, ended by their own id."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from ops.model import QUIET

ROOT = Path(__file__).resolve().parents[2]
BOT_PYTHON = ROOT / ".venv/bin/python"
END_S = 15.0
MIB = 1024 * 1024


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a process gets: nothing of the caller's but where programs and the home folder are; Rasa as quiet as `make up` has it."""
    return {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", str(folder)), **QUIET, **more}


class Measured:
    """One process in a session of its own, so that what it starts ends with it."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.pid = self._process.pid

    @property
    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def last_words(self) -> str:
        """The end of what it has printed."""
        return self.log.read_text("utf-8", "replace")[-3000:]

    def stop(self) -> None:
        """Asks it to end, and makes it when it does not."""
        for how in (signal.SIGTERM, signal.SIGKILL):
            if self.runs:
                self._process.send_signal(how)
                try:
                    self._process.wait(END_S)
                except subprocess.TimeoutExpired:
                    continue
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def listening(port: int) -> int:
    """Id of the child of this process that listens on a port. RuntimeError when there is none."""
    for child in psutil.Process().children(recursive=True):
        if any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in child.net_connections("tcp")):
            return int(child.pid)
    raise RuntimeError(f"no process of ours listens on {port}")


def memory_mb(pid: int, kind: str = "Rss") -> float:
    """Resident memory of a process in MiB; with `Pss`, pages that it shares with others are divided among them."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith(f"{kind}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"/proc/{pid}/smaps_rollup has no {kind}")


def cpu_s(pid: int) -> float:
    """Seconds of a core that a process has used by now."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def idle_s() -> float:
    """Seconds that the machine's cores, together, have had nothing to do by now."""
    times = psutil.cpu_times()
    return float(times.idle + times.iowait)
