"""What one script touches lies in one slot."""

from __future__ import annotations

import re

from redis.crc import key_slot

from ledger.keys import Keys


def test_all_keys_of_a_conversation_share_a_slot() -> None:
    keys = Keys(shards=16)
    for cid in ("c1", "a-longer-id", "客户"):
        slots = {key_slot(key.encode()) for key in keys.for_scripts(cid) + [keys.waiting(keys.shard_of(cid), "orders")]}
        assert len(slots) == 1


def test_conversations_spread_over_the_shards() -> None:
    keys = Keys(shards=4)
    assert {keys.shard_of(f"c{n}") for n in range(50)} == {0, 1, 2, 3}


def test_scripts_name_as_many_keys_as_they_get() -> None:
    from ledger.store import script

    source, _ = script("append")
    assert max(int(n) for n in re.findall(r"KEYS\[(\d+)\]", source)) == len(Keys().for_scripts("c1"))
