"""How text becomes words that both databases find again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.desk.search_words import fold, index_words, plain, terms
from web.desk.snippets import snippet


def test_chinese_becomes_characters_and_pairs() -> None:
    assert index_words("退货单") == sorted(["退", "货", "单", "退货", "货单"])


def test_words_and_numbers_become_small() -> None:
    assert index_words("iPhone15手机壳, ＳＦ123-45!") == sorted(["iphone15", *"手机壳", "手机", "机壳", "sf123", "45"])


def test_lines_do_not_run_into_each_other() -> None:
    assert "退货" not in index_words("我要退\n货到了")


def test_what_is_looked_for() -> None:
    found = {term.shown: (term.words, term.prefix, term.exact) for term in terms("退货运费 SF12 退 SF12")}
    assert found == {
        "退货运费": (["退货", "货运", "运费"], False, "退货运费"),
        "sf12": (["sf12"], True, None),
        "退": (["退"], False, None),
    }
    assert terms("!?  ——") == []


@pytest.mark.parametrize("rare", ["𠮷野家", "ひらがな", "한국어", "café", "ÅNGSTRÖM", "Ⅳ", "１２３", "ﬁne", "İstanbul"])
def test_every_script_finds_itself(rare: str) -> None:
    words = set(index_words(f"前{rare} 后"))
    for term in terms(rare):
        assert all(
            any(word.startswith(wanted) if term.prefix else word == wanted for word in words) for wanted in term.words
        )


@given(st.text(max_size=40))
def test_words_are_safe_to_quote(text: str) -> None:
    for word in index_words(text):
        assert not set(word) & set("'\"\\ \t\n\0")
        assert word


@given(st.text(max_size=60))
def test_folding_keeps_places(text: str) -> None:
    assert len(fold(plain(text))) == len(plain(text))


@given(st.text(alphabet="退货单a1 <&\n", max_size=40), st.text(alphabet="退货a<", min_size=1, max_size=3))
def test_place_is_escaped_whatever_was_written(text: str, asked: str) -> None:
    shown = snippet(text, terms(asked))
    if shown is not None:
        bare = shown.replace("<mark>", "").replace("</mark>", "")
        assert "<" not in bare
        assert shown.count("<mark>") == shown.count("</mark>") > 0


def test_place_is_marked_with_its_surroundings() -> None:
    text = "您好。" * 30 + "我想<b>退货</b>,单号 SF1234。" + "谢谢。" * 60
    shown = snippet(text, terms("退货 sf12"))
    assert shown is not None
    assert "我想&lt;b&gt;<mark>退货</mark>&lt;/b&gt;" in shown
    assert "<mark>SF12</mark>34" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 200
    assert snippet("别的", terms("退货")) is None
