"""A response with several wordings is always said the same."""

from __future__ import annotations

from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlg import FirstThatFits

LANGUAGE = [{"type": "slot", "name": "language", "value": "en"}]
RESPONSES = {
    "utter_hello": [{"text": "您好"}, {"text": "你好"}, {"text": "Hello", "condition": LANGUAGE}],
    "utter_elsewhere": [{"text": "只在别处", "channel": "elsewhere"}],
}


async def test_the_first_that_fits_is_said() -> None:
    said = FirstThatFits(RESPONSES)
    nobody = DialogueStateTracker("c1", [])
    assert {(await said.generate("utter_hello", nobody, "shopdesk"))["text"] for _ in range(20)} == {"您好"}
    assert said.generate_from_slots("utter_hello", {"language": "en"}, "shopdesk")["text"] == "Hello"
    assert await said.generate("utter_elsewhere", nobody, "shopdesk") is None
    assert await said.generate("utter_nothing", nobody, "shopdesk") is None
