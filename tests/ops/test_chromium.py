"""A browser is found or got, or the run fails with a line that says what to do; it is never skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ops import chromium as module
from ops.chromium import chromium, runs
from ops.problem import Problem

WORKS = "print('Chromium 140')"
PLACEHOLDER = "import sys; sys.exit('please install the snap')"


def nothing() -> Iterator[Path]:
    """A source that has none."""
    return iter(())


def test_named_browser_is_taken(program: Callable[[str, str], Path]) -> None:
    path = program("chromium", WORKS)
    assert chromium({"CHROMIUM": str(path)}) == path


def test_named_browser_that_does_not_run_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"CHROMIUM is .* does not run"):
        chromium({"CHROMIUM": str(tmp_path / "missing")})


def test_placeholder_does_not_count(program: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    broken = program("bin/chromium-browser", PLACEHOLDER)
    works = program("bin/google-chrome", WORKS)
    monkeypatch.setenv("PATH", str(broken.parent))
    assert not runs(broken)
    assert chromium({}) == works


def test_fetches_one_when_none_is_there(program: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    fetched = program("fetched", WORKS)
    monkeypatch.setattr(module, "installed", nothing)
    monkeypatch.setattr(module, "from_playwright", lambda: iter([fetched]))
    assert chromium({}) == fetched


def test_asks_apt_when_the_fetched_one_does_not_run(
    program: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    works = program("apt", WORKS)
    monkeypatch.setattr(module, "installed", nothing)
    monkeypatch.setattr(module, "from_playwright", lambda: iter([program("broken", PLACEHOLDER)]))
    monkeypatch.setattr(module, "from_apt", lambda: iter([works]))
    assert chromium({}) == works


def test_fails_when_there_is_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    for source in ("installed", "from_playwright", "from_apt"):
        monkeypatch.setattr(module, source, nothing)
    with pytest.raises(Problem, match="install Chromium or Google Chrome"):
        chromium({})


def test_without_apt_nothing_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert module.apt() is None
    assert not module.apt_install("chromium")
    assert list(module.from_apt()) == []
