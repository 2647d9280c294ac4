"""The audit trail: entries stay as they were written, in their order, found by conversation."""

from __future__ import annotations

from ledger import Ledger
from ledger.audit import AuditTrail


async def test_entries_are_found_by_conversation_in_their_order(ledger: Ledger) -> None:
    trail = AuditTrail(ledger)
    for outcome in ("asked", "done"):
        await trail.note("c1", {"conversation": "c1", "key": "c1:m1:cancel", "outcome": outcome})
    await trail.note("c2", {"conversation": "c2", "key": "c2:m1:cancel", "outcome": "asked"})
    assert [one["outcome"] for one in await trail.entries("c1")] == ["asked", "done"]


async def test_a_noted_entry_is_never_changed_by_another(ledger: Ledger) -> None:
    trail = AuditTrail(ledger)
    same = {"conversation": "c1", "key": "c1:m1:return", "outcome": "asked"}
    await trail.note("c1", same)
    await trail.note("c1", same)
    assert await trail.entries("c1") == [same, same]
