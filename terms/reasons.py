"""The reason of a decision: what was looked at, and which way it came out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """One check: its name, whether it speaks for the shopper, and the values that a sentence about it needs."""

    name: str
    holds: bool
    values: tuple[tuple[str, str | int], ...] = ()
