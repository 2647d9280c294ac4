"""Plays conversations with the trained assistant, as the worker runs it but without Redis: what it says, card by card.

shopper = Conversation(assistant)
answer = await shopper.says("我的订单到哪了")
assert "订单号" in answer.text
"""

from __future__ import annotations

import itertools
import logging
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.utils.log_utils import configure_structlog

from bot.action_endpoint import InProcessActions
from bot.channel import TurnChannel
from bot.nlg import FirstThatFits
from bot.processor import TurnProcessor
from ledger import Handoff
from ops.fingerprint import fingerprint

ROOT = Path(__file__).resolve().parents[1]

_numbers = itertools.count(1)


def trained_model() -> Path:
    """The model of the present data, trained once and kept where `make train` keeps it."""
    if named := os.environ.get("SHOPDESK_MODEL"):
        return Path(named)
    path = ROOT / "models" / f"{fingerprint(ROOT)}.tar.gz"
    if not path.is_file():
        path.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".training-", dir=path.parent) as folder:
            command = [sys.executable, "-m", "rasa", "train", "--out", folder, "--fixed-model-name", "model"]
            quiet = {"RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore", "TF_CPP_MIN_LOG_LEVEL": "2"}
            done = subprocess.run(command, cwd=ROOT, env={**os.environ, **quiet}, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
            Path(folder, "model.tar.gz").replace(path)
    return path


def load_assistant(model: Path) -> MessageProcessor:
    """The model with its actions; conversations are kept in memory."""
    configure_structlog(logging.WARNING)
    store = InMemoryTrackerStore(Domain.empty())
    actions = InProcessActions.of_package()
    assistant = TurnProcessor(model, store, InMemoryLockStore(), FirstThatFits({}), actions)
    store.domain = assistant.domain
    assistant.nlg = FirstThatFits(assistant.domain.responses)
    return assistant


@dataclass
class Answer:
    """What came back in a turn."""

    texts: list[str]
    buttons: dict[str, str]
    cards: list[dict[str, Any]]
    handoff: Handoff | None
    intent: str

    @property
    def text(self) -> str:
        """Everything said, one utterance a line."""
        return "\n".join(self.texts)

    @property
    def card(self) -> dict[str, Any]:
        """The only card."""
        assert len(self.cards) == 1, f"{len(self.cards)} cards with: {self.text}"
        return self.cards[0]


@dataclass
class Conversation:
    """One shopper talking. `customer` is the verified id that the gateway would give, and may change between turns."""

    assistant: MessageProcessor
    lang: str | None = "zh"
    customer: str | None = None
    cid: str = field(default_factory=lambda: f"c{next(_numbers)}")
    last: Answer | None = None

    async def says(self, text: str, **metadata: Any) -> Answer:
        """Types a message; `metadata` overrides what comes with it."""
        channel = TurnChannel()
        about = {"conversation": self.cid, "mid": "m1", "lang": self.lang, "customer": self.customer, **metadata}
        await self.assistant.handle_message(
            UserMessage(text, output_channel=channel, sender_id=self.cid, metadata=about)
        )
        tracker = await self.assistant.tracker_store.retrieve(self.cid)
        assert tracker is not None
        # A tracker that was read back leaves out what a form took in, so its `latest_message` may be an older one.
        heard = next(event for event in reversed(tracker.events) if isinstance(event, UserUttered))
        buttons = {button.label: button.payload for reply in channel.replies for button in reply.buttons}
        self.last = Answer(
            texts=[reply.text for reply in channel.replies if reply.text],
            buttons=buttons,
            cards=[reply.card for reply in channel.replies if reply.card],
            handoff=channel.handoff,
            intent=str(heard.intent.get("name")),
        )
        return self.last

    async def presses(self, title: str) -> Answer:
        """Presses a button of the last answer; part of its title is enough."""
        assert self.last is not None
        payload = next(payload for label, payload in self.last.buttons.items() if title in label)
        return await self.says(payload)

    async def slot(self, name: str) -> Any:
        """What the assistant remembers."""
        tracker = await self.assistant.tracker_store.retrieve(self.cid)
        assert tracker is not None
        return tracker.get_slot(name)
