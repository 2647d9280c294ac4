"""Everything that is said is said in both languages, with the same facts and the same buttons."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from actions.order_hints import HINT_OF_INTENT, HINTS
from actions.wording import Wording
from shop.order import ORDER_STATES
from tests.conversation import ROOT
from tests.shop_double import NOW

DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
RESPONSES: dict[str, list[dict[str, Any]]] = DOMAIN["responses"]
ENGLISH = [{"type": "slot", "name": "language", "value": "en"}]


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_two_languages_one_meaning(name: str) -> None:
    chinese, english = RESPONSES[name]
    assert "condition" not in chinese
    assert english["condition"] == ENGLISH
    assert placeholders(chinese["text"]) == placeholders(english["text"])
    assert payloads(chinese) == payloads(english)
    assert not re.search(r"[\u4e00-\u9fff]", str(english))
    assert re.search(r"[\u4e00-\u9fff；·]", chinese["text"]) or placeholders(chinese["text"])


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def payloads(variation: dict[str, Any]) -> list[str]:
    return [button["payload"] for button in variation.get("buttons", [])]


def test_every_state_has_a_label_and_a_next_step() -> None:
    for state in ORDER_STATES:
        assert f"utter_order_state_{state}" in RESPONSES
        assert f"utter_order_next_{state}" in RESPONSES


def test_every_button_leads_somewhere() -> None:
    intents = set(DOMAIN["intents"])
    for name, variations in RESPONSES.items():
        for payload in payloads(variations[0]):
            assert payload.removeprefix("/") in intents, name


def test_every_response_is_used() -> None:
    sources = [
        path.read_text(encoding="utf-8") for path in [*(ROOT / "actions").glob("*.py"), ROOT / "bot/processor.py"]
    ]
    sources += [path.read_text(encoding="utf-8") for path in (ROOT / "data/rules").glob("*.yml")]
    said = "\n".join(sources)
    composed = ("utter_order_state_", "utter_order_next_", "utter_reading_")
    assert [name for name in RESPONSES if not name.startswith(composed) and name not in said] == []


def test_readings_are_of_intents_that_exist() -> None:
    named = {name.removeprefix("utter_reading_") for name in RESPONSES if name.startswith("utter_reading_")}
    assert named <= set(DOMAIN["intents"])


def test_hints_are_of_intents_that_exist() -> None:
    assert set(HINT_OF_INTENT) <= set(DOMAIN["intents"])
    assert set(HINTS) - {"tracking"} <= set(HINT_OF_INTENT.values())


def test_wording_picks_the_language() -> None:
    assert Wording(DOMAIN, "zh").text("utter_order_state_in_transit") == "运输中"
    assert Wording(DOMAIN, "en").text("utter_order_state_in_transit") == "In transit"


def test_days_are_those_of_the_shops_clock() -> None:
    evening = NOW.replace(year=2026, month=11, day=22, hour=20)
    assert Wording(DOMAIN, "zh").day(evening) == "11月23日"
    assert Wording(DOMAIN, "en").day(evening) == "23 Nov"
