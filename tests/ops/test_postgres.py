"""A PostgreSQL is found or got, or the run fails with a line that says what to do; it is never skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ops import postgres as module
from ops.postgres import postgres, runs
from ops.problem import Problem

WORKS = "print('PostgreSQL 17')"
BROKEN = "import sys; sys.exit('a library is missing')"
Program = Callable[[str, str], Path]


def folder_with(program: Program, name: str, server: str = WORKS) -> Path:
    """A folder that has both programs."""
    program(f"{name}/initdb", WORKS)
    return program(f"{name}/postgres", server).parent


def nothing() -> Iterator[Path]:
    """A source that has none."""
    return iter(())


def test_named_folder_is_taken(program: Program) -> None:
    folder = folder_with(program, "own")
    assert postgres({"POSTGRES_BIN": str(folder)}) == folder


def test_named_folder_without_a_server_is_a_problem(program: Program) -> None:
    folder = program("half/initdb", WORKS).parent
    with pytest.raises(Problem, match=r"POSTGRES_BIN is .* no PostgreSQL runs"):
        postgres({"POSTGRES_BIN": str(folder)})


def test_the_one_on_the_path_is_taken(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_with(program, "bin")
    monkeypatch.setenv("PATH", str(folder))
    assert postgres({}) == folder.resolve()


def test_newest_of_debian_that_runs_is_taken(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder_with(program, "debian/9.6/bin")
    fifteen = folder_with(program, "debian/15/bin")
    broken = folder_with(program, "debian/17/bin", BROKEN)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(module, "DEBIAN", tmp_path / "debian")
    assert not runs(broken)
    assert [path.parent.name for path in module.installed()][:3] == ["17", "15", "9.6"]
    assert postgres({}) == fifteen


def test_fetches_one_when_none_is_there(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_with(program, "apt")
    monkeypatch.setattr(module, "installed", nothing)
    monkeypatch.setattr(module, "from_apt", lambda: iter([folder]))
    assert postgres({}) == folder


def test_fails_when_there_is_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "installed", nothing)
    monkeypatch.setattr(module, "from_apt", nothing)
    with pytest.raises(Problem, match="install the package postgresql"):
        postgres({})


def test_without_apt_nothing_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list(module.from_apt()) == []
