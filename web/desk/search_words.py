"""How text is made findable, Chinese too, the same way for both databases: characters, pairs of neighbours, and words.

Chinese has no blanks, so a run of its characters is kept as its characters and its pairs: 退货单 is 退 货 单 退货 货单. One character
is found as itself, two as a pair, and more by all their pairs and a look at the text itself, whether they stand in that order.
"""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

CJK = "々〇\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(rf"(?P<cjk>[{CJK}]+)|[^\W_{CJK}]+")
LONGEST_WORD = 64
MOST_TERMS = 32
MOST_WORDS, LONGEST_RUN = 20_000, 4_000
"""Of one conversation: PostgreSQL keeps at most 1 MiB of them. Only who writes to fill the archive gets there."""


class Term(Struct, frozen=True):
    """What is looked for. All `words` must be in the index, or with `prefix` the one word, as the beginning of one.

    `exact` is to stand in the text just so, where the words alone would not tell.
    """

    shown: str
    words: list[str]
    prefix: bool
    exact: str | None = None


def plain(text: str) -> str:
    """The text in the form that is kept for searching: full-width letters as usual ones, nothing that PostgreSQL refuses."""
    return unicodedata.normalize("NFKC", text).replace("\0", " ")


def fold(text: str) -> str:
    """Small letters, sign for sign, so that places in it are places in the text."""
    return "".join(small if len(small := sign.lower()) == 1 else sign for sign in text)


def index_words(text: str) -> list[str]:
    """Each word of a text once, sorted."""
    found: set[str] = set()
    for run in RUN.finditer(fold(plain(text))):
        if run["cjk"]:
            found.update(run[0][:LONGEST_RUN], pairs(run[0][:LONGEST_RUN]))
        else:
            found.add(run[0][:LONGEST_WORD])
        if len(found) >= MOST_WORDS:
            break
    return sorted(found)


def terms(asked: str) -> list[Term]:
    """What somebody looks for; all of the terms must be there. Nothing for a text without letters or digits."""
    found: dict[str, Term] = {}
    for run in RUN.finditer(fold(plain(asked))):
        text = run[0][:LONGEST_WORD]
        if not run["cjk"]:
            # Numbers are found whole only: from their beginnings, a hidden phone could be guessed digit by digit.
            found[text] = Term(text, [text], prefix=not text.isdecimal())
        else:
            found[text] = Term(text, pairs(text) or [text], prefix=False, exact=text if len(text) > 2 else None)
    return list(found.values())[:MOST_TERMS]


def pairs(run: str) -> list[str]:
    """Its pairs of neighbours."""
    return [run[at : at + 2] for at in range(len(run) - 1)]
