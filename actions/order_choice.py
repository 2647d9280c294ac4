"""Which of the orders that were offered a shopper means by words: "第二个", "the last one", "羊绒围巾那个". Pure functions.

Nothing is guessed: a message counts only when it is nothing but an ordinal, a name or a state, and fits exactly one order.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

Offered = dict[str, str]

_ORDINAL = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
}
_ORDINAL |= {"numberone": 1, "numbertwo": 2, "numberthree": 3, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5}
_LAST = frozenset({"最后", "最下面", "最早", "last"})
_NEWEST = frozenset({"最近", "最新", "最上面", "newest", "latest", "mostrecent"})
_NUMBER = re.compile(r"(?:第|number|no\.?|option|#)?([一二两三四五1-5])(?:[号號单單个個件条條项項]|st|nd|rd|th)?")
_FRAME = (
    r"[\s,，.。!！?？~、“”\"']|(?:(?:那|这|哪)?(?<!第)一?[个個件单單条條])|那|这|的|我(?:想|要)?|想?看|选|查|是|就|要|呢|吧|啊|一下|帮我|请|订单|訂單|到哪了?|怎么样了?"
    r"|什么时候到|\b(?:the|one|order|my|please|show|me|i|want|mean|it'?s|that|where|is)\b"
)
_BEFORE = re.compile(rf"^(?:{_FRAME})+", re.IGNORECASE)
_AFTER = re.compile(rf"(?:{_FRAME})+$", re.IGNORECASE)
_LETTERS_AT_LEAST = 3
_CHARACTERS_AT_LEAST = 2


def offer(number: str, label: str, state: str, names: Sequence[str]) -> Offered:
    """What is kept of an order that is offered: its number, its button's label, and by what it can be named."""
    return {"number": number, "label": label, "state": _plain(state), "names": _plain(" ".join(names))}


def buttons_of(offered: Sequence[Offered]) -> list[dict[str, str]]:
    """A button for each order."""
    return [
        {"title": one["label"], "payload": "/choose_order" + json.dumps({"order_number": one["number"]})}
        for one in offered
    ]


def chosen_in_words(text: str, offered: Any) -> str | None:
    """The number of the order that a message means, or None when it means none or more than one."""
    if not isinstance(offered, list) or not offered:
        return None
    text = unicodedata.normalize("NFKC", text)
    place = place_in(text, len(offered))
    if place is not None:
        return offered[place - 1]["number"] if place <= len(offered) else None
    named = _plain(_AFTER.sub("", _BEFORE.sub("", text)))
    least = _LETTERS_AT_LEAST if named.isascii() else _CHARACTERS_AT_LEAST
    if len(named) < least:
        return None
    fitting = [one["number"] for one in offered if named == one["state"] or named in one["names"]]
    return fitting[0] if len(fitting) == 1 else None


def place_in(text: str, count: int) -> int | None:
    """The place in a list of so many that a message names, from 1; None when it is no place."""
    bare = _plain(_AFTER.sub("", _BEFORE.sub("", text)))
    if bare in _LAST:
        return count
    if bare in _NEWEST:
        return 1
    if bare in _ORDINAL:
        return _ORDINAL[bare]
    number = _NUMBER.fullmatch(bare)
    return None if number is None else _ORDINAL.get(number.group(1)) or int(number.group(1))


def _plain(text: str) -> str:
    return re.sub(r"[\s的,，.。!！?？·]+", "", text).casefold()
