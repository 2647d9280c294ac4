"""After a person has handed a conversation back the assistant knows what was agreed, and what was before is over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, BotUttered, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from actions import shop as shop_of_actions
from bot.escalation import exchanges_of
from bot.handed_back import handed_back
from tests.conversation import Conversation, load_assistant, trained_model
from tests.shop_double import CUSTOMER, NUMBER, TAIL, ShopDouble, order

AGREED = {"summary": "补发一条围巾", "by": "小林", "at": 1764137000123, "order": NUMBER, "back_at": 1764137000123}
SLOTS = ("agreed", "order_verified", "order_number", "phone_tail")


def tracker(**known: Any) -> DialogueStateTracker:
    """A memory with these slots."""
    slots = [AnySlot(name, mappings=[{}]) for name in SLOTS]
    found = DialogueStateTracker.from_events("c1", [], slots)
    for name, value in known.items():
        found.update(SlotSet(name, value), Domain.empty())
    return found


def told(found: DialogueStateTracker, agreed: dict[str, Any] | None, customer: str | None = None) -> dict[str, Any]:
    """The slots that are set."""
    events = handed_back(found, {"agreed": agreed, "customer": customer})
    return {event.key: event.value for event in events if isinstance(event, SlotSet)}


def test_nothing_agreed_changes_nothing() -> None:
    assert handed_back(tracker(), {}) == []
    assert told(tracker(), None) == {}


def test_handed_back_without_a_word_ends_what_was_open_too() -> None:
    events = handed_back(tracker(), {"agreed": {"back_at": 1764137000123}})
    assert any(isinstance(event, ActiveLoop) for event in events)
    assert told(tracker(), {"back_at": 1764137000123})["agreed"]["summary"] is None


def test_it_is_told_once() -> None:
    slots = told(tracker(), AGREED)
    assert slots["agreed"] == {
        "summary": "补发一条围巾",
        "by": "小林",
        "at": "2025-11-26T06:03:20.123Z",
        "order": NUMBER,
        "back_at": "2025-11-26T06:03:20.123Z",
    }
    assert told(tracker(agreed=slots["agreed"]), AGREED) == {}
    assert told(tracker(agreed=slots["agreed"]), {**AGREED, "back_at": AGREED["back_at"] + 1}) != {}


def test_a_signed_in_customers_order_is_theirs_to_see() -> None:
    assert told(tracker(), AGREED, CUSTOMER)["order_verified"] == {"number": NUMBER, "tail": None}


def test_a_strangers_order_is_not_proved_by_it() -> None:
    slots = told(tracker(order_verified={"number": "20261120000043", "tail": "1111"}, phone_tail="1111"), AGREED)
    assert (slots["order_number"], slots["order_verified"], slots["phone_tail"]) == (NUMBER, None, None)


def test_what_the_phone_has_proved_stays_proved() -> None:
    proved = {"number": NUMBER, "tail": TAIL}
    slots = told(tracker(order_verified=proved), AGREED)
    assert (slots["order_verified"], slots["phone_tail"]) == (proved, TAIL)


def test_an_agreement_about_no_order_leaves_the_order_alone() -> None:
    without = {name: value for name, value in AGREED.items() if name != "order"}
    assert "order_number" not in told(tracker(order_verified={"number": NUMBER, "tail": TAIL}), without)


def test_the_anger_of_before_does_not_count() -> None:
    found = tracker()
    angry = {"text": "滚", "intent": {"name": "complaint"}, "anger": {"level": 2, "score": 5.0}}
    for event in (UserUttered("滚", parse_data=angry), BotUttered("抱歉"), *handed_back(found, {"agreed": AGREED})):
        found.update(event, Domain.empty())
    found.update(UserUttered("好的", parse_data={"text": "好的", "intent": {"name": "ack"}}), Domain.empty())
    assert [one.said for one in exchanges_of(found)] == ["好的"]


@pytest.fixture(scope="module")
def assistant() -> MessageProcessor:
    return load_assistant(trained_model())


@pytest.fixture
def shop() -> Iterator[ShopDouble]:
    double = ShopDouble(order(state="paid"))
    shop_of_actions.use(double)
    yield double
    shop_of_actions.use(None)


async def test_a_question_that_was_open_is_not_asked_again(assistant: MessageProcessor, shop: ShopDouble) -> None:
    shopper = Conversation(assistant, customer=CUSTOMER)
    assert "接着办" in (await says_and_then(shopper, {})).text
    assert "接着办" not in (await says_and_then(Conversation(assistant, customer=CUSTOMER), {"agreed": AGREED})).text


async def says_and_then(shopper: Conversation, metadata: dict[str, Any]) -> Any:
    """A cancellation begun, then another question with what comes beside it."""
    assert (await shopper.says("帮我取消订单")).buttons
    return await shopper.says("可以开发票吗", **metadata)


async def test_what_was_left_off_is_not_offered_when_a_person_has_settled_it(
    assistant: MessageProcessor, shop: ShopDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next session, too, begins after the person's part."""
    for metadata, offered in (({}, True), ({"agreed": AGREED}, False)):
        shopper = Conversation(assistant, customer=CUSTOMER)
        await shopper.says("帮我取消订单")
        with monkeypatch.context() as patched:
            patched.setattr(type(assistant), "_has_session_expired", lambda self, tracker: True)
            answer = await shopper.says("可以开发票吗", **metadata)
        assert ("没办完" in answer.text or "上次" in answer.text) == offered
        assert (await shopper.slot("agreed") is None) == offered
        assert (await shopper.slot("order_number") is None) == offered
