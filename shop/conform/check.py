"""A named check, and the two ways in which it can end other than well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shop.conform.subject import Subject


class Broken(Exception):
    """The shop did something else than the contract says: what was sent, what came, and where it differs."""

    def __init__(self, sent: str, came: str, *found: str) -> None:
        super().__init__(sent, came, found)
        self.sent = sent
        self.came = came
        self.found = found


class NotRun(Exception):
    """The check could not be made; the text says what it lacked."""


class Unreachable(Exception):
    """There is nothing to check: no answer, or the key is not accepted. The text is the one line that is shown."""


@dataclass(frozen=True)
class Check:
    """`rule` is what the contract says, `advice` what to do when it is broken; `run` raises Broken or NotRun."""

    name: str
    rule: str
    advice: str
    run: Callable[[Subject], None]
