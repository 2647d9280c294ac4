"""`make down` stops the one that runs in this folder, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from ops.claim import claim, holder
from ops.down import down
from ops.leftovers import end_leftovers, remember
from ops.problem import Problem

HOLDS = """
import signal, sys
from pathlib import Path
from ops.claim import claim
signal.signal(signal.SIGTERM, {answer})
with claim(Path(sys.argv[1])):
    print("held", flush=True)
    while True:
        signal.pause()
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Starts a process that holds `up.pid` and answers SIGTERM as told."""
    started = []

    def launch(answer: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", HOLDS.format(answer=answer), str(tmp_path / "up.pid")]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    yield launch
    for process in started:
        process.kill()
        process.communicate()


def test_nothing_runs(tmp_path: Path) -> None:
    assert down(tmp_path, []) == "Shopdesk is not running here."


def test_stops_the_one_that_runs_and_waits_for_its_end(
    tmp_path: Path, start: Callable[[str], subprocess.Popen[str]]
) -> None:
    process = start("lambda *_: sys.exit(0)")
    assert holder(tmp_path / "up.pid") == process.pid
    assert down(tmp_path, []) == "Shopdesk has stopped."
    assert process.wait(20) == 0
    assert holder(tmp_path / "up.pid") is None


def test_stale_pid_of_a_killed_one_is_nobody(tmp_path: Path, start: Callable[[str], subprocess.Popen[str]]) -> None:
    process = start("signal.SIG_DFL")
    process.kill()
    process.wait(20)
    assert (tmp_path / "up.pid").read_text() == f"{process.pid}\n"
    assert down(tmp_path, []) == "Shopdesk is not running here."


def test_stale_pid_that_now_belongs_to_another_process_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"]) as stranger:
        try:
            (tmp_path / "up.pid").write_text(f"{stranger.pid}\n")
            assert down(tmp_path, []) == "Shopdesk is not running here."
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_one_that_does_not_stop_is_told(tmp_path: Path, start: Callable[[str], subprocess.Popen[str]]) -> None:
    process = start("signal.SIG_IGN")
    with pytest.raises(Problem, match=f"process {process.pid}.*has not stopped within 0 s"):
        down(tmp_path, [], patience_s=0.3)


def test_second_claim_says_who_has_it_in_one_line(
    tmp_path: Path, start: Callable[[str], subprocess.Popen[str]]
) -> None:
    process = start("signal.SIG_DFL")
    with pytest.raises(Problem) as caught, claim(tmp_path / "up.pid"):
        pass
    assert str(caught.value) == f"Shopdesk runs here already (process {process.pid}): stop it first with make down."


def test_children_of_a_killed_run_are_ended_in_order(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import signal; signal.pause()"]
    children = {name: subprocess.Popen(command) for name in ("redis", "bot")}
    try:
        for name, child in children.items():
            remember(tmp_path, name, child.pid)
        assert down(tmp_path, ["gateway", "bot", "redis"]) == "Ended what an earlier run had left behind: bot, redis."
        assert all(child.poll() is not None for child in children.values())
        assert end_leftovers(tmp_path, ["bot", "redis"]) == []
    finally:
        for child in children.values():
            child.kill()
            child.wait()


def test_number_that_was_given_to_another_process_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "bot.pid").write_text(f"{os.getpid()} {psutil.Process().create_time() - 100}\n")
    assert end_leftovers(tmp_path, ["bot"]) == []
    assert not (tmp_path / "bot.pid").exists()
