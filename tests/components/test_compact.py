"""Words by number and sparse rows answer as the dict and the array that they stand for."""

from __future__ import annotations

import jieba
import numpy as np
import pytest

from bot.components.compact import SparseRows, WordNumbers
from bot.components.signals import examples_of
from bot.components.sources import PROJECT
from bot.components.tokenizer import private_jieba


def test_words_have_their_numbers() -> None:
    words = WordNumbers([("退货", 3), ("refund", 0)])
    words["快递"] = 7
    words["refund"] = 5
    assert (words["退货"], words["refund"], words.get("快递")) == (3, 5, 7)
    assert len(words) == 3
    assert "退货" in words and "退" not in words
    assert words.get("退") is None and words.get("退", 1) == 1
    with pytest.raises(KeyError, match="退"):
        words["退"]


def test_texts_of_the_same_bytes_are_different_words() -> None:
    assert "BP".encode("latin-1") == "偂".encode("utf-16-le")  # and Python hashes both alike
    assert WordNumbers([("BP", 1)]).get("偂") is None


def test_jieba_knows_what_its_own_dictionary_makes() -> None:
    stock = jieba.Tokenizer()
    frequencies, total = stock.gen_pfdict(stock.get_dict_file())
    ours = private_jieba("")
    assert len(ours.FREQ) == len(frequencies) > 400_000
    assert ours.total == total
    assert [word for word, number in frequencies.items() if ours.FREQ.get(word) != number] == []


def test_words_are_cut_as_by_a_dict() -> None:
    stock = jieba.Tokenizer()
    stock.FREQ, stock.total = stock.gen_pfdict(stock.get_dict_file())
    stock.initialized = True
    for word in ("极兔速递", "店丄"):  # 丄 alone is no word
        stock.add_word(word)
    ours = private_jieba("极兔速递\n店丄\n# 注释\n")
    texts = [
        "极兔速递的快递到哪了",
        "BP机还能退货吗,订单SF1234567890",
        "我要转人工!!骗子",
        "where is my order 偂",
        "我的店丄呢",
    ]
    for text in texts + examples_of(PROJECT / "data" / "signals" / "calm.yml")[::10]:
        assert list(ours.tokenize(text)) == list(stock.tokenize(text))
        assert list(ours.cut(text, HMM=False)) == list(stock.cut(text, HMM=False))


@pytest.mark.parametrize("rows", [1, 5, 45_000])
def test_rows_are_those_of_the_array(rows: int) -> None:
    chance = np.random.default_rng(3)
    matrix = np.where(chance.random((rows, 66)) < 0.2, chance.normal(size=(rows, 66)), 0).astype(np.float16)
    matrix[1:2] = 0
    matrix[2:3, 4] = -0.0
    sparse = SparseRows(matrix)
    for count in (0, 1, 200):
        taken = chance.integers(0, rows, count).astype(np.int32)
        found = sparse[taken]
        assert found.dtype == np.float32
        assert np.array_equal(found, matrix.astype(np.float32)[taken])
