"""Nothing is copied for debug lines that are not written."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TypeVar

import rasa.core.actions.forms
import rasa.core.processor

from bot.rasa_patches.patch import Patch

T = TypeVar("T")


def as_it_is(value: T) -> T:
    """The value itself. These modules of Rasa copy deeply for debug lines only."""
    return value


PATCHES = tuple(
    Patch(
        module, "copy", digest, SimpleNamespace(deepcopy=as_it_is), "nothing is copied for debug lines", reads=(module,)
    )
    for module, digest in ((rasa.core.processor, "f42dfbf26e2ffcb6"), (rasa.core.actions.forms, "7cb6c30550116597"))
)
