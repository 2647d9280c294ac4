"""Everything is collected when there is garbage, and not because shoppers come."""

from __future__ import annotations

import asyncio
import gc
import mmap

import pytest

from ledger.garbage import MOST_BYTES, NEVER, Garbage, resident_bytes

SOCKET_BYTES = 36_000
START = 60_000_000


class Process:
    """One that is told what it holds."""

    def __init__(self) -> None:
        self.sockets, self.bytes, self.collected = 0, START, 0
        self.garbage = Garbage(lambda: self.sockets, SOCKET_BYTES, lambda: self.bytes, self._collect)

    def _collect(self) -> None:
        self.collected += 1

    def come(self, count: int) -> None:
        self.sockets += count
        self.bytes += count * SOCKET_BYTES


@pytest.fixture
def process() -> Process:
    return Process()


def test_shoppers_who_come_are_no_garbage(process: Process) -> None:
    for _ in range(50):
        process.come(100)
        assert not process.garbage.look()
    assert process.collected == 0


def test_what_those_who_left_leave_behind_is_collected(process: Process) -> None:
    process.come(5_000)
    assert not process.garbage.look()
    process.sockets -= 1_000
    assert not process.garbage.look(), "little enough to leave it"
    process.sockets -= 1_000
    assert process.garbage.look()
    assert not process.garbage.look(), "what is not given back to the system is not looked for again"
    assert process.collected == 1


def test_coming_and_going_is_collected_once_it_is_much(process: Process) -> None:
    process.come(1_000)
    while not process.garbage.look():
        process.bytes += 1_000_000
        assert process.bytes <= START + 1_000 * SOCKET_BYTES + MOST_BYTES + 1_000_000
    assert process.collected == 1


async def test_python_does_not_look_through_everything_by_itself() -> None:
    before = gc.get_threshold()
    garbage = Garbage(lambda: 0, 1)
    try:
        garbage.start()
        assert gc.get_threshold() == (*before[:2], NEVER)
        assert gc.get_freeze_count() > 0
        await garbage.stop()
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


async def test_where_the_system_does_not_tell_python_goes_on_as_ever() -> None:
    before = gc.get_threshold()
    try:
        Garbage(lambda: 0, 1, lambda: 0).start()
        await asyncio.sleep(0)
        assert gc.get_threshold() == before
    finally:
        gc.unfreeze()


def test_the_system_tells_what_is_held() -> None:
    held = resident_bytes()
    with mmap.mmap(-1, 20_000_000) as more:  # not memory that the process has had before
        more.write(b"x" * 20_000_000)
        assert resident_bytes() - held > 15_000_000
