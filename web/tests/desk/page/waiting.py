"""Shoppers as they come to the desk: they talk with the bot, and ask for a person."""

from __future__ import annotations

import secrets

from ledger import BotSide, Entry, Handoff, Ledger, Reply, ShopperSide
from ledger.entries import Button

CONTEXT = {
    "score": 0.9,
    "asked": [{"text": "快递三天没动了", "intent": "logistics", "label": {"zh": "查物流", "en": "Where is my parcel"}}],
    "tried": [{"code": "logistics", "label": {"zh": "查询了物流", "en": "Looked up the parcel"}}],
    "slots": {"order_number": "20261120000042"},
    "next": {"zh": "联系承运商催查", "en": "Chase the carrier"},
}
ASKED = Handoff("rejected", "多次追问快递", "logistics", 5, ["三天没动"], CONTEXT)


class Queue:
    """Who waits in one test. Conversations are named by the test, and are new ones each time."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._shoppers, self._bot = ledger, ShopperSide(ledger), BotSide(ledger, "page-tests")
        self._conversations: dict[str, str] = {}

    async def joins(self, name: str, text: str = "快递三天没动了", lang: str = "zh") -> None:
        """A shopper says something, the bot answers, and hands over."""
        cid = self._conversations.setdefault(name, f"{name}-{secrets.token_hex(4)}")
        await self._bot.prepare()
        await self._shoppers.open(cid, lang)
        asked = await self._shoppers.say(cid, "m1", text)
        turn = await self._bot.begin(cid)
        assert not isinstance(turn, str)
        answer = Reply("包裹在杭州转运中心。", None, [Button("b1", "转人工", "/human_agent")])
        committed, _ = await self._bot.commit(turn, asked.id, [answer], handoff=ASKED)
        assert committed

    async def asks(self, name: str) -> None:
        """A shopper who says nothing but that a person is wanted."""
        cid = self._conversations.setdefault(name, f"{name}-{secrets.token_hex(4)}")
        await self._shoppers.open(cid, "zh")
        await self._shoppers.ask_for_person(cid, ASKED)

    async def says(self, name: str, text: str) -> None:
        """The shopper goes on."""
        await self._shoppers.say(self._conversations[name], secrets.token_hex(8), text)

    async def entries(self, name: str, kind: str = "message", sender: str = "agent") -> list[Entry]:
        """What stands in the log of this kind, by this sender."""
        log = await self._ledger.read(self._conversations[name])
        return [one for one in log if (one.kind, one.sender) == (kind, sender)]

    async def leave(self) -> None:
        """Everybody goes."""
        for cid in self._conversations.values():
            await self._shoppers.end(cid)
