"""Remembers which processes were started, so that those that outlived a killed `make up` can be ended."""

from __future__ import annotations

from pathlib import Path

import psutil

GRACE_S = 15.0


def remember(run: Path, name: str, pid: int) -> None:
    """Note down a process that was just started; its start time tells it from a later one with the same number."""
    try:
        started = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return
    _file(run, name).write_text(f"{pid} {started}\n", encoding="ascii")


def forget(run: Path, name: str) -> None:
    """The process has ended."""
    _file(run, name).unlink(missing_ok=True)


def end_leftovers(run: Path, order: list[str]) -> list[str]:
    """End what still runs of an earlier start, one after the other in `order`; returns the names of what was ended."""
    ended = []
    for name in order:
        process = _still_running(_file(run, name))
        if process is not None:
            process.terminate()
            try:
                process.wait(GRACE_S)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait(GRACE_S)
            ended.append(name)
        forget(run, name)
    return ended


def _still_running(file: Path) -> psutil.Process | None:
    try:
        pid, started = file.read_text(encoding="ascii").split()
        process = psutil.Process(int(pid))
        same = abs(process.create_time() - float(started)) < 0.02
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None


def _file(run: Path, name: str) -> Path:
    return run / f"{name}.pid"
