"""What goes into the tracker is plain JSON from the start, so that one at hand and one that was read are the same."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np


def encode(value: Any) -> str:
    """A value as JSON. Raises `TypeError` for what JSON has no form for."""
    return msgspec.json.encode(value, enc_hook=_number).decode()


def plain(value: Any) -> Any:
    """A copy as it would be read from JSON: lists for tuples, Python's numbers and strings for numpy's."""
    return msgspec.json.decode(msgspec.json.encode(value, enc_hook=_number))


def _number(value: object) -> object:
    """Classifiers leave numpy's strings and numbers in what they have parsed."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot be kept in the tracker")
