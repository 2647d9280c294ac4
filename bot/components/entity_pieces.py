"""Cuts a plain text into pieces for the matching of entities: one a Chinese character, one a word or a number of the rest.

jieba's words will not do, because a pattern must find 红色 in any company. A piece that is a number, a day of the week, a month's name
or a code says which placeholders of a pattern it can fill, and with what text ("三百五" fills `<money>` with "350.00").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple, Optional

PLACEHOLDERS = frozenset(
    "number money yuan jiao fen days year month month_name month_day day weekday size shoe ten_thousands code".split()
)
"""What may stand between angle brackets in `data/entities/*.yml`; the comments there say what each is."""

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_LONG_MONTHS = "january february march april may june july august september october november december".split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_NAMES: dict[str, dict[str, str]] = {
    **{
        name: {"month_name": f"{index:02d}"} for names in (_MONTHS, _LONG_MONTHS) for index, name in enumerate(names, 1)
    },
    "sept": {"month_name": "09"},
    **{name: {"weekday": str(index)} for index, name in enumerate(_DAYS, 1)},
    **{name: {"weekday": str(index)} for index, name in enumerate("mon tue wed thu fri sat sun".split(), 1)},
    **{name: {"weekday": index} for name, index in {"tues": "2", "weds": "3", "thur": "4", "thurs": "4"}.items()},
}
_CHINESE_DAYS = {
    **{day: str(index) for index, day in enumerate("一二三四五六日", 1)},
    "天": "7",
    **{d: d for d in "1234567"},
}
_NUMERALS = {**{numeral: value for value, numeral in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2}
_TIMES = {"百": 100, "千": 1000, "万": 10000}

_PIECE = re.compile(
    r"(?P<weekday>(?:(?<=周)|(?<=星期)|(?<=礼拜))[一二三四五六日天1-7](?![0-9百千万]))"
    # "双十一一起买的" is no twenty-one.
    r"|(?P<eleven>(?<=双)十[一二])"
    r"|(?P<ordinal>[0-9]{1,2}(?:st|nd|rd|th)(?![a-z]))"
    r"|(?P<number>(?<![0-9]\.)[0-9]+\.[0-9]+(?!\.?[0-9])|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+)(?P<times>[百千万])?"
    r"|(?P<code>(?!(?:rmb|cny|usd|eur|gbp|size|eu|uk|us|code|[a-z]|x+l|jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[0-9])"
    r"[a-z]+[0-9][a-z0-9]*)"
    r"|(?P<word>[a-z]+(?:'[a-z]+)*)"
    r"|(?P<numeral>[零〇一二两三四五六七八九十百千万]+)"
    r"|[^\s]",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(?:([{0}])千)?(零)?(?:([{0}])百)?(零)?(?:([{0}])?(十))?(零)?([{0}])?".format("一二两三四五六七八九")
)
_SIZES = frozenset("SML")
_CENT = Decimal("0.01")


class Piece(NamedTuple):
    """A span of the plain text; `word` is how it is compared, `fills` the text for each placeholder that it can fill."""

    start: int
    end: int
    word: str
    fills: Mapping[str, str]


def pieces_of(text: str) -> Iterator[Piece]:
    """The pieces of a plain text. Words are in lower case, but not the letters of sizes: "M" is one, "m" a metre."""
    for match in _PIECE.finditer(text):
        found = match.group()
        kind = match.lastgroup
        word = found if found in _SIZES else found.lower()
        yield Piece(match.start(), match.end(), word, _fills(match, kind) if kind else {})


def _fills(match: re.Match[str], kind: str) -> Mapping[str, str]:
    found = match.group()
    if kind == "word":
        is_code = len(found) > 3 and found.isupper()
        return _NAMES.get(found.lower(), {"code": found} if is_code else {})
    if kind == "code":
        return {"code": found.upper()}
    if kind == "weekday":
        value = chinese_number(found) if found in _NUMERALS else int(found) if found.isdecimal() else None
        return {"weekday": _CHINESE_DAYS[found], **({} if value is None else _of_number(Decimal(value)))}
    if kind == "ordinal":
        day = int(found[:-2])
        return {"number": str(day), **({"day": f"{day:02d}"} if 1 <= day <= 31 else {})}
    if kind in ("numeral", "eleven"):
        value = chinese_number(found)
        return {} if value is None else _of_number(Decimal(value), whole=True, tens=found.endswith("万"))
    digits, times = match.group("number").replace(",", ""), match.group("times")
    number = Decimal(digits) * _TIMES.get(times or "", 1)
    return _of_number(number, "." not in digits and not times, times == "万") | _day_with_point(digits)


def _of_number(number: Decimal, whole: bool = True, tens: bool = False) -> dict[str, str]:
    fills = {"number": str(number)}
    if 0 < number < 10**9:
        fills["money"] = str(number.quantize(_CENT, ROUND_HALF_UP))
        if tens:
            fills["ten_thousands"] = fills["money"]
    if 20 <= number <= 60 and number * 2 == int(number * 2):
        fills["size"] = f"{number:.1f}".removesuffix(".0")
        if 34 <= number <= 47:
            fills["shoe"] = fills["size"]
    if whole and 0 < number < 10**6:
        fills |= _of_whole_number(int(number))
    return fills


def _of_whole_number(number: int) -> dict[str, str]:
    fills = {"yuan": str(number)}
    if number < 10:
        fills |= {"jiao": str(number), "fen": str(number)}
    if number < 100:
        fills["days"] = str(number)
    if number <= 12:
        fills["month"] = f"{number:02d}"
    if number <= 31:
        fills["day"] = f"{number:02d}"
    if 2000 <= number < 2100:
        fills["year"] = str(number)
    return fills


def _day_with_point(digits: str) -> dict[str, str]:
    """What a number with a point is as a day ("11.3", 3 November)."""
    month, _, day = digits.partition(".")
    fits = len(month) <= 2 and 1 <= len(day) <= 2 and 1 <= int(month) <= 12 and 1 <= int(day) <= 31
    return {"month_day": f"{int(month):02d}-{int(day):02d}"} if fits else {}


def chinese_number(text: str) -> Optional[int]:
    """A number in Chinese numerals below a hundred million: "三十五", "两万", "三百五", a year "二零二六"; None for "万一"."""
    if len(text) == 4 and all(character in _NUMERALS for character in text):
        return int("".join(str(_NUMERALS[character]) for character in text))
    above, ten_thousand, below = text.rpartition("万")
    if not ten_thousand:
        return _section(text)
    first, rest = _section(above), _section(below) if below else 0
    if first is None or rest is None:
        return None
    return first * 10000 + (rest * 1000 if len(below) == 1 and rest < 10 else rest)


def _section(text: str) -> Optional[int]:
    if text in ("零", "〇"):
        return 0
    match = _SECTION.fullmatch(text)
    if not text or not match or not any(match.group(place) for place in (1, 3, 6, 8)):
        return None
    thousands, gap, hundreds, gap_after, tens, ten, last_gap, units = match.groups()
    unit = _NUMERALS.get(units or "", 0)
    if unit and not ten and not (gap_after or last_gap or (gap and not hundreds)):
        # "三百五" is 350 and "两千三" 2300.
        unit *= 10 if hundreds else 100 if thousands else 1
    whole = _NUMERALS.get(thousands or "", 0) * 1000 + _NUMERALS.get(hundreds or "", 0) * 100
    return whole + (_NUMERALS.get(tens or "", 1) * 10 if ten else 0) + unit
