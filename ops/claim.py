"""One `make up` a folder: a locked file that names the process, so that a stale one can never be mistaken for it."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.problem import Problem


@contextmanager
def claim(file: Path) -> Iterator[None]:
    """Hold `file` while the body runs; a `Problem` when another process holds it.

    The system releases the lock when its holder ends, however it ends.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _lock(descriptor):
            raise Problem(f"Shopdesk runs here already (process {_read(descriptor)}): stop it first with make down.")
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def holder(file: Path) -> int | None:
    """The process that holds `file` now; None when nobody does, whatever the file says."""
    try:
        descriptor = os.open(file, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        return None if _lock(descriptor) else _read(descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(descriptor: int) -> int | None:
    """The number that the holder writes as soon as it has the lock."""
    deadline = time.monotonic() + 1.0
    while not (text := os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()).isdigit():
        if time.monotonic() > deadline:
            return None
        time.sleep(0.01)
    return int(text)
