"""The rules of desk.yml: how people serve shoppers. Its mistakes are told with their line; nothing in it is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.components.yaml_lines import YamlLines
from web.desk.duty import WEEKDAYS, Duty, Shift, Span

FILE = Path(__file__).resolve().parents[2] / "desk.yml"
TOP = frozenset({"zone", "hours", "holidays", "shifts", "skills", "offers", "priorities", "clocks", "categories"})
NEEDED_SKILLS = frozenset({"general", "orders", "logistics", "after_sales", "promotions", "complaint", "english"})
LANGS = frozenset({"zh", "en"})
_SPAN = re.compile(r"([0-2]?\d):([0-5]\d)\s*[-–]\s*([0-2]?\d):([0-5]\d)$")


class RulesError(ValueError):
    """desk.yml cannot be used; the sentence names the file and the line."""

    code = "rules"


@dataclass(frozen=True)
class Offers:
    """How long an offer stands, when others are asked, when those who declined are asked again (seconds), and after how many
    missed ones an agent counts as away."""

    accept_s: int = 20
    overflow_s: int = 120
    again_s: int = 60
    missed: int = 2


@dataclass(frozen=True)
class Clocks:
    """How long a shopper waits for the first word and for each next one (seconds); `warn_at` is a percentage of that."""

    first_response_s: int = 1800
    complaint_first_response_s: int = 900
    round_s: int = 180
    warn_at: int = 80


Named = dict[str, dict[str, str]]


@dataclass(frozen=True)
class DeskRules:
    """All of desk.yml. `skills` and `categories` are ids with their names in both languages."""

    duty: Duty
    skills: Named
    offers: Offers
    priorities: dict[str, Any]
    clocks: Clocks
    categories: Named


def read_rules(path: Path = FILE) -> DeskRules:
    """The rules of a file. Raises `RulesError`."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RulesError(f"{path.name} cannot be read: {error}") from None
    return _Reader(path.name).rules(text)


class _Reader:
    def __init__(self, name: str) -> None:
        self._lines = YamlLines(name, RulesError)

    def rules(self, text: str) -> DeskRules:
        root = self._lines.root(text)
        parts = {name: node for name, _, node in self._lines.mapping(root, TOP)}
        for name in sorted(TOP - parts.keys()):
            raise self._lines.wrong(root, f"{name} is missing")
        duty = Duty(
            self._zone(parts["zone"]),
            self._hours(parts["hours"]),
            self._holidays(parts["holidays"]),
            self._shifts(parts["shifts"]),
        )
        skills = self._named(parts["skills"])
        for name in sorted(NEEDED_SKILLS - skills.keys()):
            raise self._lines.wrong(parts["skills"], f"the skill {name} is missing: conversations wait in it")
        return DeskRules(
            duty,
            skills,
            Offers(**self._numbers(parts["offers"], vars(Offers()), 1, 86_400)),
            self._priorities(parts["priorities"]),
            self._clocks(parts["clocks"]),
            self._named(parts["categories"]),
        )

    def _zone(self, node: Any) -> ZoneInfo:
        name = self._lines.text(node)
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise self._lines.wrong(node, f"there is no time zone {name}; one is Asia/Shanghai") from None

    def _hours(self, node: Any) -> dict[str, tuple[Span, ...]]:
        days = {name: self._spans(value) for name, _, value in self._lines.mapping(node, frozenset(WEEKDAYS))}
        for day in WEEKDAYS:
            if day not in days:
                raise self._lines.wrong(node, f"{day} is missing: give its hours, or [] when it is closed")
        return days

    def _holidays(self, node: Any) -> dict[date, tuple[Span, ...]]:
        found = {}
        for name, key, value in self._lines.mapping(node):
            try:
                found[date.fromisoformat(name)] = self._spans(value)
            except ValueError as error:
                if isinstance(error, RulesError):
                    raise
                raise self._lines.wrong(key, f"a day such as 2027-02-06 is needed here, not {name}") from None
        return found

    def _spans(self, node: Any) -> tuple[Span, ...]:
        spans = tuple(sorted((self._span(one) for one in self._lines.sequence(node)), key=lambda span: span.start))
        if any(later.start < earlier.until for earlier, later in pairwise(spans)):
            raise self._lines.wrong(node, "these hours overlap")
        return spans

    def _span(self, node: Any) -> Span:
        text = self._lines.text(node)
        if (found := _SPAN.match(text)) is not None:
            start, until = (int(found[n]) * 60 + int(found[n + 1]) for n in (1, 3))
            if start < until <= 1440:
                return Span(start, until)
        raise self._lines.wrong(node, f'hours such as "09:00-22:00" are needed here, not {text}')

    def _shifts(self, node: Any) -> tuple[Shift, ...]:
        return tuple(self._shift(one) for one in self._lines.sequence(node))

    def _shift(self, node: Any) -> Shift:
        known = frozenset({"name", "days", "hours", "agents"})
        parts = {name: value for name, _, value in self._lines.mapping(node, known)}
        for name in sorted(known - parts.keys()):
            raise self._lines.wrong(node, f"{name} is missing")
        days = [self._lines.text(day) for day in self._lines.sequence(parts["days"])]
        for day, one in zip(days, self._lines.sequence(parts["days"]), strict=True):
            if day not in WEEKDAYS:
                raise self._lines.wrong(one, f"{day} is no day, they are {', '.join(WEEKDAYS)}")
        agents = tuple(self._lines.text(agent) for agent in self._lines.sequence(parts["agents"]))
        return Shift(self._lines.text(parts["name"]), frozenset(days), self._span(parts["hours"]), agents)

    def _named(self, node: Any) -> Named:
        found = {}
        for name, _, value in self._lines.mapping(node):
            names = {lang: self._lines.text(text) for lang, _, text in self._lines.mapping(value, LANGS)}
            for lang in sorted(LANGS - names.keys()):
                raise self._lines.wrong(value, f"the name in {lang} is missing")
            found[name] = names
        return found

    def _priorities(self, node: Any) -> dict[str, Any]:
        parts = {name: value for name, _, value in self._lines.mapping(node)}
        levels = parts.pop("vip_levels", None)
        rules = frozenset({"angry", "complaint", "authority", "time_critical", "vip", "others_at_most"})
        for name in sorted(rules ^ parts.keys()):
            raise self._lines.wrong(node, f"{name} is {'missing' if name in rules else 'not known here'}")
        found: dict[str, Any] = {name: self._number(name, value, 0, 9) for name, value in parts.items()}
        if levels is None:
            raise self._lines.wrong(node, "vip_levels is missing")
        found["vip_levels"] = frozenset(self._lines.text(level) for level in self._lines.sequence(levels))
        return found

    def _clocks(self, node: Any) -> Clocks:
        clocks = Clocks(**self._numbers(node, vars(Clocks()), 1, 7 * 86_400))
        if clocks.warn_at >= 100:
            raise self._lines.wrong(node, "warn_at is a percentage below 100")
        return clocks

    def _numbers(self, node: Any, defaults: dict[str, Any], least: int, most: int) -> dict[str, int]:
        parts = self._lines.mapping(node, frozenset(defaults))
        return {name: self._number(name, value, least, most) for name, _, value in parts}

    def _number(self, name: str, node: Any, least: int, most: int) -> int:
        text = self._lines.text(node)
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise self._lines.wrong(node, f"{name} is {text}, but must be a number from {least} to {most}")
        return int(text)
