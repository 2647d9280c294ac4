"""What a patch of Rasa is."""

from __future__ import annotations

import inspect
from hashlib import sha256
from typing import Any, NamedTuple


class Patch(NamedTuple):
    """Something of Rasa's, the digest of the source that was read, what stands in for it, and what that brings.

    `reads` is what the digest is of where that is not just what is replaced.
    """

    owner: Any
    name: str
    digest: str
    made: Any
    gain: str
    reads: tuple[Any, ...] = ()

    @property
    def title(self) -> str:
        """How it is called in tables and messages."""
        return f"{self.owner.__name__.rpartition('.')[2]}.{self.name}"


def digest_of(*sources: Any) -> str:
    """The digest of the source of functions, classes or modules."""
    return sha256("".join(map(inspect.getsource, sources)).encode()).hexdigest()[:16]
