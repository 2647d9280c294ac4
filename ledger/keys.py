"""Every Redis key of Shopdesk: its shape, type, owner and expiry. No key is spelled anywhere else.

| key | type | holds | written by | expires |
|---|---|---|---|---|
| `sd:{s<n>}:c:<cid>` | hash | the conversation's state (`store.py` names the fields) | scripts | 30 days after the last change |
| `sd:{s<n>}:c:<cid>:log` | stream | one entry a message, change of mode, note or rating | scripts | with it |
| `sd:{s<n>}:c:<cid>:mids` | hash | message id of a client → entry id, so that a resend is harmless | scripts | with it |
| `sd:{s<n>}:c:<cid>:choices` | hash | id of an offered button → `{"label","payload"}` | commit_turn.lua | with it |
| `sd:{s<n>}:c:<cid>:events` | stream | Rasa's tracker events, one entry a committed turn | commit_turn.lua | with it |
| `sd:{s<n>}:turns` | stream | "this conversation has something unread", group `bot` | scripts | entries are deleted once done |
| `sd:{s<n>}:waiting:<skill>` | sorted set | who waits, first first (`place` in `common.lua`) | scripts | never; members leave |
| `sd:{s<n>}:queue` | sorted set | the same of all skills | scripts | never; members leave |
| `sd:{s<n>}:leases` | sorted set | conversations held by an agent → when the lease ends (ms) | scripts | never; members leave |
| `sd:{s<n>}:waits:<skill>` | sorted set | who was claimed in the last hour → when (ms) | claim.lua | an hour after the last claim |
| `sd:{s<n>}:records` | stream | "keep this for good", group `desk` | scripts | entries are deleted once kept |
| `sd:{s<n>}:requests` | stream | what the desk asks of the bot, group `bot` (`requests.py`) | desk | entries are deleted once answered |
| `sd:{s<n>}:answer:<id>` | list | the bot's answer to one of them | bot | a minute |
| `sd:{s<n>}:sent:<key>` | string | the change that was sent to the shop under a key (`sent.py`) | bot | a day |
| `sd:{s<n>}:audit` | stream | one entry a step of a change that was made for a shopper | `audit.py` | entries after 400 days |
| `sd:{s<n>}:wake` | channel | wakes readers up: see `wake.py` | scripts | – |
| `sd:agents` | hash | agent → who and how they are on duty (`roster.py`) | desk | never; one field an agent |
| `sd:seen` | sorted set | agent → when a desk last heard of them (ms) | desk | never; one member an agent |
| `sd:desk` | channel | tells every desk that the roster has changed | desk | – |
| `sd:served:<who>` | string | who served this shopper last | desk | a day |
| `sd:looking:<cid>` | sorted set | agents who have it open → when that was last said (ms) | desk | 30 s after the last |
| `sd:proofs:<cid>` | hash | order → the phone's ending that an agent proved it by | desk | an hour after the last |
| `sd:leader` | string | which desk dispatches | desk | three seconds |
| `sd:opened:<address>` | string | sessions opened from an address in this minute | gateway | a minute |

`n = crc32(cid) mod SHARDS`. What one script touches lies in one slot, so the same code runs on Redis Cluster.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

CONVERSATION_TTL_S = 30 * 24 * 3600
AUDIT_TTL_S = 400 * 24 * 3600
SENT_TTL_S = 24 * 3600
GROUP = "bot"
DESK_GROUP = "desk"
SERVED_TTL_S = 24 * 3600


@dataclass(frozen=True)
class Keys:
    """Names the keys of one installation; `shards` must not change while conversations are alive."""

    shards: int = 1
    prefix: str = "sd"

    def shard_of(self, cid: str) -> int:
        """The number of the shard that a conversation lives in."""
        return zlib.crc32(cid.encode()) % self.shards

    def _shard(self, shard: int) -> str:
        return f"{self.prefix}:{{s{shard}}}"

    def conversation(self, cid: str) -> str:
        """The state hash."""
        return f"{self._shard(self.shard_of(cid))}:c:{cid}"

    def log(self, cid: str) -> str:
        """The log stream."""
        return f"{self.conversation(cid)}:log"

    def events(self, cid: str) -> str:
        """The stream of tracker events."""
        return f"{self.conversation(cid)}:events"

    def turns(self, shard: int) -> str:
        """The stream that bot workers take turns from."""
        return f"{self._shard(shard)}:turns"

    def waiting(self, shard: int, skill: str) -> str:
        """The queue of a skill in one shard."""
        return f"{self._shard(shard)}:waiting:{skill}"

    def queue(self, shard: int) -> str:
        """Everybody who waits in one shard."""
        return f"{self._shard(shard)}:queue"

    def records(self, shard: int) -> str:
        """The stream of what the desk has to keep for good."""
        return f"{self._shard(shard)}:records"

    def waits(self, shard: int, skill: str) -> str:
        """The claims of the last hour for a skill in one shard."""
        return f"{self._shard(shard)}:waits:{skill}"

    def leases(self, shard: int) -> str:
        """Who is held by an agent, by the end of the lease."""
        return f"{self._shard(shard)}:leases"

    def requests(self, shard: int) -> str:
        """The stream of what the desk asks of the bot."""
        return f"{self._shard(shard)}:requests"

    def answer(self, shard: int, request: str) -> str:
        """Where the answer to a request is put."""
        return f"{self._shard(shard)}:answer:{request}"

    def sent(self, shard: int, key: str) -> str:
        """The change that was sent to the shop under an idempotency key."""
        return f"{self._shard(shard)}:sent:{key}"

    def audit(self, shard: int) -> str:
        """The audit trail of a shard."""
        return f"{self._shard(shard)}:audit"

    def wake(self, shard: int) -> str:
        """The channel that wakes readers of a shard."""
        return f"{self._shard(shard)}:wake"

    @property
    def agents(self) -> str:
        """The roster."""
        return f"{self.prefix}:agents"

    @property
    def seen(self) -> str:
        """When each agent was last heard of."""
        return f"{self.prefix}:seen"

    @property
    def desk(self) -> str:
        """The channel of the desks."""
        return f"{self.prefix}:desk"

    def served(self, who: str) -> str:
        """Who served a shopper last; `who` is the customer, or the conversation of a stranger."""
        return f"{self.prefix}:served:{who}"

    def looking(self, cid: str) -> str:
        """Which agents have a conversation open."""
        return f"{self.prefix}:looking:{cid}"

    def proofs(self, cid: str) -> str:
        """What agents have proved orders of a conversation by."""
        return f"{self.prefix}:proofs:{cid}"

    @property
    def leader(self) -> str:
        """Which desk dispatches."""
        return f"{self.prefix}:leader"

    def opened(self, address: str) -> str:
        """The counter of sessions opened from one network address."""
        return f"{self.prefix}:opened:{address}"

    def for_scripts(self, cid: str) -> list[str]:
        """The KEYS of every script about one conversation, in the order in which `common.lua` names them."""
        base, shard = self.conversation(cid), self.shard_of(cid)
        return [
            base,
            f"{base}:log",
            f"{base}:mids",
            f"{base}:choices",
            f"{base}:events",
            self.turns(shard),
            self.leases(shard),
            self.waiting(shard, ""),
            self.waits(shard, ""),
            self.wake(shard),
            self.queue(shard),
            self.records(shard),
        ]
