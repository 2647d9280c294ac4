"""Rasa behind one method: the messages of a turn in, replies and a handoff out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.shared.core.domain import Domain

from bot.action_endpoint import InProcessActions
from bot.burst import joined
from bot.channel import NAME, TurnChannel, button_of
from bot.nlg import FirstThatFits
from bot.processor import TurnProcessor
from bot.tone import PLAIN, Tone
from bot.tracker_store import TurnTrackerStore
from ledger import BotSide, Entry, Handoff, Reply, Turn

WARM_UP = "我的订单到哪了"
PICTURE_ONLY = "utter_picture_only"


class Answer(msgspec.Struct, frozen=True):
    """What a turn has come to: `events` is JSON for the tracker, and all of it when it begins `afresh`."""

    replies: list[Reply]
    handoff: Handoff | None
    events: str
    afresh: bool


class Assistant:
    """A loaded model with its actions. Turns of different conversations may run at once."""

    def __init__(self, model: Path, ledger: BotSide, actions: InProcessActions, tone: Tone = PLAIN) -> None:
        self._store = TurnTrackerStore(Domain.empty(), ledger)
        self._processor = TurnProcessor(
            model_path=model,
            tracker_store=self._store,
            lock_store=InMemoryLockStore(),  # the ledger's lease is the lock
            generator=FirstThatFits({}),
            action_endpoint=actions,
            tone=tone,
        )
        domain = self._processor.domain
        self._store.domain = domain
        self._processor.nlg = FirstThatFits(domain.responses)

    @property
    def responses(self) -> Mapping[str, Any]:
        """The wording of the model's domain."""
        responses: Mapping[str, Any] = self._processor.domain.responses
        return responses

    async def warm_up(self) -> None:
        """Parses one sentence, so that the first shopper does not pay for what is loaded late."""
        await self._processor.parse_message(UserMessage(WARM_UP))

    def _say(self, response: str, lang: str) -> Reply:
        """A response of the domain as it is said in a language, outside of any dialogue."""
        kinds = self.responses[response]
        said = next((one for one in kinds if lang == "en" and one.get("condition")), kinds[0])
        return Reply(said["text"], buttons=[button_of(button) for button in said.get("buttons") or []])

    async def answer(self, turn: Turn, batch: Sequence[Entry]) -> Answer:
        """Runs one turn. Nothing is stored; a repeated call with the same turn starts from the same state."""
        if only_pictures(batch):
            return Answer([self._say(PICTURE_ONLY, turn.lang)], None, "", False)
        channel = TurnChannel()
        self._store.begin(turn)
        message = UserMessage(
            text_for_rasa(batch),
            output_channel=channel,
            sender_id=turn.cid,
            input_channel=NAME,
            message_id=batch[0].mid,
            metadata={
                "conversation": turn.cid,
                "mid": batch[0].mid,
                "lang": turn.lang,
                "customer": turn.customer,
                "customer_name": turn.customer_name,
                **({"agreed": turn.agreed} if turn.agreed else {}),
            },
        )
        try:
            await self._processor.handle_message(message)
            events, afresh = self._store.take(turn.cid)
        finally:
            self._store.forget(turn.cid)
        return Answer(channel.replies, channel.handoff, events, afresh)

    @property
    def at_hand(self) -> int:
        """How many conversations are kept for their next turn."""
        return self._store.at_hand

    def committed(self, cid: str, memory: str) -> None:
        """The latest answer was committed: the tracker is kept at hand for the next turn."""
        self._store.keep(cid, memory)


def only_pictures(batch: Sequence[Entry]) -> bool:
    """Whether a shopper has sent pictures without a word."""
    return all(entry.payload is None and entry.body.get("image") and not entry.body["text"].strip() for entry in batch)


def text_for_rasa(batch: Sequence[Entry]) -> str:
    """A button's payload, or the joined text. Typed text never triggers an intent: a leading slash is made full-width."""
    if batch[0].payload is not None:
        return batch[0].payload
    return typed_text(joined(batch))


def typed_text(text: str) -> str:
    """What a shopper typed, as Rasa gets it: a leading slash is made full-width."""
    return text.replace("/", "／", 1) if text.lstrip().startswith("/") else text
