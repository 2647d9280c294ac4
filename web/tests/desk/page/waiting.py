"""Shoppers as they come to the desk: they talk with the bot, and ask for a person."""

from __future__ import annotations

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
    """Who waits. `ledger` is read where a test wants to see what was stored."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.shoppers = ledger, ShopperSide(ledger)
        self._bot = BotSide(ledger, "page-tests")

    async def joins(
        self, cid: str, text: str = "快递三天没动了", lang: str = "zh", handoff: Handoff = ASKED
    ) -> None:
        """A shopper says something, the bot answers, and hands over."""
        await self._bot.prepare()
        await self.shoppers.open(cid, lang)
        asked = await self.shoppers.say(cid, f"{cid}-1", text)
        turn = await self._bot.begin(cid)
        assert not isinstance(turn, str)
        answer = Reply("包裹在杭州转运中心。", None, [Button("b1", "转人工", "/human_agent")])
        committed, _ = await self._bot.commit(turn, asked.id, [answer], handoff=handoff)
        assert committed

    async def says(self, cid: str, mid: str, text: str) -> None:
        """The shopper goes on."""
        await self.shoppers.say(cid, mid, text)

    async def entries(self, cid: str, kind: str = "message", sender: str = "agent") -> list[Entry]:
        """What stands in the log of this kind, by this sender."""
        return [one for one in await self.ledger.read(cid) if (one.kind, one.sender) == (kind, sender)]
