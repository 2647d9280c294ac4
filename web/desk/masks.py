"""Hides what names a person: names, phones, mails, addresses, and such data inside free text. Pure functions.

Whatever they give is fit to be masked again and stays as it is. Order numbers, dates and tracking numbers stay readable, since the
desk works with them; any other row of seven digits or more is hidden, however it is written (１３８-1234 5678).
"""

from __future__ import annotations

import re
import unicodedata

SHORTEST = 7
PHONE = 11
_BETWEEN = r"[\s.．\-‐‑‒–—―－·_()（）＋+\u200b-\u200f\u2060\ufe0f\u20e3\ufeff]*"
_NUMBER = re.compile(rf"[＋+]?\d(?:{_BETWEEN}\d)*(?:(?<=\d{{17}})[XxＸｘ])?")
_PRICE = re.compile(r"\d{1,8}\.\d{1,2}", re.ASCII)
_HARMLESS = re.compile(
    r"""
    (?<!\d) 20\d{12} (?!\d)                       # an order; with letters before it, a case
    | (?<!\d) (?P<when> 20\d\d ([-/.]) (?:0?[1-9]|1[0-2]) \2 (?:[12]\d|3[01]|0?[1-9]) | \d\d?:\d\d ) (?!\d)
    | (?<![A-Za-z]) [A-Z]{2,3} (?! (?:0*86)? 1[3-9]\d{9} (?!\d) ) \d{12,14} (?!\d)   # a parcel: SF1234567890123
    """,
    re.VERBOSE | re.ASCII,
)
_GAP = re.compile(_BETWEEN[:-1])
"""One sign that may stand between the digits of a number."""
_MAIL = re.compile(r"(?<![\w.+*%-])(?P<local>[\w.+*%-]+)(?P<at>[@＠])(?P<domain>[\w-]+(?:[.．][\w-]+)+)")
_HEAD_OF_ADDRESS = re.compile(r"^(?:[^\d\s]{2,8}?(?:省|自治区))?\s*(?:[^\d\s]{2,8}?市)?\s*(?:[^\d\s]{1,8}?[区县旗])?")
_HIDDEN = "****"
_HAN = re.compile(r"[\u4e00-\u9fff]{2,4}")
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦"
)
_LONG_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "司徒", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "夏侯")


def mask_name(name: str) -> str:
    """王小明 and 王* are 王**, Anna Smith is A**; nothing stays nothing."""
    name = name.strip()
    return f"{_hide_digits(name[0])}**" if name else ""


def spoken_name(name: str, lang: str) -> str:
    """How to address somebody by no more than the surname, which `mask_name` shows too: 王先生/女士. Nicknames are not said."""
    if lang == "en":
        return "there"
    surname = next((one for one in _LONG_SURNAMES if name.startswith(one)), name[:1])
    known = _HAN.fullmatch(name) and len(name) > len(surname) and (len(surname) > 1 or surname in _SURNAMES)
    return f"{surname}先生/女士" if known else "顾客"


def mask_phone(phone: str) -> str:
    """13812341234 is 138****1234; whatever else it holds is masked like free text."""
    return mask_text(phone)


def mask_mail(mail: str) -> str:
    """wang@mail.cn is w***@mail.cn; what is no mail is masked like free text."""
    return mask_text(mail)


def mask_address(address: str) -> str:
    """浙江省杭州市西湖区文三路 1 号 is 浙江省杭州市西湖区****; of an address that names no such place nothing is shown."""
    address = address.strip()
    if not address:
        return ""
    head = _HEAD_OF_ADDRESS.match(address)
    return f"{head[0].strip() if head else ''}{_HIDDEN}"


def mask_contact(contact: str) -> str:
    """How somebody wants to be reached: a phone or a mail as above; of anything else (an account of a messenger) the beginning."""
    masked = mask_text(contact.strip())
    if masked != contact.strip() or "***" in masked:
        return masked
    return f"{_hide_digits(masked[0])}***" if masked else ""


def mask_text(text: str) -> str:
    """Free text without the phones, mails, identity papers and bank cards in it."""
    return _mask_numbers(_MAIL.sub(_mail, text))


def _mail(found: re.Match[str]) -> str:
    return f"{_hide_digits(found['local'][0])}***{found['at']}{found['domain']}"


def _mask_numbers(text: str) -> str:
    """Between what is harmless, each row of digits is looked at."""
    parts, last = [], 0
    for harmless in _HARMLESS.finditer(text):
        if harmless["when"] and not _stands_alone(text, last, harmless.start()):
            continue
        parts += [_NUMBER.sub(_number, text[last : harmless.start()]), harmless[0]]
        last = harmless.end()
    return "".join(parts) + _NUMBER.sub(_number, text[last:])


def _stands_alone(text: str, since: int, at: int) -> bool:
    """Whether a date or time is no part of a number that began before it; only a whole phone, or a masked one, may stand there.

    It goes backwards sign by sign: a search would begin at each digit of a long row, for each of many dates, for seconds.
    """
    while at > since and _GAP.match(text, at - 1):
        at -= 1
    end = at
    while at > since and text[at - 1].isdecimal():
        at -= 1
    return at == end or end - at >= PHONE or text.endswith(_HIDDEN, since, at)


def _number(found: re.Match[str]) -> str:
    digits = "".join(_plain(one) for one in found[0] if one.isdecimal() or one in "XxＸｘ")
    if len(digits) < SHORTEST or _PRICE.fullmatch(found[0]):
        return found[0]
    abroad = re.fullmatch(r"0*86(1\d{10})", digits)
    if abroad is not None:
        digits = abroad[1]
    if len(digits) == PHONE:
        return f"{digits[:3]}{_HIDDEN}{digits[-4:]}"
    shown = 4 if len(digits) > PHONE else 2
    return f"{_HIDDEN}{digits[-shown:]}"


def _plain(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else "X"


def _hide_digits(sign: str) -> str:
    """A single digit tells nothing; it is hidden so that two masked values side by side never read as a number."""
    return "*" if sign.isdecimal() else sign
