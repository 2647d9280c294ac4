"""A mistake in what agents are advised is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.next_steps_file import FILE, NextStepsError, _read, next_steps
from actions.skills import SKILLS


def test_every_queue_has_advice_in_both_languages() -> None:
    found = next_steps()
    assert set(found.by_skill) == set(SKILLS) - {"complaint"}
    for part in (found.by_rule, found.by_topic, found.by_skill):
        assert all(set(one) == {"zh", "en"} for one in part.values())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  angry: {", "  furious: {", "line 6: furious is not known here"),
        ("  cancel: {", "  cancle: {", "cancle is not known here"),
        ("  general: {zh:", "  general: {de:", "de is not known here"),
        ("  general: {", "  other: {", "other is not known here"),
        ("by_skill:", "skills:", "skills is not known here"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "next_steps.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(NextStepsError, match=r"next_steps\.yml, line \d+: ") as error:
        _read(path)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("by_rule: {}\nby_topic: {}\n", "line 1: by_skill is missing"),
        ("by_rule:\n  angry: {zh: 先道歉}\nby_topic: {}\nby_skill: {}\n", "line 2: angry needs a sentence in en"),
        ("by_rule: {}\nby_topic: {}\nby_skill: {}\n", "line 3: after_sales is missing"),
        ("by_rule: {}\nby_topic: {}\nby_skill:\n  general: {zh: 看, en: ''}\n", "line 4: a word is needed here"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "next_steps.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NextStepsError, match=said):
        _read(path)
