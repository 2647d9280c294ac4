"""Features, concepts and calibration, on a handful of sentences."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.components.concepts import Concepts
from bot.components.features import KINDS, Weights, terms_of
from bot.components.intent_classifier import best_temperature, softmax
from bot.components.signals import examples_of
from bot.components.sources import PROJECT

CONCEPTS = Concepts({"refund": ["退款", "reimburs*"], "parcel": ["快递", "mail"], "number": [12315]})
WORDS = yaml.safe_load((PROJECT / "data" / "concepts.yml").read_text(encoding="utf-8"))
TRICKY = {
    "a": ["ab*", "b-c", "e卡", "退*"],
    "b": ["abc", "what's up", "618"],
    "c": ["c", "plus", "plus会员"],
    "d": ["é*"],
}


def pattern(words: Sequence[object]) -> re.Pattern[str]:
    """What the words of a concept say as a regular expression."""
    parts = []
    for word in map(str, words):
        if re.search(r"[\u3400-\u9fff]", word):
            parts.append(re.escape(word))
        else:
            ending = "[a-z]*" if word.endswith("*") else ""
            parts.append(rf"(?<![a-z]){re.escape(word.rstrip('*'))}{ending}(?![a-z])")
    return re.compile("|".join(parts))


@given(
    st.lists(
        st.sampled_from([str(word) for words in (WORDS | TRICKY).values() for word in words])
        | st.sampled_from(["ing", "s", "z", " ", "-", "*", "的", "É", "1"]),
        max_size=8,
    ).map("".join)
)
def test_concepts_are_those_of_patterns(text: str) -> None:
    for words in (WORDS, TRICKY):
        expected = sorted(name for name, listed in words.items() if pattern(listed).search(text))
        assert Concepts(words).touched(text) == expected


def test_concepts_of_examples_are_those_of_patterns() -> None:
    concepts = Concepts(WORDS)
    patterns = {name: pattern(listed) for name, listed in WORDS.items()}
    for path in sorted((PROJECT / "data" / "signals").glob("*.yml")):
        for text in map(str.lower, examples_of(path)[::4]):
            assert concepts.touched(text) == sorted(name for name, one in patterns.items() if one.search(text))


@pytest.mark.parametrize(
    ("text", "touched"),
    [
        ("我要退款", ["refund"]),
        ("i want a reimbursement", ["refund"]),
        ("unreimbursed", []),
        ("e-mail me", ["parcel"]),
        ("mailing list", []),
        ("快递退款打12315", ["number", "parcel", "refund"]),
        ("", []),
    ],
)
def test_concepts_are_words_of_one_meaning(text: str, touched: list[str]) -> None:
    assert CONCEPTS.touched(text) == touched


def test_concepts_come_in_pairs_too_and_none_is_said() -> None:
    assert CONCEPTS.terms("快递退款") == ["parcel", "refund", "parcel+refund"]
    assert CONCEPTS.terms("你好") == ["none"]


def test_long_repetitions_and_masks_weigh_no_more() -> None:
    assert terms_of("急急急急急", [], CONCEPTS) == terms_of("急急", [], CONCEPTS)
    assert terms_of("[订单编号x]呢", [], CONCEPTS)["c"] == terms_of("δ呢", [], CONCEPTS)["c"]


def test_terms_are_counted_in_the_order_in_which_they_come() -> None:
    terms = terms_of("急 急b", ["急", "急", "b"], CONCEPTS)
    assert list(terms["c"].items()) == list(
        Counter(["急", " ", "急", "b", "急 ", " 急", "急b", "急 急", " 急b"]).items()
    )
    assert terms["w"] == {"急": 2, "b": 1, "急_急": 1, "急_b": 1}


def test_values_are_those_of_the_formula_in_double_precision() -> None:
    messages = [terms_of(text, list(text), CONCEPTS) for text in ("退款退款快点", "快点退款", "退款呢呢", "快点快点呢")]
    weights = Weights.learn(messages)
    for terms in messages:
        expected: list[float] = []
        for kind, weight in KINDS.items():
            idf = {name: float(weights.idf[column]) for name, column in weights.columns.items() if name[0] == kind}
            counts = [(f"{kind}{term}", count) for term, count in terms[kind].items()]
            kept = [(1 + math.log(count)) * idf[name] for name, count in counts if name in idf]
            length = math.sqrt(sum(value * value for value in kept)) or 1.0
            expected += [weight * value / length for value in kept]
        assert weights.vector(terms)[1].tolist() == np.array(expected, dtype=np.float32).tolist()


def test_unknown_terms_weigh_nothing_and_kinds_weigh_alike() -> None:
    messages = [terms_of(text, [text], CONCEPTS) for text in ("我要退款", "我要退款吗", "快递呢", "快递呢呢")]
    weights = Weights.learn(messages)
    columns, values = weights.vector(terms_of("xyz", ["xyz"], CONCEPTS))
    assert (
        [name for name, column in weights.columns.items() if column in columns] == ["knone"] if len(columns) else True
    )
    columns, values = weights.vector(messages[0])
    names = {column: name for name, column in weights.columns.items()}
    of_characters = [value for column, value in zip(columns, values, strict=True) if names[column][0] == "c"]
    assert np.isclose(np.square(of_characters).sum(), 1.0, atol=1e-5)
    assert weights.matrix(messages).shape == (4, len(weights.columns))


def test_temperature_makes_scores_honest() -> None:
    """Margins that are right in seven cases of ten must not claim certainty."""
    margins = np.tile([5.0, 0.0], (10, 1))
    right = np.array([0] * 7 + [1] * 3)
    scores = softmax(margins, best_temperature(margins * 0.2, right) * 5)
    assert abs(scores[0, 0] - 0.7) < 0.05
    assert np.allclose(scores.sum(axis=1), 1.0)


def test_an_empty_word_of_a_concept_is_named() -> None:
    with pytest.raises(ValueError, match="refund has an empty word"):
        Concepts({"refund": ["退款", "*"]})
