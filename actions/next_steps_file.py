"""What an agent is advised to do first, from `data/next_steps.yml`, which trainers edit; read when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from actions.skills import COMPLAINT, SKILLS
from actions.topics import TOPICS
from actions.wording import LANGUAGES, InBoth
from bot.components.yaml_lines import YamlLines

FILE = Path(__file__).resolve().parents[1] / "data/next_steps.yml"
RULES = frozenset(
    "asked angry complaint authority failed rejected unclear asked_again answered_again".split(),
)
"""The rules of bot/escalation_rules.py."""
# Complaints have a topic too.
KNOWN = {"by_rule": RULES, "by_topic": frozenset(TOPICS), "by_skill": frozenset(SKILLS) - {COMPLAINT}}


class NextStepsError(ValueError):
    """The file cannot be used; the sentence names the line."""

    code = "next_steps_file"


@dataclass(frozen=True)
class NextSteps:
    """Advice by the rule that asked for a person, by the topic, and by the queue where no topic is known."""

    by_rule: dict[str, InBoth]
    by_topic: dict[str, InBoth]
    by_skill: dict[str, InBoth]


def next_steps() -> NextSteps:
    """The file's advice. Raises NextStepsError."""
    return _read(FILE)


@cache
def _read(path: Path) -> NextSteps:
    lines = YamlLines(path.name, NextStepsError)
    root = lines.root(path.read_text(encoding="utf-8"))
    parts = {name: node for name, _, node in lines.mapping(root, frozenset(KNOWN))}
    if missing := sorted(set(KNOWN) - set(parts)):
        raise lines.wrong(root, f"{missing[0]} is missing")
    found = {name: _advice(lines, node, KNOWN[name]) for name, node in parts.items()}
    if missing := sorted(KNOWN["by_skill"] - set(found["by_skill"])):
        raise lines.wrong(parts["by_skill"], f"{missing[0]} is missing")
    return NextSteps(**found)


def _advice(lines: YamlLines, node: Any, known: frozenset[str]) -> dict[str, InBoth]:
    found: dict[str, InBoth] = {}
    for name, key, value in lines.mapping(node, known):
        found[name] = {lang: lines.text(text) for lang, _, text in lines.mapping(value, frozenset(LANGUAGES))}
        if missing := [lang for lang in LANGUAGES if lang not in found[name]]:
            raise lines.wrong(key, f"{name} needs a sentence in {missing[0]}")
    return found
