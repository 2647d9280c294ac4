"""What a new session keeps and what it does not."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.session import SessionStart


def tracker(**slots: object) -> Tracker:
    return Tracker("c1", slots, {}, [], False, None, {}, "action_listen")  # type: ignore[arg-type]


async def started(**slots: object) -> dict[str, object]:
    events = await SessionStart().run(CollectingDispatcher(), tracker(**slots), {})
    assert events[0]["event"] == "session_started"
    assert (events[-1]["event"], events[-1]["name"]) == ("action", "action_listen")
    return {event["name"]: event["value"] for event in events[1:-1]}


async def test_the_first_session_speaks_the_pages_language() -> None:
    assert await started(session_started_metadata={"lang": "en"}) == {"language": "en"}
    assert await started(session_started_metadata={"lang": "tlh"}) == {}
    assert await started() == {}


async def test_a_later_session_goes_on_in_the_conversations_language() -> None:
    assert await started(language="en", session_started_metadata={"lang": "zh"}) == {"language": "en"}


async def test_orders_and_counts_end_with_the_session() -> None:
    kept = await started(
        language="zh",
        order_number="20261120000042",
        phone_tail="3388",
        order_verified={"number": "20261120000042", "tail": "3388"},
        order_attempts=3,
        action_failures=2,
        requested_slot="phone_tail",
    )
    assert kept == {"language": "zh"}
