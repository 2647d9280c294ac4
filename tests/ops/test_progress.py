"""Progress is one line in a terminal and a line a step in a file."""

from __future__ import annotations

import io

import pytest

from ops.progress import Progress, clock, fit


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


async def test_file_gets_a_line_for_each_step_and_none_for_details() -> None:
    output = io.StringIO()
    progress = Progress(output)
    async with progress.shown():
        progress.step("bot", "training the model", "epoch 1 of 2")
        progress.step("bot", "training the model", "epoch 2 of 2")
        progress.step("bot", "ready")
    assert output.getvalue() == "  bot: training the model (0:00)\n  bot: ready (0:00)\n"


async def test_terminal_line_is_rewritten_and_taken_away() -> None:
    output = Terminal()
    progress = Progress(output)
    async with progress.shown():
        progress.step("redis", "ready")
        progress.step("bot", "training the model", "epoch 2 of 9")
    written = output.getvalue()
    assert "\n" not in written
    assert "0:00   redis: ready   bot: training the model, epoch 2 of 9" in written
    assert written.endswith("\r\x1b[K")


def test_terminal_that_has_gone_is_no_error() -> None:
    output = io.StringIO()
    progress = Progress(output)
    output.close()
    progress.step("bot", "ready")


@pytest.mark.parametrize(
    ("line", "columns", "shown"),
    [
        ("short", 10, "short"),
        ("exactly-10", 10, "exactly-10"),
        ("eleven-char", 10, "eleven-ch…"),
        ("我的订单", 6, "我的…"),
    ],
)
def test_line_never_wraps(line: str, columns: int, shown: str) -> None:
    assert fit(line, columns) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (65.9, "1:05"), (3600, "60:00")])
def test_clock(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown
