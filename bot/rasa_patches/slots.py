"""Only slots that a message may fill are looked at when slots are extracted."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from rasa.core.actions.action import ActionExtractSlots
from rasa.shared.core.domain import Domain
from rasa.shared.core.slot_mappings import SlotMapping
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_patches.patch import Patch
from bot.rasa_patches.trackers import copy_slot

Mapping = dict[str, Any]


class DomainWithFewerSlots:
    """A domain, but for its slots."""

    def __init__(self, domain: Domain, slots: list[Slot]) -> None:
        self._domain, self.slots = domain, slots

    def __getattr__(self, name: str) -> Any:
        return getattr(self._domain, name)


async def extract_slots(
    self: ActionExtractSlots, output_channel: Any, nlg: Any, tracker: DialogueStateTracker, domain: Domain
) -> list[Any]:
    """What a message fills slots with. Stock Rasa looks at every mapping of every slot, whatever was said."""
    return await _stock_run(
        self, output_channel, nlg, tracker, DomainWithFewerSlots(domain, may_be_filled(domain, tracker))
    )


def may_be_filled(domain: Domain, tracker: DialogueStateTracker) -> list[Slot]:
    """The slots that the latest message may fill, with the mappings by which it may."""
    message = tracker.latest_message
    if message is None:
        return list(domain.slots)
    intent = message.intent.get("name")
    entities = {entity["entity"] for entity in message.entities}
    found = []
    for slot in domain.slots:
        if mappings := [mapping for mapping in slot.mappings if _may_fill(mapping, intent, entities)]:
            kept = copy_slot(slot)
            kept.mappings = mappings
            found.append(kept)
    return found


def _may_fill(mapping: Mapping, intent: str | None, entities: set[str]) -> bool:
    kind = mapping.get("type")
    if kind == "custom":
        return bool(mapping.get("action"))
    if kind == "from_intent":
        wanted = mapping.get("intent")
        return not wanted or intent in (wanted if isinstance(wanted, list) else (wanted,))
    return kind != "from_entity" or mapping.get("entity") in entities


_stock_run: Callable[..., Coroutine[Any, Any, list[Any]]] = ActionExtractSlots.run
PATCHES = (
    Patch(
        ActionExtractSlots, "run", "bdaa374f7c974553", extract_slots,
        "only slots that the message may fill are looked at", reads=(ActionExtractSlots, SlotMapping),
    ),
)  # fmt: skip
