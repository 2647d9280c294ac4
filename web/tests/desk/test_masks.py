"""Personal data is hidden whole, however it is written, and what is hidden stays as it is."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from web.desk.masks import mask_address, mask_contact, mask_mail, mask_name, mask_phone, mask_text, spoken_name

FULL_WIDTH = {str(digit): chr(ord("０") + digit) for digit in range(10)}
BETWEEN = ["", "", "", " ", "-", " - ", "　", "－", "·", "\u200b", "(", ") ", ".", "_", "\n"]
SIGNS = some.one_of(some.characters(), some.sampled_from("0123456789-: 年月.@aTEL电话20/*"))
AROUND = some.text(SIGNS, max_size=25)


@pytest.mark.parametrize(
    ("name", "masked"),
    [("王小明", "王**"), ("王*", "王**"), ("王**", "王**"), (" Anna Smith ", "A**"), ("", ""), ("欧阳娜娜", "欧**")],
)
def test_only_the_first_sign_of_a_name_is_shown(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13812341234", "138****1234"),
        ("打我电话１３８-1234 5678，谢谢", "打我电话138****5678，谢谢"),
        ("TEL13812345678", "TEL138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("ID8613812345678", "ID138****5678"),
        ("138.1234.5678", "138****5678"),
        ("座机 0571-88886666", "座机 ****6666"),
        ("身份证 11010119900307123X 麻烦了", "身份证 ****123X 麻烦了"),
        ("卡号 6222 0212 3456 7890 123", "卡号 ****0123"),
        ("写给 wang.xm@mail.cn", "写给 w***@mail.cn"),
        ("12345678@qq.com", "****@qq.com"),
        ("a＠b.cn", "a***＠b.cn"),
    ],
)
def test_personal_data_in_a_text_is_hidden(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "订单 20261120000042 到哪了",
        "退货单 RT20261125000007",
        "顺丰 SF1234567890123",
        "2026-11-28 10:30 还没到",
        "价格 12999.00 元，数量 3",
        "等了 3 天，11 月 28 日 15:04",
    ],
)
def test_what_the_desk_works_with_stays_readable(text: str) -> None:
    assert mask_text(text) == text


def test_number_beside_an_order_is_still_found() -> None:
    assert mask_text("20261120000042 13812345678") == "20261120000042 138****5678"
    assert mask_text("2026-11-28 10:30 13812345678") == "2026-11-28 10:30 138****5678"


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("浙江省杭州市西湖区文三路 1 号 2 幢 303 室", "浙江省杭州市西湖区****"),
        ("上海市浦东新区世纪大道 1 号", "上海市浦东新区****"),
        ("12 Main Street", "****"),
        ("", ""),
    ],
)
def test_address_is_shown_down_to_the_district(address: str, masked: str) -> None:
    assert mask_address(address) == masked


@pytest.mark.parametrize(
    ("contact", "masked"),
    [
        ("13812345678", "138****5678"),
        ("w@mail.cn", "w***@mail.cn"),
        ("微信 blueteapot", "微***"),
        ("12345678", "****78"),
        ("", ""),
    ],
)
def test_contact_is_hidden_whatever_it_is(contact: str, masked: str) -> None:
    assert mask_contact(contact) == masked


@pytest.mark.parametrize(
    ("name", "lang", "spoken"),
    [("王小明", "zh", "王先生/女士"), ("欧阳娜", "zh", "欧阳先生/女士"), ("小鱼儿", "zh", "顾客"), ("Anna", "zh", "顾客"),
     ("", "zh", "顾客"), ("Anna", "en", "there")],
)  # fmt: skip
def test_a_greeting_says_no_more_than_the_mask_shows(name: str, lang: str, spoken: str) -> None:
    assert spoken_name(name, lang) == spoken


@some.composite
def phones(draw: some.DrawFn) -> tuple[str, str]:
    """A mobile number, and how somebody writes it."""
    digits = (
        "1" + draw(some.text("3456789", min_size=1, max_size=1)) + draw(some.text("0123456789", min_size=9, max_size=9))
    )
    written = digits[0]
    for digit in digits[1:]:
        written += draw(some.sampled_from(BETWEEN)) + draw(some.sampled_from([digit, FULL_WIDTH[digit]]))
    return digits, written


@settings(max_examples=250, deadline=None)
@given(phones(), AROUND, AROUND)
def test_no_whole_phone_number_is_ever_shown(phone: tuple[str, str], before: str, after: str) -> None:
    digits, written = phone
    if before[-1:].isdecimal() or after[:1].isdecimal():
        return  # then it is a part of a longer number
    for mask in (mask_text, mask_phone, mask_mail, mask_contact):
        shown = "".join(
            str(unicodedata.decimal(one)) if one.isdecimal() else one for one in mask(before + written + after)
        )
        assert digits not in _near(shown)


def _near(shown: str) -> str:
    """The text with what may stand inside a number taken out; other words keep two numbers apart."""
    return re.sub("[" + re.escape("".join({sign for text in BETWEEN for sign in text})) + "]", "", shown)


@settings(max_examples=250, deadline=None)
@given(some.one_of(some.text(), AROUND, some.builds(lambda a, phone, b: a + phone[1] + b, AROUND, phones(), AROUND)))
def test_masking_again_changes_nothing(text: str) -> None:
    for mask in (mask_text, mask_name, mask_address, mask_contact):
        assert mask(mask(text)) == mask(text)


EVIL = "1" * 3000 + " 1 12:00" * 150
"""Half of it, as one message of a shopper, once held the desk up for two seconds and more, each time it was shown."""


@pytest.mark.parametrize("text", ["1" * 100_000, "1 " * 50_000, "a." * 50_000, "10:30 " * 300 + "1 " * 10_000, EVIL])
def test_long_texts_are_masked_at_once(text: str) -> None:
    began = time.monotonic()
    mask_text(text)
    assert time.monotonic() - began < 2
