"""The supervisor starts dead processes again, relays what they print, and stops them in order."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from ops.supervise import NOTICES, Backoff, Service, Supervisor, read_lines, read_procfile

STAYS = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("up", flush=True)
signal.pause()
"""
DEAF = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
while True:
    signal.pause()
"""
WITH_CHILD = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
print(child.pid, flush=True)
child.wait()
"""


class Bench:
    """A supervisor with what it has shown; `seen` waits for a line."""

    def __init__(self, folder: Path, backoff: Backoff) -> None:
        self.lines: list[tuple[str, str]] = []
        self.news = asyncio.Condition()
        self.logs = folder / "log"
        self.run = folder / "run"
        self.logs.mkdir()
        self.run.mkdir()
        self.supervisor = Supervisor(folder, self.logs, self.run, self.show, backoff)
        self.telling: set[asyncio.Task[None]] = set()

    def show(self, name: str, line: str) -> None:
        self.lines.append((name, line))
        task = asyncio.ensure_future(self._tell())
        self.telling.add(task)
        task.add_done_callback(self.telling.discard)

    async def _tell(self) -> None:
        async with self.news:
            self.news.notify_all()

    async def seen(self, name: str, text: str, times: int = 1) -> None:
        def enough() -> bool:
            return sum(name == who and text in line for who, line in self.lines) >= times

        async with self.news, asyncio.timeout(20):
            await self.news.wait_for(enough)

    def pid(self, name: str) -> int:
        return int((self.run / f"{name}.pid").read_text().split()[0])


@asynccontextmanager
async def supervising(folder: Path, order: list[str], backoff: Backoff | None = None) -> AsyncIterator[Bench]:
    bench = Bench(folder, backoff or Backoff(0.05, 0.2, 30.0))
    try:
        yield bench
    finally:
        await bench.supervisor.stop(order)


def service(name: str, source: str, grace_s: float = 10.0, ready_file: Path | None = None) -> Service:
    return Service(name, [sys.executable, "-u", "-c", source], dict(os.environ), grace_s, ready_file)


async def test_killed_child_is_replaced_and_the_log_says_so(tmp_path: Path) -> None:
    async with supervising(tmp_path, ["bot"]) as bench:
        bench.supervisor.start(service("bot", STAYS))
        await bench.seen("bot", "up")
        first = bench.pid("bot")
        os.kill(first, signal.SIGKILL)
        await bench.seen("bot", "up", times=2)
        assert bench.pid("bot") != first
        assert (NOTICES, "bot was ended by SIGKILL; starting it again in 0.05 s") in bench.lines
        assert bench.supervisor.ended("bot") == 1


async def test_waits_longer_each_time_up_to_a_limit(tmp_path: Path) -> None:
    async with supervising(tmp_path, ["bot"], Backoff(0.01, 0.04, 30.0)) as bench:
        bench.supervisor.start(service("bot", "raise SystemExit(3)"))
        await bench.seen(NOTICES, "in 0.04 s", times=2)
        notices = [line for who, line in bench.lines if who == NOTICES]
        waits = [line.removeprefix("bot ended (exit code 3); starting it again in ") for line in notices[:4]]
        assert waits == ["0.01 s", "0.02 s", "0.04 s", "0.04 s"]


async def test_one_that_ran_steadily_is_started_again_at_once(tmp_path: Path) -> None:
    async with supervising(tmp_path, ["bot"], Backoff(0.01, 5.0, 0.0)) as bench:
        bench.supervisor.start(service("bot", "raise SystemExit(3)"))
        await bench.seen(NOTICES, "in 0.01 s", times=3)


async def test_others_go_on_while_one_is_replaced(tmp_path: Path) -> None:
    async with supervising(tmp_path, ["bot", "shop"]) as bench:
        bench.supervisor.start(service("shop", STAYS))
        bench.supervisor.start(service("bot", STAYS))
        await bench.seen("shop", "up")
        await bench.seen("bot", "up")
        shop = bench.pid("shop")
        os.kill(bench.pid("bot"), signal.SIGKILL)
        await bench.seen("bot", "up", times=2)
        assert bench.pid("shop") == shop
        assert bench.supervisor.ended("shop") == 0


async def test_stops_in_order_each_gone_before_the_next(tmp_path: Path) -> None:
    order = ["gateway", "bot", "shop", "redis"]
    says_bye = STAYS.replace("sys.exit(0)", "(print('bye', flush=True), sys.exit(0))")
    async with supervising(tmp_path, []) as bench:
        for name in reversed(order):
            bench.supervisor.start(service(name, says_bye))
        for name in order:
            await bench.seen(name, "up")
        bench.lines.clear()
        pids = [bench.pid(name) for name in order]
        await bench.supervisor.stop(order)
        expected = [told for name in order for told in ((NOTICES, f"stopping {name}"), (name, "bye"))]
        assert bench.lines == expected
        assert not any(psutil.pid_exists(pid) for pid in pids)
        assert list(bench.run.iterdir()) == []


async def test_one_that_does_not_stop_in_time_is_killed(tmp_path: Path) -> None:
    async with supervising(tmp_path, []) as bench:
        bench.supervisor.start(service("bot", DEAF, grace_s=0.2))
        await bench.seen("bot", "up")
        await bench.supervisor.stop(["bot"])
        assert (NOTICES, "bot did not stop in time: killing it") in bench.lines


async def test_hurry_does_not_wait_for_the_grace(tmp_path: Path) -> None:
    async with supervising(tmp_path, []) as bench:
        bench.supervisor.start(service("bot", DEAF, grace_s=1000.0))
        await bench.seen("bot", "up")
        stopping = asyncio.create_task(bench.supervisor.stop(["bot"]))
        await bench.seen(NOTICES, "stopping bot")
        bench.supervisor.hurry()
        await asyncio.wait_for(stopping, 20)


async def test_stop_ends_one_that_waits_to_be_started_again(tmp_path: Path) -> None:
    async with supervising(tmp_path, [], Backoff(1000.0, 1000.0, 30.0)) as bench:
        bench.supervisor.start(service("bot", "raise SystemExit(1)"))
        await bench.seen(NOTICES, "bot ended (exit code 1)")
        await asyncio.wait_for(bench.supervisor.stop(["bot"]), 20)


async def test_what_a_dead_process_leaves_behind_is_ended(tmp_path: Path) -> None:
    async with supervising(tmp_path, ["bot"]) as bench:
        bench.supervisor.start(service("bot", WITH_CHILD))
        await bench.seen("bot", "")
        orphan = psutil.Process(int(bench.lines[0][1]))
        os.kill(bench.pid("bot"), signal.SIGKILL)
        await bench.seen(NOTICES, "bot was ended by SIGKILL")
        async with asyncio.timeout(20):
            while orphan.is_running() and orphan.status() != psutil.STATUS_ZOMBIE:
                await asyncio.sleep(0.02)


async def test_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    async with supervising(tmp_path, ["bot"]) as bench:
        bench.supervisor.start(Service("bot", [str(tmp_path / "missing")], dict(os.environ)))
        await bench.seen(NOTICES, "bot could not be started (No such file or directory)")


async def test_ready_file_of_a_killed_process_is_gone_before_the_next_starts(tmp_path: Path) -> None:
    ready = tmp_path / "bot.ready"
    source = f"import pathlib; print(pathlib.Path({str(ready)!r}).exists(), flush=True)\n"
    source += f"pathlib.Path({str(ready)!r}).touch()\n{STAYS}"
    async with supervising(tmp_path, []) as bench:
        bench.supervisor.start(service("bot", source, ready_file=ready))
        await bench.seen("bot", "up")
        os.kill(bench.pid("bot"), signal.SIGKILL)
        await bench.seen("bot", "up", times=2)
        assert [line for who, line in bench.lines if who == "bot" and line != "up"] == ["False", "False"]
        await bench.supervisor.stop(["bot"])
    assert not ready.exists()


async def test_output_goes_to_a_log_of_its_own_and_the_one_before_is_kept(tmp_path: Path) -> None:
    async with supervising(tmp_path, []) as bench:
        for told in ("第一次", "second"):
            bench.supervisor.start(service("bot", f"print({told!r}, flush=True)\n{STAYS}"))
            await bench.seen("bot", "up", times=1 + (told == "second"))
            await bench.supervisor.stop(["bot"])
        assert (bench.logs / "bot.log").read_text("utf-8").startswith("second\n")
        assert (bench.logs / "bot.log.1").read_text("utf-8").startswith("第一次\n")


@pytest.mark.parametrize(
    ("sent", "lines"),
    [
        (b"one\r\ntwo\n", ["one", "two"]),
        (b"no end", ["no end"]),
        (b"\xff\n", ["\ufffd"]),
        (b"x" * 200_000 + b"\nafter\n", None),
    ],
)
async def test_lines_of_any_kind_and_length(sent: bytes, lines: list[str] | None) -> None:
    stream = asyncio.StreamReader()
    stream.feed_data(sent)
    stream.feed_eof()
    read = [line async for line in read_lines(stream)]
    if lines is None:
        assert read[-1] == "after"
        assert "".join(read[:-1]) == "x" * 200_000
    else:
        assert read == lines


def test_procfile_of_the_repository_lists_who_depends_on_others_last() -> None:
    root = Path(__file__).resolve().parents[2]
    commands = read_procfile(root / "Procfile")
    assert list(commands) == ["redis", "shop", "bot", "gateway", "desk"]
    assert commands["bot"] == [".venv/bin/python", "-m", "bot"]


def test_ended_counts_nothing_for_one_that_was_never_started(tmp_path: Path) -> None:
    show: Callable[[str, str], None] = lambda name, line: None  # noqa: E731
    assert Supervisor(tmp_path, tmp_path, tmp_path, show, Backoff()).ended("bot") == 0
