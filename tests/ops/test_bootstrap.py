"""What is missing for setting up is told in one line that says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ops import bootstrap

ROOT = Path(__file__).resolve().parents[2]
NO_PYTHON = "import sys; sys.exit(2)"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of the repository, on a machine without pyenv."""
    (tmp_path / ".python-version").write_text("3.10\n")
    (tmp_path / "ops").mkdir()
    (tmp_path / "ops" / "requirements.txt").write_text("")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "UV_HOME", tmp_path / "var" / "uv")
    monkeypatch.setattr(bootstrap, "UV", tmp_path / "var" / "uv" / "bin" / "uv")
    monkeypatch.setattr(bootstrap, "FOLDERS", {"bot": tmp_path})
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return tmp_path


def last_line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err.splitlines()[-1]


def test_no_python_and_no_way_to_fetch_it(
    place: Path, program: Callable[[str, str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    program("var/uv/bin/uv", NO_PYTHON)
    program("var/uv/bin/python", NO_PYTHON)
    assert bootstrap.main("bot") == 1
    assert last_line(capsys) == (
        "Python 3.10 was not found and could not be fetched: install it with pyenv install 3.10, then run make again."
    )


def test_pyenvs_python_is_found_where_uv_does_not_see_it(place: Path, program: Callable[[str, str], Path]) -> None:
    program("var/uv/bin/uv", NO_PYTHON)
    found = program("pyenv/versions/3.10.13/bin/python", "print('3.10')")
    program("pyenv/versions/3.10.2/bin/python", NO_PYTHON)
    assert bootstrap.find_python(place, "3.10", dict(os.environ)) == str(found)


def test_no_git(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", str(place))
    assert bootstrap.main("uv") == 1
    assert last_line(capsys).startswith("git was not found: install git")


def test_no_venv(
    place: Path,
    program: Callable[[str, str], Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "executable", str(program("python3", NO_PYTHON)))
    assert bootstrap.main("uv") == 1
    assert last_line(capsys).startswith("python3 cannot make virtual environments: install venv and pip for it")


def test_mirror_that_pip_is_set_to_is_passed_on(
    place: Path, program: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_CONFIG_FILE", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    program("var/uv/bin/python", "print('https://mirror.example/simple')")
    assert bootstrap.uv_environment()["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://chosen.example/simple")
    assert bootstrap.uv_environment()["UV_DEFAULT_INDEX"] == "https://chosen.example/simple"


def test_both_environments_have_the_root_on_their_path() -> None:
    for python in (ROOT / ".venv/bin/python", ROOT / "web/.venv/bin/python"):
        code = "import ledger; print(ledger.__path__[0])"
        asked = subprocess.run([str(python), "-c", code], cwd="/", capture_output=True, text=True, check=True)
        assert Path(asked.stdout.strip()) == ROOT / "ledger"


def test_make_alone_lists_every_target() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    targets = [line.split()[1] for line in listed.splitlines()]
    assert targets == [
        "help",
        "up",
        "down",
        "logs",
        "train",
        "eval",
        "shell",
        "check",
        "test",
        "bench",
        "conform",
        "clean",
    ]
    described = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name in targets if f"`make {name}`" not in described] == []
