"""Finds order numbers and the last four digits of a phone in a plain text, however shoppers write them.

Chinese numerals count as digits, and spaces, hyphens and dots inside a number do not matter. Pure functions: text in,
mentions out. Boundaries are ASCII look-arounds, because `\\b` sees none between a digit and a Chinese character.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Optional

Kind = Literal["order_number", "phone_tail"]

ORDER_DIGITS = 14
LONGEST_ORDER_NUMBER = 24
REACH = 30

_NUMERALS = str.maketrans("零〇○一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖", "00011122233445566778899")
_NUMERAL_RUN = re.compile(
    r"[0-9零〇○一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖](?:[ \-]?[0-9零〇○一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖]){3,}"
)
_GROUP = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=no)|(?<=number)|(?<=order))[0-9]+(?![A-Za-z0-9])", re.IGNORECASE)
_JOINT = re.compile(r"[ \-–—_.·*]{1,4}")
_DATED = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]+")
_PHONE = re.compile(r"(?:86)?1[3-9][0-9]{9}")

_BEFORE_TAIL = re.compile(
    r"(?:尾号|尾数|[后末]\s*[四4]\s*[位个]|手机|电话|last\s+(?:four|4)|end(?:s|ing)?\s+(?:in|with)|ending|phone|mobile|tail)"
    r"[^0-9,。;!?]{0,12}$",
    re.IGNORECASE,
)
_AFTER_TAIL = re.compile(r"^\s*(?:结尾|是?(?:我的?)?(?:手机|电话)?(?:号码?)?(?:的)?(?:尾号|[后末][四4]位))")
_MASKED = re.compile(r"1[0-9]{2}\s?\*{3,4}\s?$")
_BEFORE_AMOUNT = re.compile(r"[¥$€满减花价付]\s*$")
_AFTER_AMOUNT = re.compile(
    r"^\s*(?:[元块钱折%年月日点分秒件个岁寸码米斤克天款版]|公斤|毫升|积分|(?:g|kg|ml|cm|mm|w|yuan|rmb|pieces)(?![A-Za-z]))",
    re.IGNORECASE,
)
_NOT = re.compile(r"(?:不是|不对|并非|而不是|错了|not|isn't|wrong)\s*$", re.IGNORECASE)
_DENIAL = re.compile(r"不是|不对|错了|说错|是错的|\bnot\b|\bwrong\b", re.IGNORECASE)
_FILLER = re.compile(
    r"订单号?码?|单号|原来|以前|之前|找到|编号|尾号|尾数|手机号?码?|电话号?码?|[后末][四4][位个]|号码|应该|好像|这个|可能|我的|就是|分别|然后|还有|"
    r"[是我的吧呀啊哦嗯呢哈了在和跟与加为那个好对您你请查看一下亲]|"
    r"\b(?:it'?s|is|the|my|are|here|sorry|ok|order|number|no|and|phone|last|four|digits|ending|in|with|yes|sure|mobile|i|think|maybe|"
    r"tail|please|hi|thanks)\b|[^\w]|_",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Mention:
    """A number found: what it is, its digits, and where it stands in the plain text."""

    kind: Kind
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class _Group:
    digits: str
    start: int
    end: int


def find_mentions(text: str) -> list[Mention]:
    """At most one order number and one phone tail; of several the last that is not denied ("not …41 but …42")."""
    readable = _with_digits(text)
    chains = list(_chains(readable))
    if not chains:
        return []
    found: list[Mention] = []
    loose: list[_Group] = []
    only_numbers = _is_only_numbers(readable)
    for chain in chains:
        if only_numbers and _is_spelt_out(chain):
            found.append(Mention("phone_tail", "".join(g.digits for g in chain), chain[0].start, chain[-1].end))
            continue
        for piece in _read(chain):
            if isinstance(piece, Mention):
                found.append(piece)
            elif len(piece.digits) == 4:
                loose.append(piece)
    number = _meant(readable, [mention for mention in found if mention.kind == "order_number"])
    tails = [mention for mention in found if mention.kind == "phone_tail"]
    nothing_else_said = number is not None or only_numbers
    tails += [
        Mention("phone_tail", g.digits, g.start, g.end) for g in loose if _is_tail(readable, g, nothing_else_said)
    ]
    tail = _meant(readable, sorted(tails, key=lambda mention: mention.start))
    return sorted((mention for mention in (number, tail) if mention), key=lambda mention: mention.start)


def _with_digits(text: str) -> str:
    """The text with Chinese numerals in runs of four and more as digits; lengths stay as they are."""
    return _NUMERAL_RUN.sub(lambda run: run.group().translate(_NUMERALS), text)


def _chains(text: str) -> Iterator[list[_Group]]:
    """Groups of digits, together when only spaces, hyphens and the like stand between them."""
    chain: list[_Group] = []
    for match in _GROUP.finditer(text):
        if chain and not _JOINT.fullmatch(text, chain[-1].end, match.start()):
            yield chain
            chain = []
        chain.append(_Group(match.group(), match.start(), match.end()))
    if chain:
        yield chain


def _is_spelt_out(chain: list[_Group]) -> bool:
    """Four digits one by one or in pairs: "3 3 8 8", "33 88"."""
    return [len(group.digits) for group in chain] in ([1, 1, 1, 1], [2, 2])


def _read(chain: list[_Group]) -> Iterator[Mention | _Group]:
    """The mentions in a chain, and the groups that belong to none."""
    window = _find_window(chain)
    if window is None:
        yield from chain
        return
    kind, first, last = window
    digits = "".join(group.digits for group in chain[first:last])
    yield from _read(chain[:first])
    value = digits[-4:] if kind == "phone_tail" else digits
    yield Mention(kind, value, chain[first].start, chain[last - 1].end)
    yield from _read(chain[last:])


def _find_window(chain: list[_Group]) -> Optional[tuple[Kind, int, int]]:
    """The best run of groups that together read as a number: a dated order number, a phone, any other long number."""
    windows = [
        (first, last) for first in range(len(chain)) for last in range(first + 1, min(len(chain), first + 8) + 1)
    ]
    joined = {window: "".join(group.digits for group in chain[slice(*window)]) for window in windows}
    for window, digits in joined.items():
        if len(digits) == ORDER_DIGITS and _DATED.fullmatch(digits):
            return ("order_number", *window)
    for window, digits in joined.items():
        if _PHONE.fullmatch(digits):
            return ("phone_tail", *window)
    for window, digits in joined.items():
        alone = window[1] - window[0] == 1 or window == (0, len(chain))
        if alone and ORDER_DIGITS - 2 <= len(digits) <= LONGEST_ORDER_NUMBER:
            return ("order_number", *window)
    return None


def _is_tail(text: str, group: _Group, nothing_else_said: bool) -> bool:
    """Four digits are a phone's when the shopper says so, when they come with an order number, or when nothing else is said."""
    before, after = text[max(0, group.start - REACH) : group.start], text[group.end : group.end + REACH]
    if _BEFORE_AMOUNT.search(before) or _AFTER_AMOUNT.match(after):
        return False
    if _BEFORE_TAIL.search(before) or _AFTER_TAIL.match(after) or _MASKED.search(before):
        return True
    return nothing_else_said


def _is_only_numbers(text: str) -> bool:
    """Whether a message is numbers and the words that usually go with them ("应该是3388吧", "it's 3388")."""
    return not _FILLER.sub("", _DENIAL.sub("", re.sub(r"[0-9]+", " ", text)))


def _meant(text: str, mentions: list[Mention]) -> Optional[Mention]:
    affirmed = [mention for mention in mentions if not _NOT.search(text[max(0, mention.start - REACH) : mention.start])]
    return affirmed[-1] if affirmed else None
