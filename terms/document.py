"""Reads a file of terms: versions with the days from which and until which they hold. Its errors name the line.

A file is a list of versions under `versions`; each has `from`, perhaps `until` (both days belong to it), and the terms. Exactly
one version holds on a day: two on one day are refused when the file is read, none is an error when it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from bot.components.yaml_lines import YamlLines

T = TypeVar("T")
_WHOLE = re.compile(r"\d{1,5}$")
_YUAN = re.compile(r"(\d{1,9})(?:\.(\d{2}))?$")
DATES = frozenset({"from", "until"})


class TermsError(ValueError):
    """Terms that cannot be used; the sentence names the file, and the line where there is one."""

    code = "terms"


class Part:
    """Names with values of a file, read with a check each; what is not known or is missing is an error with its line."""

    def __init__(self, lines: YamlLines, node: Any, known: frozenset[str]) -> None:
        self._lines, self._node = lines, node
        self._values = {name: value for name, _, value in lines.mapping(node, known)}

    def has(self, name: str) -> bool:
        """Whether a name is there."""
        return name in self._values

    def node(self, name: str) -> Any:
        """The value of a name as it stands in the file."""
        if name not in self._values:
            raise self._lines.wrong(self._node, f"{name} is missing")
        return self._values[name]

    def part(self, name: str, known: frozenset[str]) -> Part:
        """Names with values under a name; every one of `known` may be there, no other."""
        return Part(self._lines, self.node(name), known)

    def day(self, name: str) -> date:
        """A day, as 2026-11-11."""
        text = self._lines.text(self.node(name))
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.wrong(name, f"{name} must be a day such as 2026-11-11, not {text}") from None

    def moment(self, name: str) -> date:
        """A day, or a moment with its zone, as 2026-11-10T20:00+08:00."""
        text = self._lines.text(self.node(name))
        if "T" not in text:
            return self.day(name)
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise self.wrong(name, f"{name} must be a moment such as 2026-11-10T20:00+08:00, not {text}")
        return found

    def whole(self, name: str) -> int:
        """A whole number from 0 to 99999."""
        text = self._lines.text(self.node(name))
        if not _WHOLE.match(text):
            raise self.wrong(name, f"{name} must be a whole number, not {text}")
        return int(text)

    def fen(self, name: str) -> int:
        """An amount in yuan (500 or 500.00), in fen."""
        text = self._lines.text(self.node(name))
        found = _YUAN.match(text)
        if not found:
            raise self.wrong(name, f"{name} must be an amount such as 500.00, not {text}")
        return int(found[1]) * 100 + int(found[2] or 0)

    def choice(self, name: str, choices: frozenset[str]) -> str:
        """One word of several."""
        text = self._lines.text(self.node(name))
        if text not in choices:
            raise self.wrong(name, f"{name} must be one of {', '.join(sorted(choices))}, not {text}")
        return text

    def text(self, name: str) -> str:
        """A word."""
        return self._lines.text(self.node(name))

    def words(self, name: str, choices: frozenset[str]) -> frozenset[str]:
        """Words of several, in any order."""
        return frozenset(self.list_of(name, choices))

    def free_part(self, name: str) -> Part:
        """Names with values under a name, whatever the names are."""
        names = [key for key, _, _ in self._lines.mapping(self.node(name))]
        return self.part(name, frozenset(names))

    @property
    def names(self) -> list[str]:
        """The names that are there, in their order."""
        return list(self._values)

    def list_of(self, name: str, choices: frozenset[str] | None) -> list[str]:
        """Words in their order, of several or any."""
        return self._list(self.node(name), choices)

    def lists_of(self, name: str, choices: frozenset[str]) -> list[list[str]]:
        """Lists of words."""
        return [self._list(item, choices) for item in self._lines.sequence(self.node(name))]

    def parts(self, name: str, known: frozenset[str]) -> list[Part]:
        """A list of which each item is names with values."""
        return [Part(self._lines, item, known) for item in self._lines.sequence(self.node(name))]

    def _list(self, node: Any, choices: frozenset[str] | None) -> list[str]:
        items = self._lines.sequence(node)
        for item in items:
            if choices is not None and self._lines.text(item) not in choices:
                raise self._lines.wrong(item, f"{item.value} is not known here, only {', '.join(sorted(choices))}")
        return [self._lines.text(item) for item in items]

    def wrong(self, name: str, what: str) -> ValueError:
        """The error to raise about the value of a name."""
        return self._lines.wrong(self.node(name), what)


@dataclass(frozen=True)
class Version(Generic[T]):
    """Terms that hold from `since` to `until`, both included; without an end when `until` is None."""

    since: date
    until: date | None
    terms: T

    def holds(self, day: date) -> bool:
        """Whether they hold on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Versions(Generic[T]):
    """All versions of a file, the earliest first; no day belongs to two."""

    file: str
    versions: tuple[Version[T], ...]

    def on(self, day: date) -> T:
        """The terms of a day; TermsError when none hold on it."""
        for version in self.versions:
            if version.holds(day):
                return version.terms
        raise TermsError(f"{self.file}: no version holds on {day.isoformat()}")


def read_versions(path: Path, known: frozenset[str], read: Callable[[Part], T]) -> Versions[T]:
    """The versions of a file. `known` are the names of its terms, `read` makes the terms of one version."""
    lines = YamlLines(path.name, TermsError)
    root = lines.root(path.read_text(encoding="utf-8"))
    nodes = lines.sequence(Part(lines, root, frozenset({"versions"})).node("versions"))
    parts = [Part(lines, node, known | DATES) for node in nodes]
    found: list[Version[T]] = []
    for part in parts:
        since, until = part.day("from"), part.day("until") if part.has("until") else None
        if until is not None and until < since:
            raise part.wrong("until", f"until {until} lies before from {since}")
        if other := next((one for one in found if _overlap(one, since, until)), None):
            raise part.wrong("from", f"the version from {other.since} also holds on {max(since, other.since)}")
        found.append(Version(since, until, read(part)))
    if not found:
        raise lines.wrong(root, "there must be at least one version")
    return Versions(path.name, tuple(sorted(found, key=lambda one: one.since)))


def _overlap(one: Version[Any], since: date, until: date | None) -> bool:
    return (until is None or one.since <= until) and (one.until is None or since <= one.until)
