"""Reads the word lists of `data/anger.yml`, and says in one sentence what is wrong with them.

The file is read as it is written: a word is text even where YAML would see a number (12315) or a truth value (no).
Patterns must have an upper bound on the ways in which they can match, so that no message takes long.
"""

from __future__ import annotations

import re
import sre_parse
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import yaml

from bot.components.yaml_lines import composed

MOST_WAYS = 2000
# English patterns are whole words. Per cent signs stand for the patterns.
_FRAMES = {"zh": "(?:%s)", "en": r"(?<![a-z0-9])(?:%s)(?![a-z0-9])"}


class AngerFileError(ValueError):
    """The word lists cannot be used; the sentence names the line, and the kind where there is one."""

    code = "anger_file"


@dataclass(frozen=True)
class Kind:
    """One kind of anger. A find of it that is negated does not count, unless `negatable` is off."""

    name: str
    weight: float
    negatable: bool
    words: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    exceptions: tuple[str, ...]


@dataclass(frozen=True)
class Sign:
    """Punctuation or shouting: looked for in the text with its capitals."""

    weight: float
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class WordLists:
    """What the file says."""

    annoyed: float
    angry: float
    kinds: tuple[Kind, ...]
    signs: tuple[Sign, ...]
    negation: re.Pattern[str]
    still_meant: re.Pattern[str]
    harmless_after: re.Pattern[str]
    praise: re.Pattern[str]


def word_lists(path: Path) -> WordLists:
    """Reads and checks a file."""
    try:
        root = composed(path.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise AngerFileError(f"{path.name}, line {line}: this is not YAML ({error.problem})") from None
    return _Reader(path.name).lists(root)


class _Reader:
    """Walks the nodes of one file, because nodes know their lines."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._owners: dict[str, str] = {}

    def lists(self, root: Any) -> WordLists:
        listed = {"negation", "still_meant", "harmless_after", "praise"}
        parts = self._mapping(root, "the file", {"levels", "kinds", "punctuation"} | listed)
        levels = self._mapping(parts["levels"], "levels", {"annoyed", "angry"})
        annoyed = self._weight(levels["annoyed"], "levels, annoyed")
        angry = self._weight(levels["angry"], "levels, angry")
        if angry <= annoyed:
            raise self._wrong(levels["angry"], "levels", "angry must be more than annoyed")
        return WordLists(
            annoyed,
            angry,
            tuple(self._kind(name, node) for name, node in self._mapping(parts["kinds"], "kinds").items()),
            tuple(self._sign(name, node) for name, node in self._mapping(parts["punctuation"], "punctuation").items()),
            self._joined(parts["negation"], "negation", "(?:%s)$"),
            self._joined(parts["still_meant"], "still_meant", "(?:%s)"),
            self._joined(parts["harmless_after"], "harmless_after", "(?:%s)"),
            self._joined(parts["praise"], "praise", "(?<![a-z])(?:%s)"),
        )

    def _kind(self, name: str, node: Any) -> Kind:
        where = f"kind {name}"
        optional = {"words", "patterns", "exceptions", "negatable"}
        parts = self._mapping(node, where, {"weight"}, optional)
        words = [self._word(item, name) for _, item in self._by_language(parts.get("words"), where)]
        sources: dict[str, list[str]] = {}
        for language, item in self._by_language(parts.get("patterns"), where):
            sources.setdefault(language, []).append(self._pattern(item, where).pattern)
        patterns = [re.compile(_FRAMES[language] % "|".join(listed)) for language, listed in sources.items()]
        exceptions = [self._text(item, where).lower() for item in self._sequence(parts.get("exceptions"), where)]
        if not words and not patterns:
            raise self._wrong(node, where, "it has neither words nor patterns")
        negatable = self._text(parts["negatable"], where) if "negatable" in parts else "true"
        if negatable not in ("true", "false"):
            raise self._wrong(parts["negatable"], where, "negatable must be true or false")
        weight = self._weight(parts["weight"], where)
        return Kind(name, weight, negatable == "true", tuple(words), tuple(patterns), tuple(exceptions))

    def _word(self, node: Any, kind: str) -> str:
        word = self._text(node, f"kind {kind}").lower()
        if not word.rstrip("*"):
            raise self._wrong(node, f"kind {kind}", "a word is empty")
        if word in self._owners:
            raise self._wrong(node, f"kind {kind}", f"{word} stands in kind {self._owners[word]} already")
        self._owners[word] = kind
        return word

    def _sign(self, name: str, node: Any) -> Sign:
        where = f"punctuation {name}"
        parts = self._mapping(node, where, {"weight", "pattern"})
        return Sign(self._weight(parts["weight"], where), self._pattern(parts["pattern"], where))

    def _joined(self, node: Any, where: str, frame: str) -> re.Pattern[str]:
        listed = self._sequence(node, where)
        if not listed:
            raise self._wrong(node, where, "it has no patterns")
        return re.compile(frame % "|".join(self._pattern(item, where).pattern for item in listed))

    def _pattern(self, node: Any, where: str) -> re.Pattern[str]:
        source = self._text(node, where)
        try:
            compiled, most = re.compile(source), ways(sre_parse.parse(source))
        except (re.error, OverflowError) as error:
            raise self._wrong(node, where, f"the pattern {source} is wrong ({error})") from None
        if most > MOST_WAYS:
            raise self._wrong(node, where, f"the pattern {source} could take long; give its repetitions smaller limits")
        if compiled.search(""):
            raise self._wrong(node, where, f"the pattern {source} matches an empty text")
        return compiled

    def _by_language(self, node: Any, where: str) -> Iterator[tuple[str, Any]]:
        if node is None:
            return
        for language, listed in self._mapping(node, where, set(), set(_FRAMES)).items():
            for item in self._sequence(listed, where):
                yield language, item

    def _weight(self, node: Any, where: str) -> float:
        try:
            weight = float(self._text(node, where))
        except ValueError:
            weight = 0.0
        if not (isfinite(weight) and weight > 0):
            raise self._wrong(node, where, "a number above 0 is needed here")
        return weight

    def _text(self, node: Any, where: str) -> str:
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self._wrong(node, where, "a word is needed here")
        return str(node.value).strip()

    def _sequence(self, node: Any, where: str) -> list[Any]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            raise self._wrong(node, where, "a list is needed here")
        return list(node.value)

    def _mapping(
        self, node: Any, where: str, needed: set[str] | None = None, optional: set[str] | None = None
    ) -> dict[str, Any]:
        """The parts of a mapping; without `needed`, the names are free but there must be one."""
        if not isinstance(node, yaml.MappingNode):
            raise self._wrong(node, where, "names with values are needed here")
        parts: dict[str, Any] = {}
        for key, value in node.value:
            name = self._text(key, where)
            if name in parts:
                raise self._wrong(key, where, f"{name} stands here twice")
            if needed is not None and name not in needed | (optional or set()):
                known = ", ".join(sorted(needed | (optional or set())))
                raise self._wrong(key, where, f"{name} is not known here, only {known}")
            parts[name] = value
        missing = sorted((needed or set()) - parts.keys())
        if missing or (needed is None and not parts):
            raise self._wrong(node, where, f"{', '.join(missing) or 'everything'} is missing")
        return parts

    def _wrong(self, node: Any, where: str, what: str) -> AngerFileError:
        line = node.start_mark.line + 1 if node is not None else 1
        return AngerFileError(f"{self._file}, line {line}, {where}: {what}")


def ways(parsed: Any, repeated: bool = False) -> float:
    """An upper bound on the ways in which a parsed pattern can match at one place; infinite when it has no limit."""
    total = 1.0
    for code, argument in parsed:
        name = str(code)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            least, most, inner = argument
            if most == sre_parse.MAXREPEAT:
                return float("inf")
            each = ways(inner, repeated or most > 1)
            total *= sum(each**count for count in range(int(least), int(most) + 1))
        elif name == "BRANCH":
            arms = [ways(arm, repeated) for arm in argument[1]]
            total *= sum(arms) if repeated else max(arms)
        elif name == "SUBPATTERN":
            total *= ways(argument[-1], repeated)
        elif name in ("ASSERT", "ASSERT_NOT"):
            total *= ways(argument[1], repeated)
        elif name in ("GROUPREF", "GROUPREF_EXISTS"):
            return float("inf")
    return total
