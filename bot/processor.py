"""Rasa's processor with what a shop's counter adds to it: what a person has agreed, several requests in a message, an apology first."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any, cast

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import rasa_patches
from bot.channel import TurnChannel
from bot.components.labels import label_of_intents
from bot.handed_back import handed_back
from bot.model_loading import load_model
from bot.plain_json import plain
from bot.requests import likely_reading, requests_in, without_repeats
from bot.tone import PLAIN, Tone, in_tone

SOOTHE = "utter_soothe"
ANNOYED, ANGRY = 1, 2
ENOUGH_IN_FORM = 0.4
PART = "part"
"""In the metadata of one request of several: which it is, from 1 on."""
NUMBERS_HIDE = ("provide_order_details", "nlu_fallback")
"""Intents of a message with a number beside which something may be asked."""
_NUMBER = re.compile(r"[0-9０-９]{4,}")
_NAMES_NUMBER = re.compile(
    r"(?:我的)?(?:订单号?|单号|编号)?(?:是|:|：)?|(?:手机号?|电话|尾号|后四位|末四位)(?:码|是|为|:|：)*"
    r"|\b(?:my |the )?(?:order(?: number)?|phone(?: number)?|number)\b(?: is|:)?"
    r"|\b(?:ends?|ending) (?:in|with)\b|\blast four(?: digits)?\b",
    re.IGNORECASE,
)
_APOLOGY = re.compile(
    r"\W*(?:很|非常|实在|真的)?(?:抱歉|对不起)|\W*(?:I'm |we're )?(?:very |so |truly )?sorry", re.IGNORECASE
)


class TurnProcessor(MessageProcessor):
    """Handles what one turn brought; its messages come with a `TurnChannel`."""

    _load_model = staticmethod(load_model)

    def __init__(self, *args: Any, tone: Tone = PLAIN, **kwargs: Any) -> None:
        rasa_patches.apply()
        super().__init__(*args, **kwargs)
        self._tone = tone
        self._label_of = label_of_intents()

    async def handle_message(self, message: UserMessage) -> None:
        """Answers each request of a message, in order, until one of them needs a person."""
        channel = message.output_channel
        assert isinstance(channel, TurnChannel)
        for part in await self._parts(message):
            await super().handle_message(part)
            if channel.handoff:
                return
        channel.replies = without_repeats(channel.replies)
        await self._soothe(message.sender_id, channel)
        channel.replies = in_tone(channel.replies, self._tone)

    async def _parts(self, message: UserMessage) -> list[UserMessage]:
        if message.text.startswith("/"):
            return [message]

        async def read(text: str) -> Mapping[str, Any]:
            return await self.parse_message(UserMessage(text))

        texts = await requests_in(message.text, read, self._label_of)
        if len(texts) == 1 or (await read(message.text)).get("anger", {}).get("level") == ANGRY:
            return [message]
        return [_part(message, text, place) for place, text in enumerate(texts)]

    async def fetch_tracker_and_update_session(
        self,
        sender_id: str,
        output_channel: OutputChannel | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> DialogueStateTracker:
        """The conversation's memory, with what a person has agreed meanwhile.

        It is told before a session begins anew, which would offer to go on with what is over, and once more after that.
        """
        tracker = await self.get_tracker(sender_id)
        back = handed_back(tracker, metadata or {})
        told = bool(tracker.applied_events())
        tracker.update_with_events(back if told else [], self.domain)
        before = len(tracker.events)
        await self._update_tracker_session(tracker, output_channel, metadata)
        if not told or len(tracker.events) > before:
            tracker.update_with_events(copy.deepcopy(back), self.domain)
        return tracker

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """Reads a message. Where the bot has just asked for something, and in one of several requests, a likely reading is enough."""
        parsed = await super().parse_message(message, tracker, only_output_properties)
        if parsed["intent"].get("name") in NUMBERS_HIDE and (rest := beside_numbers(message.text)):
            await self._read_beside(parsed, rest)
        if (message.metadata or {}).get(PART):
            parsed["intent"] = likely_reading(parsed) or parsed["intent"]
        elif tracker and tracker.active_loop_name:
            parsed["intent"] = likely_reading(parsed, ENOUGH_IN_FORM) or parsed["intent"]
        return parsed if tracker is None else cast(dict[str, Any], plain(parsed))

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Nothing: Rasa makes an empty domain for each message here, to warn of intents and entities that validation has checked."""

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Nothing: Rasa puts all slots into words here after each action, for a debug line."""

    async def _read_beside(self, parsed: dict[str, Any], rest: str) -> None:
        """What is asked beside a number counts, when it is certain: 帮我取消订单 20261120000042 尾号 4821."""
        asked = await super().parse_message(UserMessage(rest))
        if asked["intent"].get("name") not in (*NUMBERS_HIDE, "ack", "affirm", "greet"):
            parsed.update({name: asked[name] for name in ("intent", "intent_ranking") if name in asked})

    async def _soothe(self, sender_id: str, channel: TurnChannel) -> None:
        """Puts an apology before the answer for a shopper who has just become annoyed."""
        tracker = await self.tracker_store.retrieve(sender_id)
        if tracker is None or not channel.replies or not channel.replies[0].text:
            return
        levels = [
            (event.parse_data.get("anger") or {}).get("level", 0)
            for event in tracker.events
            if type(event) is UserUttered
        ]
        text = channel.replies[0].text
        if levels[-1:] != [ANNOYED] or any(levels[-2:-1]) or _APOLOGY.match(text):
            return
        apology = await self.nlg.generate(SOOTHE, tracker, channel.name())
        if apology:
            channel.precede(str(apology["text"]))


def beside_numbers(text: str) -> str | None:
    """A message with long numbers, without them; None when it has none, or says nothing else."""
    if text.startswith("/") or not _NUMBER.search(text):
        return None
    rest = " ".join(_NUMBER.sub(" ", text).split())
    said = re.sub(r"[\W_]+", "", _NAMES_NUMBER.sub("", rest))
    return rest if len(said) >= 2 else None


def _part(message: UserMessage, text: str, place: int) -> UserMessage:
    """One request as a message of its own; what it writes has a key of its own."""
    about = {**(message.metadata or {}), PART: place + 1}
    if place and about.get("mid"):
        about["mid"] = f"{about['mid']}+{place}"
    return UserMessage(
        text,
        message.output_channel,
        message.sender_id,
        input_channel=message.input_channel,
        message_id=about.get("mid"),
        metadata=about,
    )
