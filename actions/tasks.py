"""What a shopper has begun and not finished: a return, a cancellation, a claim. Its memory, its steps, and what answers it.

A topic (`actions/<topic>.py`) says what it needs to know next, from the order as the shop gives it now and from what the shopper
has answered. The form (`actions/task_form.py`) asks, reads and goes on; what is written is written by the topic with one key.
"""

from __future__ import annotations

import hashlib
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar

from msgspec import Struct

from actions.answer_words import facts_with_words, words_of
from actions.order_choice import place_in
from actions.shop import the_shop
from actions.wording import Wording
from shop.after_sales import CaseRequest, Change, Receipt
from shop.client import Order, Proof, ShopRefused
from shop.shipment import Shipment

Facts = dict[str, Any]
CONFIRM = "confirm"
YES, NO, EDIT = "yes", "no", "edit"


@dataclass(frozen=True)
class Option:
    """A button of a question: what it answers, and its label."""

    value: str
    label: str


@dataclass(frozen=True)
class Ask:
    """A question about one fact; `free` when the shopper writes the answer, with no or few buttons to help."""

    fact: str
    response: str
    options: tuple[Option, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    card: dict[str, Any] | None = None


@dataclass(frozen=True)
class Confirm:
    """Everything is known: the summary to agree to, and the very change that is sent when the shopper does."""

    response: str
    card: dict[str, Any]
    change: Change
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class End:
    """The last word."""

    response: str
    values: Mapping[str, str] = field(default_factory=dict)
    card: dict[str, Any] | None = None


Step = Ask | Confirm | End


@dataclass(frozen=True)
class Work:
    """What a topic decides by: the order as it is now with the proof, what is known, how it is said, and the shop's clock."""

    order: Order
    proof: Proof
    facts: Facts
    wording: Wording
    now: datetime
    shipments: tuple[Shipment, ...] = ()

    @property
    def today(self) -> date:
        """The day by the shop's clock."""
        return self.now.date()


class Topic(ABC):
    """One thing that can be settled about an order."""

    name: ClassVar[str]
    intents: ClassVar[tuple[str, ...]] = ()
    """The intents that begin it; the first one is that of a button."""
    facts: ClassVar[tuple[str, ...]] = ()
    """What is asked, in its order: a corrected fact makes the later ones unknown again."""
    states: ClassVar[frozenset[str]] = frozenset()
    """The states of an order that it is usually about; empty for any."""
    needs_shipments: ClassVar[bool] = False
    tells_only: ClassVar[bool] = False
    """It only tells: it asks nothing, changes nothing and interrupts no other topic."""
    change_type: ClassVar[type[Struct]] = CaseRequest
    free: ClassVar[frozenset[str]] = frozenset()
    """Facts that the shopper tells in their own words."""

    @abstractmethod
    async def next(self, work: Work) -> Step:
        """The next question, the summary, or the last word."""

    async def send(self, work: Work, change: Any, key: str) -> Receipt:
        """Makes the change, once for this key. Raises ShopClientError."""
        return await the_shop().open_case(work.order.number, work.proof, change, key)

    def done(self, work: Work, receipt: Receipt) -> End:
        """What is said when it is done."""
        raise NotImplementedError(f"{self.name} changes nothing")

    def refused(self, error: ShopRefused, work: Work) -> End:
        """What is said when the shop does not make the change."""
        return End("utter_task_refused", {"number": work.order.number})

    def read(self, fact: str, text: str) -> Any | None:
        """What typed words answer, where a question has no fitting button."""
        return next((value for value, words in words_of(self.name, fact).items() if words.search(text)), None)

    def choose(self, fact: str, text: str, options: Sequence[Option]) -> Any | None:
        """Which of the buttons typed words mean."""
        return chosen_of(text, options)

    def merged(self, fact: str, old: Any, new: Any) -> Any:
        """A fact that is told anew; some are told piece by piece."""
        return new

    def begin(self, text: str, order: Order) -> Facts:
        """What the shopper's first message tells already."""
        found = {fact: self.read(fact, text) for fact in facts_with_words(self.name)}
        return {fact: value for fact, value in found.items() if value is not None}


@dataclass(frozen=True)
class Task:
    """One task of a conversation, as the slot `task` keeps it between turns."""

    topic: str
    order: str
    tail: str | None
    draft: str
    facts: Facts = field(default_factory=dict)
    asking: str | None = None
    options: tuple[Option, ...] = ()
    hint: str | None = None
    change: dict[str, Any] | None = None
    """The change that the summary shows."""
    key: str | None = None
    """The idempotency key of a change that was sent and not confirmed."""

    @classmethod
    def of(cls, slot: Any) -> Task | None:
        """The task in a slot's value; None for no task and for anything that is none."""
        if not isinstance(slot, dict) or not {"topic", "order", "draft"} <= set(slot):
            return None
        options = tuple(Option(*pair) for pair in slot.get("options") or ())
        known = {name: slot.get(name) for name in ("tail", "asking", "hint", "key", "change")}
        return cls(
            slot["topic"], slot["order"], draft=slot["draft"], facts=slot.get("facts") or {}, options=options, **known
        )

    def slot(self) -> dict[str, Any]:
        """As the slot keeps it."""
        return {
            "topic": self.topic,
            "order": self.order,
            "tail": self.tail,
            "draft": self.draft,
            "facts": self.facts,
            "asking": self.asking,
            "options": [[option.value, option.label] for option in self.options],
            "hint": self.hint,
            "change": self.change,
            "key": self.key,
        }

    def with_fact(self, topic: Topic, fact: str, value: Any) -> Task:
        """One fact more; what is asked after it is unknown again when it changes."""
        facts = dict(self.facts)
        if facts.get(fact) is not None:
            value = topic.merged(fact, facts[fact], value)
        if fact in topic.facts and facts.get(fact) not in (None, value):
            later = topic.facts[topic.facts.index(fact) + 1 :]
            facts = {name: known for name, known in facts.items() if name not in (*later, CONFIRM)}
        return replace(self, facts={**facts, fact: value}, asking=None, options=(), hint=None, change=None)

    @property
    def version(self) -> str:
        """Names exactly what the summary shows: a press on an older summary agrees to nothing."""
        return _digest(json.dumps([self.draft, self.change], sort_keys=True, ensure_ascii=False))

    def answer(self, fact: str, value: str) -> str:
        """A button's payload."""
        return "/task_answer" + json.dumps({"task_answer": f"{self.draft}|{fact}|{value}"}, ensure_ascii=False)


def chosen_of(text: str, options: Sequence[Option]) -> str | None:
    """The value of the one option that typed words mean, by its place or its label."""
    if not options:
        return None
    place = place_in(text, len(options))
    if place is not None:
        return options[place - 1].value if place <= len(options) else None
    plain = _plain(text)
    if len(plain) < 2:
        return None
    exact = [option.value for option in options if _plain(option.label) == plain]
    fitting = exact or [option.value for option in options if plain in _plain(option.label)]
    return fitting[0] if len(fitting) == 1 else None


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def new_draft(conversation: str, mid: str, topic: str) -> str:
    """A name for a task: the same message begins the same one, however often its turn is run."""
    return f"{topic}-{_digest(f'{conversation}:{mid}:{topic}')}"


def topic_of_draft(draft: str) -> str:
    """The topic that a draft belongs to."""
    return draft.rpartition("-")[0]


def parse_answer(value: str | None) -> tuple[str, str, str] | None:
    """The draft, the fact and the value of a button."""
    parts = (value or "").split("|", 2)
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None


def row(wording: Wording, label: str, value: str, strong: bool = False) -> dict[str, Any]:
    """A row of a summary card; the label is a response."""
    return {"label": wording.text(label), "value": value, "strong": strong}


def summary(
    kind: str,
    title: str,
    wording: Wording,
    rows: Sequence[dict[str, Any]] = (),
    *,
    number: str | None = None,
    items: Sequence[dict[str, Any]] = (),
    reasons: Sequence[dict[str, Any]] = (),
    link: dict[str, str] | None = None,
    note: str | None = None,
) -> dict[str, Any]:
    """The summary card of docs/frames.md; the title is a response."""
    return {
        "type": "summary",
        "kind": kind,
        "title": wording.text(title),
        "number": number,
        "items": list(items),
        "rows": list(rows),
        "reasons": list(reasons),
        "link": link,
        "note": note,
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]
