"""How angry a message sounds, on what evidence, and what is left of it some messages later."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.anger import Anger, AngerReader, carried
from bot.components.anger_words import AngerFileError
from bot.components.sources import PROJECT

WORDS = PROJECT / "data" / "anger.yml"

SMALL = """\
levels: {annoyed: 1.0, angry: 3.0}
kinds:
  insult:
    weight: 3.0
    words: {zh: [垃圾, 12315], en: [liar*]}
    patterns: {en: ['what a (?:joke|farce)']}
    exceptions: [垃圾袋]
  irritation:
    weight: 1.0
    words: {zh: [无语]}
punctuation:
  marks: {weight: 0.6, pattern: '!{2}'}
negation: ['不是']
still_meant: ['吗']
harmless_after: ['电话']
praise: ['谢谢']
"""


@pytest.fixture(scope="module")
def anger() -> Anger:
    return Anger.from_file(WORDS)


def small(tmp_path: Path, text: str = SMALL) -> Anger:
    path = tmp_path / "anger.yml"
    path.write_text(text, encoding="utf-8")
    return Anger.from_file(path)


def test_a_pattern_is_found_wherever_it_stands(tmp_path: Path) -> None:
    for text in ("what a farce", "well what a joke, what a farce"):
        assert small(tmp_path).read(text).evidence == [part for part in ("what a joke", "what a farce") if part in text]


@pytest.mark.parametrize(
    "text",
    [
        "你们就是一群骗子",
        "什么垃圾客服",
        "气死我了,东西是坏的",
        "我已经打12315了",
        "再不处理我就去消协,还要发微博曝光",
        "法院见",
        "不给退就给差评",
        "you are all liars",
        "this is an absolute disgrace",
        "worst shop ever",
        "I will sue you",
        "fed up with your excuses!!",
    ],
)
def test_angry(anger: Anger, text: str) -> None:
    assert anger.read(text).level == 2


@pytest.mark.parametrize(
    "text",
    [
        "真是无语",
        "太慢了吧",
        "再也不来了",
        "到底能不能退",
        "🙄",
        "你们可真行",
        "thanks for nothing",
        "great job, lost my parcel again",
        "very disappointed",
        "how many times do I have to ask",
        "WHERE IS MY ORDER!!",
    ],
)
def test_annoyed(anger: Anger, text: str) -> None:
    assert anger.read(text).level == 1


@pytest.mark.parametrize(
    "text",
    [
        "我要投诉",
        "我想投诉快递员",
        "我的快递到哪了",
        "谢谢!!!",
        "OMG I LOVE IT!!!",
        "I want to make a complaint",
        "where is my order",
        "SF1234567890123",
        "20261231512345",
        "",
        "   ",
    ],
)
def test_calm(anger: Anger, text: str) -> None:
    assert anger.read(text).level == 0


@pytest.mark.parametrize(
    "text",
    ["我没生气", "我没有生气,就是问问", "不是骗子吧", "是不是骗子", "别生气", "I'm not angry", "it is not a joke"],
)
def test_negated_finds_do_not_count(anger: Anger, text: str) -> None:
    assert anger.read(text).level == 0


@pytest.mark.parametrize("text", ["你们这不是骗人吗", "不是骗子是什么", "你们是不是骗子", "别忽悠我"])
def test_a_question_or_an_order_that_means_it_counts(anger: Anger, text: str) -> None:
    assert anger.read(text).level == 2


@pytest.mark.parametrize(
    "text",
    [
        "客服说“你有病吧”",
        "有人写「骗子」是怎么回事",
        '他回我"滚蛋"',
        "《愤怒的小鸟》有货吗",
        "the label says 'liar liar'",
    ],
)
def test_what_is_quoted_does_not_count(anger: Anger, text: str) -> None:
    assert anger.read(text).level == 0


def test_a_message_that_is_all_quotation_counts(anger: Anger) -> None:
    assert anger.read("“骗子”").level == 2


@pytest.mark.parametrize(
    "text",
    [
        "转人工客服了吗",
        "垃圾袋多少钱一卷",
        "差评怎么改",
        "页面拉到底部在哪",
        "滚筒洗衣机有货吗",
        "烟雾报警器怎么装",
        "相机的曝光补偿在哪调",
        "12315的电话是多少",
        "我妈妈的生日礼物",
        "卧槽这么快",
        "广播操用的鞋",
        "do you sell trash bags",
        "is the angry birds plush in stock",
        "it classifies shellfish",
    ],
)
def test_words_hidden_in_harmless_ones(anger: Anger, text: str) -> None:
    assert anger.read(text).level == 0


def test_evidence_stands_in_the_order_of_the_text(anger: Anger) -> None:
    assert anger.read("骗子!!再不退钱就打12315").evidence == ["骗子", "!!", "12315"]


def test_the_same_word_again_adds_nothing_and_others_add_little(tmp_path: Path) -> None:
    read = small(tmp_path).read
    assert read("垃圾").score == read("垃圾垃圾垃圾").score == 3.0
    assert read("垃圾, 12315, what a farce, liars").score == 5.1
    assert read("无语!!").score == 1.6


def test_shouting_and_marks_add_to_words(anger: Anger) -> None:
    calm, loud = anger.read("this is useless to me"), anger.read("THIS IS USELESS TO ME!!")
    assert loud.score > calm.score
    assert loud.evidence[-1] == "!!"


def test_an_apostrophe_opens_no_quotation(anger: Anger) -> None:
    assert anger.read("you don't know, you're liars, I can't wait").level == 2


def test_reading_is_the_same_each_time(anger: Anger) -> None:
    assert anger.read("骗子, 太慢了!!") == anger.read("骗子, 太慢了!!")


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "!",
        " ",
        "AB ",
        "垃圾",
        "说了",
        "明明说",
        "“说",
        "'a ",
        "i have been ",
        "great job ",
        "how is it so hard ",
        "😡",
        "İ",
    ],
)
def test_long_messages_take_no_time(anger: Anger, piece: str) -> None:
    text = (piece * 2000)[:2000]
    begin = time.perf_counter()
    anger.read(text)
    assert time.perf_counter() - begin < 0.5


def test_mood_fades_and_builds_up(anger: Anger) -> None:
    mood = carried(0.0, 2.6)
    levels = []
    for _ in range(4):
        mood = carried(mood, 0.0)
        levels.append(anger.level_of(mood))
    assert levels == [1, 1, 0, 0]
    mood = 0.0
    mood = carried(mood, 1.2)
    assert anger.level_of(mood) == 1
    assert anger.level_of(carried(mood, 1.2)) == 2


def test_mood_has_a_bottom_and_a_top(anger: Anger) -> None:
    assert carried(-5.0, 0.0) == 0.0
    assert carried(100.0, 100.0) == 6.0
    assert anger.level_of(carried(carried(carried(carried(6.0, 0.0), 0.0), 0.0), 0.0)) == 1


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("weight: 3.0", "weight: much", "anger.yml, line 4, kind insult: a number above 0 is needed here"),
        ("weight: 3.0", "wait: 3.0", "anger.yml, line 4, kind insult: wait is not known here"),
        ("[无语]", "[无语, 垃圾]", "anger.yml, line 10, kind irritation: 垃圾 stands in kind insult already"),
        ("[无语]", "无语", "anger.yml, line 10, kind irritation: a list is needed here"),
        ("[无语]", "[无语, '']", "anger.yml, line 10, kind irritation: a word is needed here"),
        (
            "(?:joke|farce)",
            "(?:joke|farce",
            "anger.yml, line 6, kind insult: the pattern what a (?:joke|farce is wrong",
        ),
        ("(?:joke|farce)", ".*", "anger.yml, line 6, kind insult: the pattern what a .* could take long"),
        (
            "(?:joke|farce)",
            "(?:x{0,9}){0,9}",
            "anger.yml, line 6, kind insult: the pattern what a (?:x{0,9}){0,9} could",
        ),
        ("'!{2}'", "'!{0,2}'", "anger.yml, line 12, punctuation marks: the pattern !{0,2} matches an empty text"),
        ("angry: 3.0", "angry: 0.5", "anger.yml, line 1, levels: angry must be more than annoyed"),
        ("negation: ['不是']\n", "", "anger.yml, line 1, the file: negation is missing"),
        ("kinds:", "kinds: [", "this is not YAML"),
        ("  irritation:", "  insult:", "anger.yml, line 8, kinds: insult stands here twice"),
        ("{zh: [无语]}", "{fr: [zut]}", "anger.yml, line 10, kind irritation: fr is not known here, only en, zh"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(AngerFileError) as raised:
        small(tmp_path, SMALL.replace(old, new, 1))
    assert sentence in str(raised.value)


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AngerFileError, match="the file: names with values are needed"):
        small(tmp_path, "")


def test_component_puts_the_reading_into_what_is_parsed() -> None:
    reader = AngerReader.create(AngerReader.get_default_config(), None, None, None)  # type: ignore[arg-type]
    angry, calm = reader.process([Message.build("騙子！！"), Message.build("在吗")])
    assert angry.as_dict(only_output_properties=True)["anger"] == {
        "level": 2,
        "score": 3.6,
        "evidence": ["骗子", "!!"],
    }
    assert calm.get("anger") == {"level": 0, "score": 0.0, "evidence": []}


def test_fingerprint_follows_the_word_lists(tmp_path: Path) -> None:
    path = tmp_path / "anger.yml"
    path.write_text(SMALL, encoding="utf-8")
    before = AngerReader.fingerprint_addon({"words": str(path)})
    path.write_text(SMALL.replace("无语", "无奈"), encoding="utf-8")
    assert AngerReader.fingerprint_addon({"words": str(path)}) != before
    assert AngerReader.fingerprint_addon({}) == AngerReader.fingerprint_addon({"words": "data/anger.yml"})
