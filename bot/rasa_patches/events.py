"""An event's class is remembered by its name."""

from __future__ import annotations

from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

from bot.rasa_patches.patch import Patch

_classes: dict[str, type[Event]] = {}


def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """An event's class by the name of its type. Stock Rasa walks all subclasses for each event of a tracker that it reads."""
    known = _classes.get(type_name)
    if known is not None:
        return known
    for kind in all_subclasses(Event):
        if kind.type_name == type_name:
            _classes[type_name] = kind
            return kind
    if type_name == "topic":
        return None  # an event of old trackers, as in stock Rasa
    if default is not None:
        return default
    raise ValueError(f"Unknown event name '{type_name}'.")


PATCHES = (
    Patch(
        Event, "resolve_by_type", "b5cf570fa7f286c7", staticmethod(resolve_by_type),
        "an event's class is remembered by its name",
    ),
)  # fmt: skip
