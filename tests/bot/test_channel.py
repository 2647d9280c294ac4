"""A bot utterance becomes one reply; payloads become ids."""

from __future__ import annotations

from bot.channel import TurnChannel, button_of


async def test_text_buttons_and_card_belong_together() -> None:
    channel = TurnChannel()
    buttons = [{"title": "转人工", "payload": "/human_agent"}]
    await channel.send_response("c1", {"text": "在路上", "buttons": buttons, "custom": {"card": {"type": "order"}}})
    (reply,) = channel.replies
    assert reply.body() == {
        "text": "在路上",
        "choices": [{"id": button_of(buttons[0]).id, "label": "转人工"}],
        "card": {"type": "order"},
    }


async def test_payload_never_shows() -> None:
    assert "human" not in button_of({"title": "转人工", "payload": "/human_agent"}).id


async def test_handoff_is_not_a_message() -> None:
    channel = TurnChannel()
    await channel.send_response(
        "c1", {"custom": {"handoff": {"rule": "asked", "reason": "顾客要求人工", "priority": 4}}}
    )
    assert channel.replies == []
    assert channel.handoff is not None
    assert (channel.handoff.skill, channel.handoff.priority, channel.handoff.evidence) == ("general", 4, [])


async def test_empty_utterance_is_nothing() -> None:
    channel = TurnChannel()
    await channel.send_response("c1", {"text": ""})
    assert channel.replies == []
