"""What shoppers say, as the assistant learns it: one sentence stands once, under one intent, and was written for this project."""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import pytest
import yaml
from rasa.shared.nlu.training_data.entities_parser import find_entities_in_training_example

from bot.components.normaliser import normalise, simplified_characters
from tests.conversation import ROOT

NLU = ROOT / "data/nlu"
SHARED = ROOT.parent / "shared/data"
FEWEST = (80, 25)
# Turns inside a dialogue the assistant has opened itself; there is less to say, and less is said in different ways.
FEWEST_INSIDE = {
    "provide_order_details": (50, 30),
    "dont_know_number": (50, 25),
    "correct_number": (50, 25),
    "another_order": (50, 25),
    "try_again": (25, 15),
    "choose_order": (15, 15),
    "phone_question": (20, 10),
    "change_language": (12, 10),
    "hurry": (80, 25),
    "task_answer": (5, 3),
    "resume_task": (6, 4),
    "check_returnable": (3, 2),
}
NEVER_SAID = {"nlu_fallback"}
ALIKE = 0.9
ALIKE_FROM = 6
SHORT = 3
OPENING = 4
SAME_OPENING = 12

FINAL_PARTICLES = "吗呢啊呀哦吧嘛么哈啦了"
CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]")


class Example(NamedTuple):
    """One sentence; `plain` has letters and digits only, `core` also lost its final particles and the values of its numbers."""

    intent: str
    text: str
    plain: str
    core: str

    def __str__(self) -> str:
        return f"{self.intent}: {self.text}"


def plain_form(text: str) -> str:
    """A text without case, width, punctuation and spaces; a text of nothing else stays as it is."""
    normal = normalise(text, simplified_characters()).text.lower()
    return "".join(filter(str.isalnum, normal)) or normal.strip()


def core_form(plain: str) -> str:
    """What is left of a plain form when final particles go and every number becomes one sign; bare numbers stay themselves."""
    core = re.sub(r"\d+", "0", plain).rstrip(FINAL_PARTICLES)
    return plain if core in ("", "0") else core


def blocks() -> Iterator[dict[str, Any]]:
    for file in sorted(NLU.glob("*.yml")):
        yield from yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]


@lru_cache(maxsize=1)
def examples() -> tuple[Example, ...]:
    found = []
    for block in blocks():
        for line in block["examples"].splitlines():
            plain = plain_form(line.removeprefix("- "))
            found.append(Example(block["intent"], line.removeprefix("- "), plain, core_form(plain)))
    return tuple(found)


def groups(by: str) -> list[list[Example]]:
    """The examples that share a form with another one."""
    sharing: dict[str, list[Example]] = defaultdict(list)
    for example in examples():
        sharing[getattr(example, by)].append(example)
    return [group for group in sharing.values() if len(group) > 1]


def listed(rows: list[Any]) -> str:
    return "\n".join(" | ".join(map(str, row)) if isinstance(row, (list, tuple)) else str(row) for row in rows)


def test_an_intent_is_one_block_of_plain_lines() -> None:
    names = [block["intent"] for block in blocks()]
    assert len(names) == len(set(names))
    for block in blocks():
        assert set(block) == {"intent", "examples"}
        assert all(line.startswith("- ") and line[2:].strip() for line in block["examples"].splitlines()), block[
            "intent"
        ]


def test_chinese_stands_before_english() -> None:
    """Whoever edits a file finds the two languages apart; digits and signs alone belong to either."""
    for intent, sentences in texts_of_intents().items():
        order = [bool(CHINESE.search(text)) for text in sentences if CHINESE.search(text) or LATIN.search(text)]
        assert order == sorted(order, reverse=True), intent


def texts_of_intents() -> dict[str, list[str]]:
    texts: dict[str, list[str]] = defaultdict(list)
    for example in examples():
        texts[example.intent].append(example.text)
    return texts


def test_the_domain_and_the_examples_name_the_same_intents() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    known = {name for entry in domain for name in ([entry] if isinstance(entry, str) else entry)}
    assert {example.intent for example in examples()} == known - NEVER_SAID


@pytest.mark.parametrize("intent", sorted(texts_of_intents()))
def test_there_is_enough_of_both_languages(intent: str) -> None:
    texts = texts_of_intents()[intent]
    chinese = [text for text in texts if CHINESE.search(text)]
    english = [text for text in texts if LATIN.search(text) and not CHINESE.search(text)]
    least_chinese, least_english = FEWEST_INSIDE.get(intent, FEWEST)
    assert len(chinese) >= least_chinese
    assert len(english) >= least_english


def test_no_entity_is_annotated() -> None:
    """Entities are found by patterns; a mark in a sentence would be read as part of what shoppers say."""
    wrong = [example for example in examples() if find_entities_in_training_example(example.text)]
    assert not wrong, listed(wrong)


def test_a_sentence_stands_once() -> None:
    twice = groups("plain")
    assert not twice, listed(twice)


def test_intents_differ_by_more_than_a_particle_or_a_number() -> None:
    mixed = [group for group in groups("core") if len({example.intent for example in group}) > 1]
    assert not mixed, listed(mixed)


def test_no_two_intents_have_nearly_the_same_sentence() -> None:
    alike = list(alike_across_intents())
    assert not alike, listed(alike)


def alike_across_intents() -> Iterator[tuple[Example, Example]]:
    """Pairs of different intents whose sets of character pairs overlap by ALIKE (Jaccard).

    Two such sets share one of their rarest members, so only examples which meet there are compared.
    """
    pairs = {example: pairs_of(example.core) for example in examples() if len(example.core) >= ALIKE_FROM}
    frequency = Counter(pair for of_one in pairs.values() for pair in of_one)
    met: dict[str, list[Example]] = defaultdict(list)
    for example, own in pairs.items():
        rarest = sorted(own, key=lambda pair: (frequency[pair], pair))
        others: set[Example] = set()
        for pair in rarest[: len(own) - math.ceil(ALIKE * len(own)) + 1]:
            others.update(met[pair])
            met[pair].append(example)
        for other in others:
            both = len(own & pairs[other])
            if other.intent != example.intent and both >= ALIKE * (len(own) + len(pairs[other]) - both):
                yield other, example


def pairs_of(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(max(1, len(text) - 1)))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the utterances to measure with lie beside the repository")
def test_nothing_was_copied_from_what_measures_us() -> None:
    measured = {plain for plain in map(plain_form, shared_texts()) if len(plain) > SHORT}
    cores = {core for core in map(core_form, measured) if len(core) > SHORT}
    copied = [
        example
        for example in examples()
        if (len(example.plain) > SHORT and example.plain in measured)
        or (len(example.core) > SHORT and example.core in cores)
    ]
    assert not copied, listed(copied)


def shared_texts() -> Iterator[str]:
    for file in sorted(SHARED.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield from (turn["text"] for turn in row.get("turns", [row]))


def test_common_openings_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """Many sentences that begin alike read like a filled-in template; people judge that, so it is shown and not refused."""
    openings = Counter(
        (example.intent, example.plain[:OPENING]) for example in examples() if CHINESE.search(example.plain[:OPENING])
    )
    frequent = [
        f"{intent} {opening}… {count}" for (intent, opening), count in openings.most_common() if count > SAME_OPENING
    ]
    with capsys.disabled():
        print(f"\nopenings shared by more than {SAME_OPENING} sentences: {', '.join(frequent) or 'none'}")
