"""Does what an agent's frame asks for. Who may do what is decided here; that only one does it, in the ledger."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from ledger import DeskSide, Ledger, Roster
from web.desk.accounts import Account
from web.desk.audit import Audit
from web.desk.cards import Card
from web.desk.errors import BadFrame, Empty, NotFound, Taken, UnknownTarget
from web.desk.frames import (
    Claim,
    Decline,
    Note,
    Presence,
    Read,
    Reassign,
    Reopen,
    Resolve,
    Say,
    TakeOver,
    Transfer,
    Typing,
)
from web.desk.mirror import Mirror
from web.desk.rules import DeskRules
from web.desk.seats import Seats
from web.desk.texts import clean_text

Frame = dict[str, Any]


class Cards(Protocol):
    """Makes the cards that agents send."""

    async def card(self, cid: str, kind: str, number: str, tail: str | None = None) -> Card:
        """In the shopper's language. Raises `OrderNotFound`, `ShopUnavailable`."""


class Images(Protocol):
    """Knows the pictures of conversations."""

    def find(self, cid: str, image_id: str) -> dict[str, Any] | None:
        """`{"id","width","height"}`, or None when there is no such picture in this conversation."""


@dataclass(frozen=True)
class Tools:
    """What deeds are done with."""

    ledger: Ledger
    desk: DeskSide
    roster: Roster
    mirror: Mirror
    seats: Seats
    rules: DeskRules
    audit: Audit
    cards: Cards
    images: Images


class Deeds:
    """`do` answers a frame for the sender, or None where lists and rooms tell what came of it. Raises `Refused`, ledger errors."""

    def __init__(self, tools: Tools) -> None:
        self._to, self._desk = tools, tools.desk
        self._by_frame: dict[type, Callable[[Account, Any], Awaitable[Frame | None]]] = {
            Presence: self._presence, Claim: self._claim, Decline: self._decline, Say: self._say, Note: self._note,
            Transfer: self._transfer, Resolve: self._resolve, Reopen: self._reopen, Typing: self._typing,
            Read: self._read, TakeOver: self._take_over, Reassign: self._reassign,
        }  # fmt: skip

    async def do(self, account: Account, frame: Any) -> Frame | None:
        """Does it."""
        account.must("agent")
        return await self._by_frame[type(frame)](account, frame)

    async def _presence(self, account: Account, frame: Presence) -> None:
        await self._to.seats.set_status(account, frame.status)
        await self._to.audit.note(account.username, "presence", status=frame.status)
        if frame.status != "online":
            await self.give_back(account.username, all_of_it=frame.status == "offline")

    async def give_back(self, username: str, all_of_it: bool) -> None:
        """What was offered is declined; who goes gives back what they have, too."""
        mine = self._to.mirror.floor.of(username)
        for talk in mine:
            if talk.mode == "waiting":
                await self._desk.decline(talk.cid, username)
            elif all_of_it:
                await self._desk.release(talk.cid, username)
        await self._to.mirror.refresh([talk.cid for talk in mine])

    async def _claim(self, account: Account, frame: Claim) -> None:
        await self.take(account, frame.conversation)

    async def take(self, account: Account, cid: str) -> None:
        """Takes it out of the queue. Raises `Taken`."""
        if not await self._desk.claim(cid, account.username, account.name):
            raise Taken(f"{cid} waits no longer")
        await self._now_mine(account, cid, "claimed")

    async def _now_mine(self, account: Account, cid: str, what: str) -> None:
        await self._to.mirror.refresh([cid])
        talk = self._to.mirror.floor.talks.get(cid)
        noting = self._to.audit.note(account.username, what, cid)
        if talk is not None:
            await asyncio.gather(self._to.roster.served(talk.who, account.username), noting)
        else:
            await noting

    async def _decline(self, account: Account, frame: Decline) -> None:
        if await self._desk.decline(frame.conversation, account.username):
            await self._to.audit.note(account.username, "declined", frame.conversation)
        await self._to.mirror.refresh([frame.conversation])

    async def _say(self, account: Account, frame: Say) -> Frame:
        text = clean_text(frame.text) if frame.text else None
        image = card = None
        if frame.image:
            image = await asyncio.to_thread(self._to.images.find, frame.conversation, frame.image)
            if image is None:
                raise NotFound("no such picture in this conversation")
        if frame.card:
            made = await self._to.cards.card(frame.conversation, frame.card.kind, frame.card.number)
            text, card = text or made.text, made.card
        if not (text or image or card):
            raise Empty("nothing to say")
        if self.offered(frame.conversation, account):
            await self.take(account, frame.conversation)
        who = (account.username, account.name, frame.mid)
        said = await self._desk.say(frame.conversation, *who, text, image, card)
        return {"type": "ack", "mid": frame.mid, "id": said.id}

    def offered(self, cid: str, account: Account) -> bool:
        """Whether a conversation is offered to this agent now; never to who may not speak (any more)."""
        talk = self._to.mirror.floor.talks.get(cid)
        return (
            account.may("agent") and talk is not None and talk.mode == "waiting" and talk.offered_to == account.username
        )

    async def _note(self, account: Account, frame: Note) -> Frame:
        cid, mid = frame.conversation, frame.mid or secrets.token_urlsafe(12)
        if frame.whisper:
            account.must("supervisor")
        to = [name for name in dict.fromkeys(frame.to) if name in self._to.mirror.floor.agents]
        text, name = clean_text(frame.text), account.name
        said = await self._desk.note(cid, account.username, name, mid, text, to, frame.whisper)
        talk = self._to.mirror.floor.talks.get(cid)
        told = {*to, *([talk.agent] if frame.whisper and talk is not None and talk.agent else [])} - {account.username}
        if not said.duplicate:
            await self._to.audit.note(account.username, "noted", cid, to=sorted(told), whisper=frame.whisper or None)
        if told and not said.duplicate:
            await self._to.roster.mention(cid, said.id, sorted(told))
        return {"type": "ack", "mid": mid, "id": said.id}

    async def _transfer(self, account: Account, frame: Transfer) -> None:
        skill, to = self._target(frame.conversation, frame.to, account)
        comment = _brief(frame.comment)
        await self._desk.transfer(frame.conversation, account.username, skill, None, comment or "", to)
        await self._to.mirror.refresh([frame.conversation])
        await self._to.audit.note(account.username, "transferred", frame.conversation, to=frame.to)

    def _target(self, cid: str, to: str, by: Account) -> tuple[str, str | None]:
        """The skill whose queue it goes to, and the colleague it is offered to first. Raises `UnknownTarget`."""
        talk = self._to.mirror.floor.talks.get(cid)
        if to in self._to.rules.skills:
            return to, None
        agent = self._to.mirror.floor.agents.get(to)
        if agent is None or agent.status == "offline" or agent.role == "trainer" or to == by.username:
            raise UnknownTarget("no skill, and no colleague who is there")
        return (talk.skill if talk is not None else "general"), to

    async def _resolve(self, account: Account, frame: Resolve) -> None:
        if frame.category is not None and frame.category not in self._to.rules.categories:
            raise BadFrame("no such category")
        cid, parts = frame.conversation, [_brief(frame.summary), frame.category, _brief(frame.solution), frame.order]
        await self._desk.resolve(cid, account.username, frame.to, *parts)
        await asyncio.gather(
            self._to.mirror.refresh([cid]),
            self._to.audit.note(account.username, "resolved", cid, to=frame.to, category=frame.category),
        )

    async def _reopen(self, account: Account, frame: Reopen) -> None:
        await self._desk.reopen(frame.conversation, account.username, account.name)
        await self._now_mine(account, frame.conversation, "reopened")

    async def _typing(self, account: Account, frame: Typing) -> None:
        talk = self._to.mirror.floor.talks.get(frame.conversation)
        if talk is not None and talk.agent == account.username:
            await self._desk.typing(frame.conversation, account.name)
        else:
            await self._to.roster.colleague_typing(frame.conversation, account.username, account.name)

    async def _read(self, account: Account, frame: Read) -> None:
        talk = self._to.mirror.floor.talks.get(frame.conversation)
        if talk is not None and talk.agent == account.username:
            await self._desk.read(frame.conversation, frame.id)

    async def _take_over(self, account: Account, frame: TakeOver) -> None:
        account.must("supervisor")
        await self._desk.take_over(frame.conversation, account.username, account.name)
        await self._now_mine(account, frame.conversation, "taken_over")

    async def _reassign(self, account: Account, frame: Reassign) -> None:
        account.must("supervisor")
        skill, to = self._target(frame.conversation, frame.to, account)
        await self._desk.reassign(frame.conversation, account.username, skill, _brief(frame.comment) or "", to)
        await self._to.mirror.refresh([frame.conversation])
        await self._to.audit.note(account.username, "reassigned", frame.conversation, to=frame.to)


def _brief(text: str | None) -> str | None:
    return clean_text(text) if text and text.strip() else None
