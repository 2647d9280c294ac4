"""An action never fails without a word, and only the gateway says who the customer is."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import order_form, shop
from actions.base import ShopdeskAction, customer_of
from actions.order_form import ValidateOrderForm
from actions.unsure import Unsure
from shop.client import ClientSettingsError


class Broken(ShopdeskAction):
    def name(self) -> str:
        return "action_broken"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        dispatcher.utter_message(text="half a sentence")
        raise RuntimeError("a bug")


def tracker(message: dict[str, Any] | None = None, **slots: Any) -> Tracker:
    return Tracker("c1", slots, message or {}, [], False, None, {}, "action_listen")


async def test_a_failure_is_said_logged_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    dispatcher = CollectingDispatcher()
    events = await Broken().run(dispatcher, tracker(action_failures=1.0), {})
    assert [message["response"] for message in dispatcher.messages] == ["utter_action_failed"]
    assert [(event["name"], event["value"]) for event in events] == [("action_failures", 2)]
    assert "a bug" in caplog.text


async def test_a_failing_validation_is_said_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(tracker: Tracker) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(order_form, "hint_in", broken)
    dispatcher = CollectingDispatcher()
    await ValidateOrderForm().run(dispatcher, tracker(), {})
    assert [message["response"] for message in dispatcher.messages] == ["utter_action_failed"]


@pytest.mark.parametrize(
    ("metadata", "customer"),
    [
        ({"customer": "c001"}, "c001"),
        ({"customer": None}, None),
        ({"customer": ""}, None),
        ({"customer": 7}, None),
        (None, None),
    ],
)
def test_the_customer_comes_from_the_metadata(metadata: dict[str, Any] | None, customer: str | None) -> None:
    assert customer_of(tracker({"metadata": metadata}, customer="c666")) == customer


async def test_not_understanding_ends_the_turn_where_no_rule_does() -> None:
    no_rule = await Unsure().run(CollectingDispatcher(), tracker({"intent": {"name": "anything"}}), {})
    assert [(event["event"], event["name"]) for event in no_rule] == [("followup", "action_listen")]
    by_rule = await Unsure().run(CollectingDispatcher(), tracker({"intent": {"name": "nlu_fallback"}}), {})
    assert by_rule == []


def test_the_shop_is_made_from_the_environment_at_the_first_question(monkeypatch: pytest.MonkeyPatch) -> None:
    shop.use(None)
    monkeypatch.delenv("SHOP_API_KEY", raising=False)
    with pytest.raises(ClientSettingsError):
        shop.the_shop()
    monkeypatch.setenv("SHOP_API_KEY", "key")
    assert shop.the_shop() is shop.the_shop()
    shop.use(None)
