"""Only slots that a message may fill are looked at when slots are extracted."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from rasa.core.actions.action import ActionExtractSlots
from rasa.shared.core.domain import Domain
from rasa.shared.core.slot_mappings import SlotMapping
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_patches.copies import copy_slot
from bot.rasa_patches.patch import Patch

Mapping = dict[str, Any]
ANYTHING = "anything"


class DomainWithFewerSlots:
    """A domain, but for its slots; its actions can only be asked for."""

    def __init__(self, domain: Domain, slots: list[Slot]) -> None:
        self._domain, self.slots = domain, slots
        if "_names" not in domain.__dict__:
            domain.__dict__["_names"] = frozenset(domain.user_actions)
        self.user_actions: frozenset[str] = domain.__dict__["_names"]

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
    said = {f"intent {message.intent.get('name')}", ANYTHING}
    said.update(f"entity {entity['entity']}" for entity in message.entities)
    found = []
    for slot, mappings in _filled_by(domain):
        if may := [mapping for mapping, by in mappings if not said.isdisjoint(by)]:
            kept = copy_slot(slot)
            kept.mappings = may
            found.append(kept)
    return found


def _filled_by(domain: Domain) -> list[tuple[Slot, list[tuple[Mapping, frozenset[str]]]]]:
    """The slots with their mappings and what may fill by them; found once for a domain."""
    known: list[tuple[Slot, list[tuple[Mapping, frozenset[str]]]]] | None = domain.__dict__.get("_filled_by")
    if known is None:
        known = [(slot, [(mapping, _what_fills(mapping)) for mapping in slot.mappings]) for slot in domain.slots]
        domain.__dict__["_filled_by"] = known
    return known


def _what_fills(mapping: Mapping) -> frozenset[str]:
    kind = mapping.get("type")
    if kind == "custom":
        return frozenset({ANYTHING} if mapping.get("action") else ())
    if kind == "from_intent" and (wanted := mapping.get("intent")):
        return frozenset(f"intent {name}" for name in (wanted if isinstance(wanted, list) else (wanted,)))
    return frozenset({f"entity {mapping.get('entity')}" if kind == "from_entity" else ANYTHING})


_stock_run: Callable[..., Coroutine[Any, Any, list[Any]]] = ActionExtractSlots.run
PATCHES = (
    Patch(
        ActionExtractSlots, "run", "bdaa374f7c974553", extract_slots,
        "only slots that the message may fill are looked at", reads=(ActionExtractSlots, SlotMapping),
    ),
)  # fmt: skip
