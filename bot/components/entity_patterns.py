"""Reads `data/entities/<entity>.yml`: the values of an entity and the wordings of each, in Chinese and English.

    values:
      SF: {zh: [顺丰], en: [sf express]}
      --<month>-<day>: {zh: [<month>月<day>号], en: []}
    exceptions: {zh: [顺丰车]}

A placeholder in angle brackets stands for one number or name (`entity_pieces.PLACEHOLDERS`); what it was goes into the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

from bot.components.entity_pieces import PLACEHOLDERS, pieces_of
from bot.components.normaliser import normalise, simplified_characters
from bot.components.yaml_lines import YamlLines, line_of

LANGUAGES = frozenset({"zh", "en"})
_PLACEHOLDER = re.compile(r"<([^<>]*)>")


class EntityFileError(ValueError):
    """A pattern file cannot be used; the sentence names the file and the line."""

    code = "entity_file"


@dataclass(frozen=True)
class Slot:
    """The place of a placeholder in a wording."""

    name: str


Part = Union[str, Slot]


@dataclass(frozen=True)
class Wording:
    """One way to say a value: words and placeholders. Where `value` is None it is an exception."""

    entity: str
    value: str | None
    text: str
    parts: tuple[Part, ...]
    where: str

    @property
    def has_slots(self) -> bool:
        """Whether it is more than fixed words."""
        return any(isinstance(part, Slot) for part in self.parts)

    def filled(self, fills: dict[str, str]) -> str:
        """The value with the text of each placeholder."""
        return _PLACEHOLDER.sub(lambda match: fills[match.group(1)], self.value or "")


def wordings(folder: Path) -> list[Wording]:
    """The wordings of all files of a folder. No two values have the same wording."""
    found: list[Wording] = []
    owners: dict[tuple[Part, ...], Wording] = {}
    for path in sorted(folder.glob("*.yml")):
        for wording in _wordings_of(path):
            owner = owners.setdefault(wording.parts, wording) if wording.value is not None else wording
            if owner is not wording:
                raise EntityFileError(f"{wording.where}: {wording.text} stands in {owner.where} already")
            found.append(wording)
    if not found:
        raise EntityFileError(f"{folder.name} has no pattern files")
    return found


def _wordings_of(path: Path) -> Iterator[Wording]:
    lines = YamlLines(path.name, EntityFileError)
    root = lines.root(path.read_text(encoding="utf-8"))
    parts = {name: node for name, _, node in lines.mapping(root, frozenset({"values", "exceptions"}))}
    if "values" not in parts:
        raise lines.wrong(root, "values are missing")
    values = lines.mapping(parts["values"])
    if not values:
        raise lines.wrong(parts["values"], "values are missing")
    for value, key, node in values:
        before = _placeholders(lines, key, value)
        listed = list(_listed(lines, node, path.stem, value))
        if not listed:
            raise lines.wrong(key, f"{value} has no wording")
        for wording, where in listed:
            missing = before - {part.name for part in wording.parts if isinstance(part, Slot)}
            if missing:
                raise lines.wrong(where, f"{wording.text} has no <{min(missing)}>, which the value needs")
            yield wording
    for wording, _ in _listed(lines, parts["exceptions"], path.stem, None) if "exceptions" in parts else ():
        yield wording


def _listed(lines: YamlLines, node: Any, entity: str, value: str | None) -> Iterator[tuple[Wording, Any]]:
    for _, _, listed in lines.mapping(node, LANGUAGES):
        for item in lines.sequence(listed):
            text = normalise(lines.text(item), simplified_characters()).text
            where = f"{lines.file}, line {line_of(item)}"
            yield Wording(entity, value, text, tuple(_parts(lines, item, text)), where), item


def _parts(lines: YamlLines, node: Any, text: str) -> Iterator[Part]:
    _placeholders(lines, node, text)
    done = 0
    seen: set[str] = set()
    for match in _PLACEHOLDER.finditer(text):
        yield from (piece.word for piece in pieces_of(text[done : match.start()]))
        if match.group(1) in seen:
            raise lines.wrong(node, f"<{match.group(1)}> stands in {text} twice")
        seen.add(match.group(1))
        yield Slot(match.group(1))
        done = match.end()
    yield from (piece.word for piece in pieces_of(text[done:]))


def _placeholders(lines: YamlLines, node: Any, text: str) -> set[str]:
    names = set(_PLACEHOLDER.findall(text))
    unknown = names - PLACEHOLDERS
    if unknown:
        known = ", ".join(sorted(PLACEHOLDERS))
        raise lines.wrong(node, f"<{min(unknown)}> is no placeholder, only {known}")
    return names
