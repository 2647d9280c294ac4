"""Dated versions: exactly one holds on a day, and what is wrong in a file is named with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from terms.document import TermsError, Versions, read_versions

DAYS = frozenset({"days"})


def read(tmp_path: Path, text: str) -> Versions[int]:
    file = tmp_path / "some.yml"
    file.write_text(text, encoding="utf-8")
    return read_versions(file, DAYS, lambda part: part.whole("days"))


TWO = "versions:\n- {from: 2026-01-01, until: 2026-06-30, days: 7}\n- {from: 2026-07-01, days: 10}\n"


@pytest.mark.parametrize(
    ("day", "days"), [("2026-01-01", 7), ("2026-06-30", 7), ("2026-07-01", 10), ("2031-01-01", 10)]
)
def test_the_version_of_a_day(tmp_path: Path, day: str, days: int) -> None:
    assert read(tmp_path, TWO).on(date.fromisoformat(day)) == days


def test_a_day_without_terms_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TermsError, match=r"some\.yml: no version holds on 2025-12-31"):
        read(tmp_path, TWO).on(date(2025, 12, 31))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("versions: []", "line 1: there must be at least one version"),
        (TWO + "- {from: 2026-08-01, days: 9}", "line 4: the version from 2026-07-01 also holds on 2026-08-01"),
        (TWO + "- {from: 2025-01-01, until: 2026-01-01, days: 9}", "line 4: the version from 2026-01-01 also"),
        ("versions:\n- from: 2026-01-01\n  until: 2025-01-01\n  days: 7", "line 3: until 2025-01-01 lies before"),
        ("versions:\n- from: 2026-02-30\n  days: 7", "line 2: from must be a day"),
        ("versions:\n- from: 2026-01-01\n  days: seven", "line 3: days must be a whole number"),
        ("versions:\n- from: 2026-01-01\n  day: 7", "line 3: day is not known here"),
        ("versions:\n- from: 2026-01-01", "line 2: days is missing"),
        ("versions:\n- from: [", "this is not YAML"),
        ("", "line 1: names with values are needed here"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(TermsError, match=f"some.yml, {message}" if message.startswith("line") else message):
        read(tmp_path, text)
