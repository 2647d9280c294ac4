"""`make shell` leaves nothing running, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from ops.model import model_path
from ops.settings import Settings

# In the place of the bot's interpreter: an action server or a shell, as it is asked to be.
RASA = """
import http.server, os, pathlib, signal, sys
kind = "run" if "run" in sys.argv else "shell"
pathlib.Path(kind + ".pid").write_text(str(os.getpid()))
if kind == "shell":
    {shell}
class Actions(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Actions).serve_forever()
"""
SHELL = """
import sys
from dataclasses import replace
from pathlib import Path
import ops.shell as own
from ops.settings import Settings
class Here(Settings):
    @classmethod
    def from_env(cls, env):
        return replace(Settings.from_env(env), root=Path(sys.argv[1]))
own.Settings = Here
own.ACTIONS_PORT = int(sys.argv[2])
sys.exit(own.main())
"""


@pytest.fixture
def start(
    settings: Settings, program: Callable[[str, str], Path], free_port: Callable[[], int]
) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Starts `make shell` with a `rasa shell` that does as told."""
    started = []

    def launch(shell: str) -> subprocess.Popen[str]:
        program(".venv/bin/python", RASA.format(shell=shell))
        model_path(settings).parent.mkdir()
        model_path(settings).touch()
        command = [sys.executable, "-c", SHELL, str(settings.root), str(free_port())]
        started.append(subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield launch
    for process in started:
        process.kill()
        process.communicate()


def running(settings: Settings, kind: str) -> bool:
    file = settings.root / f"{kind}.pid"
    return file.exists() and bool(file.read_text()) and psutil.pid_exists(int(file.read_text()))


def test_ends_with_the_shell(settings: Settings, start: Callable[[str], subprocess.Popen[str]]) -> None:
    process = start("sys.exit(0)")
    assert process.wait(30) == 0
    assert not running(settings, "run")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_ends_with_its_terminal(
    settings: Settings,
    start: Callable[[str], subprocess.Popen[str]],
    eventually: Callable[[Callable[[], object]], None],
    number: signal.Signals,
) -> None:
    process = start("signal.pause()")
    eventually(lambda: running(settings, "shell"))
    os.kill(process.pid, number)
    assert process.wait(30) == 128 + number
    eventually(lambda: not running(settings, "run") and not running(settings, "shell"))
