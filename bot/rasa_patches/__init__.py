"""What is made quicker in Rasa 3.6.21 without changing an answer.

Each patch says why, and stands beside the digest of what was read to write it: a Rasa that was changed underneath is left alone,
loudly, and fails a test. What each brings is measured by `python -m bench.turns`.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Collection
from typing import Any

from bot.rasa_patches import (
    actions,
    answers,
    applied,
    copies,
    events,
    forms,
    graph,
    log_lines,
    predictions,
    rules,
    slots,
    tracker_json,
)
from bot.rasa_patches.patch import Patch, digest_of

__all__ = ["PATCHES", "Patch", "apply", "fits", "undo"]

logger = logging.getLogger(__name__)
PATCHES: tuple[Patch, ...] = tuple(
    patch
    for part in (
        actions,
        answers,
        applied,
        copies,
        events,
        forms,
        graph,
        log_lines,
        predictions,
        rules,
        slots,
        tracker_json,
    )
    for patch in part.PATCHES
)
_NOTHING = object()
_stock: dict[str, Any] = {patch.title: inspect.getattr_static(patch.owner, patch.name, _NOTHING) for patch in PATCHES}


def fits(patch: Patch) -> bool:
    """Whether Rasa is still the one that the patch was written for."""
    return digest_of(*patch.reads or (_stock[patch.title],)) == patch.digest


def apply(titles: Collection[str] | None = None) -> None:
    """Puts the patches in, or only those named; harmless when they are."""
    for patch in PATCHES:
        if titles is not None and patch.title not in titles:
            continue
        if not fits(patch):
            logger.error("Rasa's %s is not the one of 3.6.21: it stays as it is, and slow", patch.title)
            continue
        setattr(patch.owner, patch.name, patch.made)


def undo() -> None:
    """Stock Rasa again, for comparison."""
    for patch in PATCHES:
        if (stock := _stock[patch.title]) is not _NOTHING:
            setattr(patch.owner, patch.name, stock)
        elif patch.name in vars(patch.owner):
            delattr(patch.owner, patch.name)
