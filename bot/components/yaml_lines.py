"""Reads YAML files that trainers edit, and says in one sentence, with the line, what is wrong with one.

A file is read as it is written: a word is text even where YAML would see a number (618), a truth value (no) or a date.
"""

from __future__ import annotations

import re
from typing import Any

import yaml


def composed(text: str) -> Any:
    """The topmost node of a text: libyaml reads ten times as fast, and Python's own reader says better what is wrong."""
    try:
        return yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return yaml.compose(text, Loader=yaml.SafeLoader)


class YamlLines:
    """One file. `error` is the class of what is raised: its sentence begins with the file and the line."""

    def __init__(self, file: str, error: type[ValueError]) -> None:
        self.file, self._error = file, error

    def root(self, text: str) -> Any:
        """The topmost node of the file's text."""
        try:
            return composed(text)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise self._error(f"{self.file}, line {line}: this is not YAML ({error.problem})") from None
        except yaml.YAMLError as error:
            raise self._error(f"{self.file}: this is not YAML ({str(error).splitlines()[0]})") from None

    def mapping(self, node: Any, known: frozenset[str] | None = None) -> list[tuple[str, Any, Any]]:
        """Name, node of the name and node of the value for each part; without `known`, names are free."""
        if not isinstance(node, yaml.MappingNode):
            raise self.wrong(node, "names with values are needed here")
        parts: dict[str, tuple[str, Any, Any]] = {}
        for key, value in node.value:
            name = self.text(key)
            if name in parts:
                raise self.wrong(key, f"{name} stands here twice")
            if known is not None and name not in known:
                raise self.wrong(key, f"{name} is not known here, only {', '.join(sorted(known))}")
            parts[name] = (name, key, value)
        return list(parts.values())

    def sequence(self, node: Any) -> list[Any]:
        """The nodes of a list."""
        if not isinstance(node, yaml.SequenceNode):
            raise self.wrong(node, "a list is needed here")
        return list(node.value)

    def text(self, node: Any) -> str:
        """The text of a word."""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.wrong(node, "a word is needed here")
        return str(node.value).strip()

    def any_of(self, node: Any, flags: int = 0) -> re.Pattern[str]:
        """A list of patterns as one that finds any of them; each needs a limit where it repeats, and must not match nothing."""
        sources = []
        for item in self.sequence(node):
            source = self.text(item)
            try:
                empty = re.compile(source).search("")
            except re.error as error:
                raise self.wrong(item, f"the pattern {source} is wrong ({error})") from None
            if empty or re.search(r"(?<!\\)[*+]", source):
                raise self.wrong(
                    item, f"the pattern {source} needs a limit, such as {{0,9}}, and must not match nothing"
                )
            sources.append(f"(?:{source})")
        if not sources:
            raise self.wrong(node, "the list is empty")
        return re.compile("|".join(sources), flags)

    def wrong(self, node: Any, what: str) -> ValueError:
        """The error to raise about a node."""
        return self._error(f"{self.file}, line {line_of(node)}: {what}")


def line_of(node: Any) -> int:
    """The line in which a node begins; an empty file has no node, and its mistake stands in line 1."""
    return int(node.start_mark.line) + 1 if node is not None else 1
