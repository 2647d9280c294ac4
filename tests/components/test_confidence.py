"""Answer, ask back or admit: what counts is the subject, not the fine intent."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.confidence import Confidence, subjects

SETTINGS = {"answer": 0.5, "small_talk": 0.3, "offer": 0.2, "served_alike": [["logistics", "order_status"]]}
LABELS = {"delivery_time": "logistics", "logistics": "logistics", "invoice": "invoice", "thanks": "thanks"}


def settled(*ranking: tuple[str, float]) -> dict[str, Any]:
    component = Confidence(SETTINGS, LABELS)
    message = Message(data={"intent_ranking": [{"name": name, "confidence": score} for name, score in ranking]})
    component.process([message])
    return {"intent": message.get("intent")["name"], "readings": message.get("readings")}


def test_neighbours_of_one_subject_are_certain_together() -> None:
    assert settled(("invoice", 0.4), ("logistics", 0.35), ("delivery_time", 0.25))["intent"] == "logistics"


def test_uncertain_is_asked_back_with_the_likeliest_of_each_subject() -> None:
    read = settled(("logistics", 0.3), ("invoice", 0.25), ("thanks", 0.22), ("delivery_time", 0.1))
    assert read == {"intent": "nlu_fallback", "readings": ["logistics", "invoice", "thanks"]}


def test_small_talk_is_answered_from_a_lower_score_on() -> None:
    labels = {"thanks": "thanks", "invoice": "invoice"}
    component = Confidence(SETTINGS, labels)
    for name, settled_as in (("thanks", "thanks"), ("invoice", "nlu_fallback")):
        message = Message(data={"intent_ranking": [{"name": name, "confidence": 0.35}]})
        component.process([message])
        assert message.get("intent")["name"] == settled_as


def test_subjects_that_one_answer_serves_are_not_asked_about() -> None:
    labels = {**LABELS, "order_status": "order_status"}
    component = Confidence(SETTINGS, labels)
    for other, settled_as in (("order_status", "logistics"), ("invoice", "nlu_fallback")):
        ranking = [{"name": "logistics", "confidence": 0.4}, {"name": other, "confidence": 0.3}]
        message = Message(data={"intent_ranking": ranking})
        component.process([message])
        assert message.get("intent")["name"] == settled_as


def test_the_ranking_is_cut_behind_the_subject_that_won() -> None:
    ranking = [{"name": f"intent_{place}", "confidence": 0.05} for place in range(12)]
    ranking.append({"name": "thanks", "confidence": 0.06})
    message = Message(data={"intent_ranking": ranking})
    Confidence(SETTINGS, LABELS).process([message])
    kept = [one["name"] for one in message.get("intent_ranking")]
    assert kept == ["thanks", *(f"intent_{place}" for place in range(9))]


def test_nothing_likely_is_not_offered() -> None:
    assert settled(("logistics", 0.1), ("invoice", 0.1)) == {"intent": "nlu_fallback", "readings": []}


def test_no_ranking_is_left_alone() -> None:
    message = Message(data={"text": "/restart"})
    assert Confidence(SETTINGS, LABELS).process([message])[0].get("intent") is None


@pytest.mark.parametrize("ranking", [[("logistics", 0.2), ("delivery_time", 0.6)]])
def test_a_subject_is_named_by_its_first_intent_in_the_ranking(ranking: list[tuple[str, float]]) -> None:
    found = subjects([{"name": name, "confidence": score} for name, score in ranking], LABELS)
    assert list(found) == ["logistics"]
    assert found["logistics"] == pytest.approx(0.8)


def test_what_fits_no_subject_counts_one_by_one() -> None:
    labels = {"gift_card": "other_in_domain", "account": "other_in_domain", "invoice": "invoice"}
    ranking = [
        {"name": name, "confidence": score} for name, score in (("invoice", 0.4), ("gift_card", 0.3), ("account", 0.3))
    ]
    assert subjects(ranking, labels) == {"invoice": 0.4, "gift_card": 0.3, "account": 0.3}
