"""The whole of `make up` with small programs in the places of shop, bot and gateway, and the real Redis."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest
from redis import Redis

from ops.problem import Problem
from ops.settings import Settings
from ops.up import check_redis

ROOT = Path(__file__).resolve().parents[2]
UP = """
import asyncio, os, sys
from pathlib import Path
from ops.problem import Problem
from ops.settings import Settings
from ops.up import up
fields = {fields!r}
settings = Settings(**{{**fields, "root": Path(fields["root"])}})
try:
    asyncio.run(up(settings, os.environ, sys.stdout))
except Problem as problem:
    sys.exit(str(problem))
"""
REDIS = """
import os, sys
from pathlib import Path
from ops.credentials import make_private
from ops.embedded_redis import arguments, server
from ops.settings import Settings
settings = Settings(root=Path.cwd(), redis_port=int(os.environ["REDIS_PORT"]))
make_private(settings.var / "redis")
os.execv(server(), [str(server()), *arguments(settings)])
"""
DOOR = """
import http.server, os, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
class Door(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()
    def log_message(self, *_):
        pass
print("listening", flush=True)
http.server.HTTPServer(("127.0.0.1", int(os.environ["{port}"])), Door).serve_forever()
"""
BOT = """
import os, pathlib, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
assert pathlib.Path(os.environ["SHOPDESK_MODEL"]).read_text() == "a model"
assert len(os.environ["SHOPDESK_IDENTITY_SECRET"]) > 40
pathlib.Path(os.environ["SHOPDESK_READY_FILE"]).write_text(str(os.getpid()))
print("takes turns", flush=True)
while True:
    signal.pause()
"""
TRAINS = """
import pathlib, sys
pathlib.Path(sys.argv[sys.argv.index("--out") + 1], "model.tar.gz").write_text("a model")
"""


class Run:
    """A `make up` in a process of its own; what it printed is in `printed`."""

    def __init__(self, settings: Settings) -> None:
        self.output = settings.root / "terminal"
        fields = {**asdict(settings), "root": str(settings.root)}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", UP.format(fields=fields)], stdout=output, stderr=output, cwd=ROOT
            )

    @property
    def printed(self) -> str:
        return self.output.read_text("utf-8")


@pytest.fixture
def place(settings: Settings, program: Callable[[str, str], Path]) -> Settings:
    """A folder with a Procfile of small programs."""
    programs = {
        "redis": REDIS,
        "shop": DOOR.format(port="SHOP_PORT"),
        "bot": BOT,
        "gateway": DOOR.format(port="GATEWAY_PORT"),
        "desk": DOOR.format(port="DESK_PORT"),
    }
    paths = {name: program(f"{name}.py", source) for name, source in programs.items()}
    lines = [f"{name}: {shlex.quote(str(path))}" for name, path in paths.items()]
    (settings.root / "Procfile").write_text("\n".join(lines) + "\n")
    program(".venv/bin/python", TRAINS)
    return settings


@pytest.fixture
def start(place: Settings) -> Iterator[Callable[[], Run]]:
    """Starts it, and ends whatever is left of it afterwards."""
    runs: list[Run] = []

    def launch() -> Run:
        runs.append(Run(place))
        return runs[-1]

    yield launch
    for run in runs:
        if run.process.poll() is None:
            run.process.terminate()
            run.process.wait(30)
    children = [int(file.read_text().split()[0]) for file in place.run.glob("*.pid") if file.name != "up.pid"]
    for pid in filter(psutil.pid_exists, children):
        psutil.Process(pid).kill()


def child(place: Settings, name: str) -> int:
    """The process number of a service, 0 while it has none."""
    file = place.run / f"{name}.pid"
    return int(file.read_text().split()[0]) if file.exists() and file.read_text() else 0


def test_comes_up_says_where_and_stops_in_order(
    place: Settings, start: Callable[[], Run], eventually: Callable[[Callable[[], object]], None]
) -> None:
    run = start()
    eventually(lambda: "Shopdesk is ready" in run.printed)
    assert f"{place.shop_address}/" in run.printed
    assert place.gateway_address in run.printed
    assert f"{place.desk_address}/" in run.printed
    assert (place.var / "demo-password").read_text().strip() in run.printed
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(30) == 0
    after = run.printed.split("Stopping.")[1]
    stopped = [after.index(f"stopping {name}") for name in ("desk", "gateway", "bot", "shop", "redis")]
    assert stopped == sorted(stopped)
    assert after.rstrip().endswith("Shopdesk has stopped.")
    assert sorted(path.name for path in place.run.iterdir()) == ["up.pid"]


def test_killed_worker_is_replaced_and_the_terminal_says_so(
    place: Settings, start: Callable[[], Run], eventually: Callable[[Callable[[], object]], None]
) -> None:
    run = start()
    eventually(lambda: "Shopdesk is ready" in run.printed)
    first = child(place, "bot")
    os.kill(first, signal.SIGKILL)
    eventually(lambda: child(place, "bot") not in (0, first))
    eventually(lambda: "takes turns" in run.printed.split("bot was ended by SIGKILL; starting it again")[-1])


def test_redis_keeps_what_it_was_told_from_one_run_to_the_next(
    place: Settings, start: Callable[[], Run], eventually: Callable[[Callable[[], object]], None]
) -> None:
    for expected in (None, b"kept"):
        run = start()
        eventually(lambda run=run: "Shopdesk is ready" in run.printed)
        with Redis(port=place.redis_port) as redis:
            assert redis.get("note") == expected
            redis.set("note", "kept")
        run.process.send_signal(signal.SIGTERM)
        assert run.process.wait(30) == 0


def test_second_one_says_that_it_runs_already(
    start: Callable[[], Run], eventually: Callable[[Callable[[], object]], None], place: Settings
) -> None:
    first = start()
    eventually(lambda: "Shopdesk is ready" in first.printed)
    second = Run(place)
    assert second.process.wait(30) == 1
    assert (
        second.printed == f"Shopdesk runs here already (process {first.process.pid}): stop it first with make down.\n"
    )


def test_what_a_killed_run_left_behind_is_ended_by_the_next(
    place: Settings, start: Callable[[], Run], eventually: Callable[[Callable[[], object]], None]
) -> None:
    first = start()
    eventually(lambda: "Shopdesk is ready" in first.printed)
    first.process.kill()
    first.process.wait(30)
    second = start()
    eventually(lambda: "Shopdesk is ready" in second.printed)
    assert second.printed.startswith("Ended what an earlier run had left behind: desk, gateway, bot, shop, redis.\n")


def test_one_that_cannot_start_ends_it_all_with_its_last_words(
    place: Settings, start: Callable[[], Run], program: Callable[[str, str], Path]
) -> None:
    program("gateway.py", "import sys; sys.exit('SHOPDESK_ORIGINS is not an origin')")
    run = start()
    assert run.process.wait(60) == 1
    assert (
        "gateway ends as soon as it is started. Its last lines:\n  SHOPDESK_ORIGINS is not an origin\n" in run.printed
    )
    assert "All of it is in var/log/gateway.log." in run.printed
    assert child(place, "redis") == 0


async def test_owners_redis_that_does_not_answer_is_one_line_without_its_password(free_port: Callable[[], int]) -> None:
    port = free_port()
    with pytest.raises(Problem) as caught:
        await check_redis(f"redis://shop:hidden@127.0.0.1:{port}/0")
    line = str(caught.value)
    assert line.startswith(f"Redis at 127.0.0.1:{port} (REDIS_URL) cannot be used: ")
    assert "hidden" not in line
    assert "\n" not in line
