"""The broad label of each fine intent, from `data/labels.yml`."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.components.sources import PROJECT

NO_SUBJECT = "other_in_domain"
"""The label of what fits no other: its intents have nothing in common and count one by one."""


def label_of_intents(path: Path = PROJECT / "data" / "labels.yml") -> dict[str, str]:
    """Label by intent."""
    labels = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {intent: label for label, intents in labels.items() for intent in intents}
