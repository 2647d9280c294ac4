"""The figures mean what they say, and a bad file gets one clear line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot import evaluate
from bot.escalation_rules import Decision
from bot.evaluation import anger, handoffs, intents
from bot.evaluation.anger import Level
from bot.evaluation.intents import Prediction
from bot.evaluation.reader import prediction
from bot.evaluation.report import as_json, as_text, intent_errors, write_errors
from bot.evaluation.rows import BadInput, Dialogue, Mood, Said, Utterance, dialogues, moods, utterances

LABELS = frozenset({"logistics", "invoice", "out_of_scope", "greeting"})
LABEL_OF = {
    "logistics": "logistics",
    "delivery_time": "logistics",
    "invoice": "invoice",
    "out_of_scope": "out_of_scope",
}
PAIRS = [
    (Utterance("a", "logistics"), Prediction("logistics", 0.95, True, ms=1)),
    (Utterance("b", "logistics", frozenset({"invoice"})), Prediction("invoice", 0.85, True, ms=2)),
    (Utterance("c", "invoice"), Prediction("logistics", 0.75, True, ms=3)),
    (Utterance("d", "out_of_scope"), Prediction("out_of_scope", 0.25, False, ("out_of_scope",), ms=4)),
    (Utterance("e", "invoice"), Prediction("out_of_scope", 0.25, False, ("logistics",), ms=90)),
]


def file(folder: Path, *lines: str) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_figures_of_hand_made_predictions() -> None:
    found = intents.figures(PAIRS)
    assert (found.rows, found.strict, found.lenient) == (5, 0.4, 0.6)
    # logistics: 1 of 2 found, 1 of 2 right; invoice: none; out of scope: 1 of 1 found, 1 of 2 right
    assert found.macro_f1 == pytest.approx((2 / 4 + 0 + 2 / 3) / 3)
    assert (found.coverage, found.confident_accuracy, found.confidently_wrong) == (0.6, pytest.approx(2 / 3), 0.2)
    assert (found.offered, found.ms) == (0.5, 3)
    assert (found.out_of_scope_recall, found.called_out_of_scope) == (1.0, 0.25)
    # bins with one right of one each, one wrong, and one with one right of two
    assert found.ece == pytest.approx((0.05 + 0.15 + 0.75 + abs(1 - 0.5)) / 5)


def test_what_cannot_be_counted_is_null() -> None:
    figures = intents.figures(PAIRS[:1])
    assert figures.offered is None
    assert figures.out_of_scope_recall is None
    assert json.loads(as_json(figures))["offered"] is None
    assert "–" in as_text(figures)


def test_a_confidence_of_one_has_a_bin() -> None:
    assert intents.calibration_error([1.0, 1.0000001], [True, True]) == pytest.approx(0, abs=1e-6)


def test_an_acceptable_label_is_no_confusion() -> None:
    taken = intents.confusions(PAIRS)
    assert taken[("logistics", "logistics")] == 2
    assert taken[("invoice", "logistics")] == 1


def test_anger_figures_of_hand_made_levels() -> None:
    levels = [(0, 0), (0, 1), (0, 0), (0, 2), (1, 1), (1, 0), (2, 2), (2, 1)]
    found = anger.figures([(Mood("x", gold), Level(level, 0.0)) for gold, level in levels])
    assert (found.rows, found.precision, found.recall) == (8, 0.6, 0.75)
    assert found.f1 == pytest.approx(2 * 0.6 * 0.75 / 1.35)
    assert (found.angry_recall, found.false_alarms, found.called_annoyed) == (0.5, 0.25, 0.5)


def test_json_has_the_agreed_keys() -> None:
    keys = "rows strict lenient macro_f1 coverage confident_accuracy confidently_wrong offered ece ms".split()
    assert list(json.loads(as_json(intents.figures(PAIRS)))) == keys
    of_anger = json.loads(as_json(anger.figures([(Mood("x", 0), Level(0, 0.0))])))
    assert list(of_anger) == "rows precision recall f1 angry_recall false_alarms ms".split()


def parsed(intent: str, *ranking: tuple[str, float], **more: Any) -> dict[str, Any]:
    readings = [{"name": name, "confidence": score} for name, score in ranking]
    return {"intent": {"name": intent, "confidence": 0.6}, "intent_ranking": readings, **more}


def test_the_best_real_reading_counts() -> None:
    ranking = [
        ("nlu_fallback", 0.7),
        ("delivery_time", 0.3),
        ("invoice", 0.2),
        ("out_of_scope", 0.1),
        ("logistics", 0.05),
    ]
    guess = prediction(parsed("nlu_fallback", *ranking), LABEL_OF)
    assert (guess.label, guess.confidence, guess.confident) == ("logistics", 0.3, False)
    assert guess.offered == ("logistics", "invoice", "out_of_scope")
    assert prediction(parsed("nlu_ask_back", *ranking), LABEL_OF).confident is False
    assert prediction(parsed("delivery_time", *ranking[1:]), LABEL_OF).confident is True


def test_readings_that_are_shown_as_buttons_are_what_is_offered() -> None:
    guess = prediction(parsed("nlu_fallback", ("invoice", 0.3), ("logistics", 0.2), readings=["invoice"]), LABEL_OF)
    assert guess.offered == ("invoice",)


def test_a_message_without_anything_familiar_is_out_of_scope() -> None:
    guess = prediction(parsed("nlu_fallback", ("nlu_fallback", 1.0)), LABEL_OF)
    assert (guess.label, guess.confident, guess.offered) == ("out_of_scope", False, ())


def test_an_intent_without_a_label_is_told() -> None:
    with pytest.raises(BadInput, match="'weather'"):
        prediction(parsed("weather", ("weather", 0.9)), LABEL_OF)


def test_rows_are_read_with_what_is_acceptable(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        '{"text": "到哪了", "label": "logistics", "also": ["invoice"]}',
        "",
        '{"text": "开票", "label": "要发票", "mapped": "invoice"}',
        '{"text": "别的", "label": "别的", "mapped": null}',
    )
    assert utterances(path, LABELS) == [
        Utterance("到哪了", "logistics", frozenset({"invoice"})),
        Utterance("开票", "invoice"),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2: not JSON"),
        ("[1]", "line 2: not a JSON object"),
        ('{"label": "invoice"}', "line 2: there is no `text`"),
        ('{"text": " ", "label": "invoice"}', "line 2: there is no `text`"),
        ('{"text": "x"}', "line 2: unknown label None"),
        ('{"text": "x", "label": "weather"}', "line 2: unknown label 'weather'"),
        ('{"text": "x", "label": ["invoice"]}', "line 2: unknown label"),
        ('{"text": "x", "label": "invoice", "also": ["weather"]}', "line 2: unknown label 'weather'"),
        ('{"text": "x", "label": "invoice", "also": "greeting"}', "line 2: `also` is not a list"),
        ('{"text": "x", "mapped": "weather"}', "line 2: unknown label 'weather'"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, says: str) -> None:
    path = file(tmp_path, '{"text": "到哪了", "label": "logistics"}', line)
    with pytest.raises(BadInput) as raised:
        utterances(path, LABELS)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("anger", ["3", "true", '"1"', "null", "[1]"])
def test_a_bad_level_is_named(tmp_path: Path, anger: str) -> None:
    with pytest.raises(BadInput, match="line 1: `anger` must be 0, 1 or 2"):
        moods(file(tmp_path, f'{{"text": "x", "anger": {anger}}}'))


def test_a_missing_an_empty_and_an_undecodable_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        utterances(tmp_path / "none.jsonl", LABELS)
    with pytest.raises(BadInput, match="no row"):
        utterances(file(tmp_path, ""), LABELS)
    (tmp_path / "gbk.jsonl").write_bytes("到哪了".encode("gbk"))
    with pytest.raises(BadInput, match="UTF-8"):
        moods(tmp_path / "gbk.jsonl")


@pytest.mark.parametrize("what", ["intent", "anger", "handoff"])
def test_a_refusal_is_one_line_and_no_figures(what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main([what, str(tmp_path / "none.jsonl"), "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("evaluate: ")
    assert said.err.count("\n") == 1


def test_errors_are_written_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "errors.jsonl"
    write_errors(path, intent_errors(PAIRS))
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(row["text"], row["gold"], row["predicted"]) for row in rows] == [
        ("c", "invoice", "logistics"),
        ("e", "invoice", "out_of_scope"),
    ]
    with pytest.raises(BadInput, match="cannot be written"):
        write_errors(tmp_path, [])


def test_handoff_figures_of_hand_made_decisions() -> None:
    decision = Decision("angry", "生气", 8, 3.0, ())
    pairs = [
        (Dialogue((Said("customer", "x"),), gold), decision if called else None)
        for gold, called in [(True, True), (True, False), (False, True), (False, False)]
    ]
    found = handoffs.figures(pairs)
    assert (found.rows, found.precision, found.recall, found.f1) == (4, 0.5, 0.5, 0.5)
    assert list(json.loads(as_json(found))) == ["rows", "precision", "recall", "f1"]


def test_unclear_dialogues_and_turns_without_words_are_left_out(tmp_path: Path) -> None:
    turns = (
        '[{"role": "customer", "text": "在吗"}, {"role": "agent", "text": ""}, {"role": "customer", "text": "转人工"}]'
    )
    path = file(tmp_path, f'{{"turns": {turns}, "label": "handoff"}}\n{{"turns": {turns}, "label": "unclear"}}')
    (row,) = dialogues(path)
    assert row.handoff
    assert [turn.text for turn in row.turns] == ["在吗", "转人工"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('{"turns": [], "label": "keep"}', "line 1: there are no `turns`"),
        ('{"turns": [{"role": "agent", "text": "x"}], "label": "keep"}', "the last of `turns` must be the customer's"),
        ('{"turns": [{"role": "bot", "text": "x"}], "label": "keep"}', "needs a `role`, customer or agent"),
        ('{"turns": [{"role": "customer", "text": "x"}], "label": "yes"}', "`label` must be handoff, keep or unclear"),
    ],
)
def test_a_bad_dialogue_is_named(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        dialogues(file(tmp_path, row))
