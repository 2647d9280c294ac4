"""Amounts, dates, carriers, products, coupons, sizes and colours, in both languages."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message

from bot.components.entity_patterns import EntityFileError, wordings
from bot.components.entity_pieces import chinese_number
from bot.components.order_entities import OrderEntities
from bot.components.shop_entities import ORDER, ShopEntities, ShopWordings
from bot.components.sources import PROJECT

FOLDER = PROJECT / "data" / "entities"
SHOP = PROJECT / "shop" / "seed"
WORDINGS = ShopWordings.from_folder(FOLDER)


def found(text: str, entity: str) -> list[tuple[str, str]]:
    return [(text[find.start : find.end], find.value) for find in WORDINGS.read(text) if find.entity == entity]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("退了我99元", [("99元", "99.00")]),
        ("两百块的那个", [("两百块", "200.00")]),
        ("¥59.9能便宜吗", [("¥59.9", "59.90")]),
        ("花了1,299.50元", [("1,299.50元", "1299.50")]),
        ("一共三十五块五", [("三十五块五", "35.50")]),
        ("35块5毛8", [("35块5毛8", "35.58")]),
        ("就差5毛", [("5毛", "0.50")]),
        ("一块半", [("一块半", "1.50")]),
        ("三百五十块钱", [("三百五十块钱", "350.00")]),
        ("三百五块", [("三百五块", "350.00")]),
        ("买了1万的货", [("1万", "10000.00")]),
        ("一万二千块", [("一万二千块", "12000.00")]),
        ("充了2千块", [("2千块", "2000.00")]),
        ("200多块", [("200多块", "200.00")]),
        ("rmb 88", [("rmb 88", "88.00")]),
        ("it cost 20 yuan", [("20 yuan", "20.00")]),
        ("I paid $20", [("$20", "USD 20.00")]),
        ("refund my 15.5 dollars", [("15.5 dollars", "USD 15.50")]),
        ("退€30", [("€30", "EUR 30.00")]),
        ("10元优惠券减了10元", [("10元", "10.00"), ("10元", "10.00")]),
        # What follows belongs to the next word.
        ("35块5件", [("35块", "35.00")]),
        ("退了35块一直没到", [("35块", "35.00")]),
        ("两块三块都行", [("两块", "2.00"), ("三块", "3.00")]),
    ],
)
def test_amounts(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, "amount") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天能到吗", [("今天", "day+0")]),
        ("昨天买的前天发的", [("昨天", "day-1"), ("前天", "day-2")]),
        ("明天送", [("明天", "day+1")]),
        ("周三到", [("周三", "week+0-3")]),
        ("周三十点到", [("周三", "week+0-3")]),
        ("上周五下的单", [("上周五", "week-1-5")]),
        ("下个星期天", [("下个星期天", "week+1-7")]),
        ("11月3号买的", [("11月3号", "--11-03")]),
        ("十一月三日", [("十一月三日", "--11-03")]),
        ("11月 3 号", [("11月 3 号", "--11-03")]),
        ("11.3号", [("11.3号", "--11-03")]),
        ("3号发货", [("3号", "---03")]),
        ("上个月28号", [("上个月28号", "month-1-28")]),
        ("2026-11-03", [("2026-11-03", "2026-11-03")]),
        ("2026/11/3 2026.11.03", [("2026/11/3", "2026-11-03"), ("2026.11.03", "2026-11-03")]),
        ("二零二六年十一月三日", [("二零二六年十一月三日", "2026-11-03")]),
        ("11.11买的", [("11.11", "--11-11")]),
        ("双十一一起买的", [("双十一", "--11-11")]),
        ("去年双11", [("去年双11", "year-1-11-11")]),
        ("618买的", [("618", "--06-18")]),
        ("3天前买的", [("3天前", "day-3")]),
        ("bought it yesterday", [("yesterday", "day-1")]),
        ("the day before yesterday", [("the day before yesterday", "day-2")]),
        ("it was last Friday", [("last Friday", "week-1-5")]),
        ("by friday please", [("friday", "week+0-5")]),
        ("since Nov 3", [("Nov 3", "--11-03")]),
        ("3rd of November", [("3rd of November", "--11-03")]),
        ("November 3rd, 2026", [("November 3rd, 2026", "2026-11-03")]),
        ("2 days ago", [("2 days ago", "day-2")]),
        # No such day.
        ("2026-02-30", []),
        ("2月30号", [("30号", "---30")]),
    ],
)
def test_dates(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, "date") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("发顺丰吗", [("顺丰", "SF")]),
        ("中通快递太慢", [("中通快递", "ZTO")]),
        ("圆通还是韵达", [("圆通", "YTO"), ("韵达", "YD")]),
        ("京东物流到了没", [("京东物流", "JD")]),
        ("可以发邮政吗", [("邮政", "EMS")]),
        ("极兔的件", [("极兔", "JT")]),
        ("can you ship by SF Express", [("SF Express", "SF")]),
        ("yto or ems?", [("yto", "YTO"), ("ems", "EMS")]),
        ("is it J&T", [("J&T", "JT")]),
    ],
)
def test_carriers(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, "carrier") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("优惠券用不了", [("优惠券", "coupon")]),
        ("这张券过期了", [("券", "coupon")]),
        ("满减券叠加吗", [("满减券", "full_reduction")]),
        ("满300减40", [("满300减40", "full_reduction")]),
        ("红包没到账", [("红包", "red_packet")]),
        ("东券能用吗", [("东券", "jd_coupon")]),
        ("优惠码SAVE20无效", [("优惠码SAVE20", "SAVE20")]),
        ("my coupon expired", [("coupon", "coupon")]),
        ("the voucher is gone", [("voucher", "voucher")]),
        ("code SUMMER does nothing", [("code SUMMER", "SUMMER")]),
        ("promo code new2026 fails", [("promo code new2026", "NEW2026")]),
    ],
)
def test_coupons(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, "coupon") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("要M码", [("M码", "M")]),
        ("换成L", [("L", "L")]),
        ("xl还有吗", [("xl", "XL")]),
        ("2XL有吗", [("2XL", "XXL")]),
        ("换大号", [("大号", "L")]),
        ("均码的吗", [("均码", "free")]),
        ("42码有吗", [("42码", "42")]),
        ("38.5码", [("38.5码", "38.5")]),
        ("四十二码", [("四十二码", "42")]),
        ("36码半", [("36码半", "36.5")]),
        ("38号有货吗", [("38号", "38")]),
        ("换大一码", [("大一码", "+1")]),
        ("想要小一号", [("小一号", "-1")]),
        ("one size up please", [("one size up", "+1")]),
        ("two sizes down", [("two sizes down", "-2")]),
        ("size 42 please", [("size 42", "42")]),
        ("in size M", [("size M", "M")]),
        ("is it one size", [("one size", "free")]),
    ],
)
def test_sizes(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, "size") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("有黑色的吗", [("黑色的", "black")]),
        ("换成白的", [("白的", "white")]),
        ("藏青还是墨绿", [("藏青", "navy"), ("墨绿", "dark-green")]),
        ("酒红色那条", [("酒红色", "wine-red")]),
        ("in navy blue", [("navy blue", "navy")]),
        ("the orange one", [("orange", "orange")]),
        ("a grey or a gray one", [("grey", "grey"), ("gray", "grey")]),
    ],
)
def test_colours(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, "colour") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("羊绒围巾掉毛", [("羊绒围巾", "cl01")]),
        ("围巾掉毛", [("围巾", "scarf")]),
        ("T恤和牛仔裤", [("T恤", "t_shirt"), ("牛仔裤", "jeans")]),
        ("跑步鞋开胶", [("跑步鞋", "shoes")]),
        ("the mixed nuts are stale", [("mixed nuts", "fd02")]),
        ("my headphones broke", [("headphones", "headphones")]),
    ],
)
def test_products(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, "product") == expected


@pytest.mark.parametrize(
    "text",
    [
        "一个",
        "我要退",
        "买了一件",
        "小米",
        "白条怎么还",
        "黑心商家",
        "大家好",
        "orange juice",
        "一块发吧",
        "一块儿寄",
        "万一坏了呢",
        "千万别发",
        "第三方",
        "3号楼",
        "五号电池",
        "有3个人",
        "一周三次",
        "买中通知我",
        "手机号不对",
        "验证码",
        "5千克",
        "今天气真好",
        "it's mine",
        "I'm here",
        "may I ask",
        "H&M",
        "5L",
        "dress code",
        "black friday",
        "20 pieces",
        "promocode",
        "12345",
        "",
        " ",
        "???",
    ],
)
def test_nothing_is_found(text: str) -> None:
    assert WORDINGS.read(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("红包", [("coupon", "red_packet")]),
        ("618元", [("amount", "618.00")]),
        ("38号", [("size", "38")]),
        ("28号", [("date", "---28")]),
        ("11.11元", [("amount", "11.11")]),
    ],
)
def test_of_two_readings_one_counts(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(find.entity, find.value) for find in WORDINGS.read(text)] == expected


def test_many_in_one_message_in_the_order_of_the_text() -> None:
    finds = WORDINGS.read("退那件藏青M码的羽绒服,昨天用99元优惠券买的,顺丰发的")
    assert [(find.entity, find.value) for find in finds] == [
        ("colour", "navy"),
        ("size", "M"),
        ("product", "down_jacket"),
        ("date", "day-1"),
        ("amount", "99.00"),
        ("coupon", "coupon"),
        ("carrier", "SF"),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三", 3), ("十", 10), ("十二", 12), ("三十五", 35), ("一百零五", 105), ("三百五", 350), ("两千三", 2300), ("两千零三", 2003),
        ("三千五百", 3500), ("一万", 10000), ("一万二", 12000), ("十二万三千", 123000), ("二零二六", 2026), ("零", 0),
        ("万一", None), ("千万", None), ("三五", None), ("百", None), ("一一二", None), ("一万万", None),
    ],
)  # fmt: skip
def test_chinese_numbers(text: str, value: int | None) -> None:
    assert chinese_number(text) == value


def entities(*texts: str) -> list[list[dict[str, object]]]:
    messages = [Message.build(text) for text in texts]
    component = ShopEntities.create(ShopEntities.get_default_config(), None, None, None)  # type: ignore[arg-type]
    component.process(OrderEntities().process(messages))
    return [message.get("entities", []) for message in messages]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("訂單裡的\u200b羊絨圍巾,９９．５元", {"product": "羊絨圍巾", "amount": "９９．５元"}),
        ("Ｍ碼黑色", {"size": "Ｍ碼", "colour": "黑色"}),
        ("👍🏽順豐发,￥５９", {"carrier": "順豐", "amount": "￥５９"}),
        ("Ｎｏｖ　３", {"date": "Ｎｏｖ　３"}),
    ],
)
def test_offsets_are_those_of_the_original_text(text: str, expected: dict[str, str]) -> None:
    (found_here,) = entities(text)
    assert {str(e["entity"]): text[e["start"] : e["end"]] for e in found_here} == expected  # type: ignore[misc]


def test_entities_are_what_rasa_expects() -> None:
    ((entity,),) = entities("退99元")
    assert entity == {
        "entity": "amount",
        "value": "99.00",
        "start": 1,
        "end": 4,
        "confidence": 1.0,
        "extractor": "ShopEntities",
    }


@pytest.mark.parametrize(
    "text", ["20261120000042", "订单号2026-11-20-0000-42", "订单20261120000042尾号3338", "手机尾号三三四二", "3842"]
)
def test_order_numbers_and_phones_are_nothing_else(text: str) -> None:
    (found_here,) = entities(text)
    assert found_here
    assert {entity["entity"] for entity in found_here} <= {"order_number", "phone_tail"}


def test_beside_an_order_number_others_are_found() -> None:
    (found_here,) = entities("订单20261120000042退我99元")
    assert [entity["entity"] for entity in found_here] == ["order_number", "amount"]


@given(st.text(max_size=80) | st.text(alphabet="0123456789.元块毛一二十百万周月号年/-M码 ", max_size=40))
def test_finds_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    finds = WORDINGS.read(text)
    assert all(0 <= find.start < find.end <= len(text) and find.value for find in finds)
    assert all(one.end <= other.start for one, other in pairwise(finds))


def test_spacy_is_spared_only_what_it_would_not_find(monkeypatch: pytest.MonkeyPatch) -> None:
    fixed = [wording.text for wording in wordings(FOLDER) if not wording.has_slots]
    texts = [f"那{one}{other}吗" for one, other in pairwise(fixed)] + [text[:-1] for text in fixed] + fixed
    read = [WORDINGS.read(text) for text in texts]
    assert not WORDINGS._may_hold_fixed(["怎", "么", "退"])
    monkeypatch.setattr(ShopWordings, "_may_hold_fixed", lambda self, words: True)
    assert [WORDINGS.read(text) for text in texts] == read


def test_the_vocabulary_does_not_grow_with_what_shoppers_write() -> None:
    WORDINGS.read("word 1 一")
    strings = WORDINGS._nlp.vocab.strings
    before = len(strings)
    WORDINGS.read(
        " ".join(f"neverseen{chr(97 + n % 26)}{chr(97 + n // 26)} 7{n:03d}.{n:03d}" for n in range(100)) + "鑫饕餮"
    )
    assert len(strings) - before < 5
    assert "鑫" not in strings


def declared() -> dict[str, object]:
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    return {name: settings for entry in domain["entities"] for name, settings in entry.items()}


def test_every_entity_is_declared_and_leaves_the_dialogue_alone() -> None:
    names = {path.stem for path in FOLDER.glob("*.yml")}
    assert names == set(ORDER)
    for name in names:
        assert declared().get(name) == {"influence_conversation": False}


def test_the_carriers_of_the_shop_are_known() -> None:
    for carrier in json.loads((SHOP / "carriers.json").read_text(encoding="utf-8")):
        assert found(carrier["name"], "carrier") == [(carrier["name"], carrier["code"])]


@pytest.mark.parametrize("name", ["name", "name_en"])
def test_the_products_of_the_shop_are_known(name: str) -> None:
    for product in json.loads((SHOP / "products.json").read_text(encoding="utf-8")):
        text = product[name].replace("–", "-")
        assert (text, product["id"]) in found(text, "product")


def write(folder: Path, text: str, name: str = "colour") -> Path:
    (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "colour.yml, line 1: names with values are needed here"),
        ("values: [", "colour.yml, line 1: this is not YAML"),
        ("exceptions: {zh: [红心]}", "colour.yml, line 1: values are missing"),
        ("values: {}", "colour.yml, line 1: values are missing"),
        ("values:\n  red: [红色]", "colour.yml, line 2: names with values are needed here"),
        ("values:\n  red: {zh: 红色}", "colour.yml, line 2: a list is needed here"),
        ("values:\n  red: {zh: []}", "colour.yml, line 2: red has no wording"),
        ("values:\n  red: {fr: [rouge]}", "colour.yml, line 2: fr is not known here, only en, zh"),
        ("values:\n  red: {zh: ['']}", "colour.yml, line 2: a word is needed here"),
        ("values:\n  red: {zh: [红色]}\n  blue:\n    zh: [蓝色,\n      红色]", "colour.yml, line 5: 红色 stands in colour.yml, line 2"),
        ("values:\n  red: {zh: [红色]}\n  red: {zh: [红]}", "colour.yml, line 3: red stands here twice"),
        ("values:\n  <colour>: {zh: [<colour>色]}", "colour.yml, line 2: <colour> is no placeholder, only code, day"),
        ("values:\n  <money>: {zh: [<yuan>元]}", "colour.yml, line 2: <yuan>元 has no <money>, which the value needs"),
        ("values:\n  red: {zh: [<day>红<day>]}", "colour.yml, line 2: <day> stands in <day>红<day> twice"),
        ("values:\n  red: {zh: [红色]}\nwords: []", "colour.yml, line 3: words is not known here, only exceptions, values"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_file_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(EntityFileError) as raised:
        ShopWordings.from_folder(write(tmp_path, text))
    assert sentence in str(raised.value)


def test_a_wording_in_two_files_is_named(tmp_path: Path) -> None:
    write(tmp_path, "values:\n  orange: {en: [orange]}")
    write(tmp_path, "values:\n\n  fruit: {en: [Orange]}", "product")
    with pytest.raises(EntityFileError, match=r"product.yml, line 3: Orange stands in colour.yml, line 2 already"):
        ShopWordings.from_folder(tmp_path)


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(EntityFileError, match="has no pattern files"):
        ShopWordings.from_folder(tmp_path)


def test_wordings_may_be_written_in_any_form(tmp_path: Path) -> None:
    own = ShopWordings.from_folder(write(tmp_path, "values:\n  red: {zh: [紅色, ＲＥＤ, 618]}\n  no: {en: [no]}"))
    assert [find.value for find in own.read("红色 red 618 no")] == ["red", "red", "red", "no"]


def test_an_exception_counts_only_where_it_reaches_beyond_the_find(tmp_path: Path) -> None:
    own = ShopWordings.from_folder(write(tmp_path, "values:\n  red: {zh: [红, 大红包]}\nexceptions: {zh: [红包]}"))
    assert [find.end for find in own.read("红 红包 大红包")] == [1, 8]


def test_an_entity_of_ones_own_needs_only_a_file(tmp_path: Path) -> None:
    own = ShopWordings.from_folder(write(tmp_path, "values:\n  xiaomi: {zh: [小米], en: [xiaomi]}", "brand"))
    assert [(find.entity, find.value) for find in own.read("小米 or Xiaomi")] == [("brand", "xiaomi")] * 2


def test_fingerprint_follows_the_pattern_files(tmp_path: Path) -> None:
    config = {"patterns": str(write(tmp_path, "values:\n  red: {zh: [红色]}"))}
    before = ShopEntities.fingerprint_addon(config)
    write(tmp_path, "values:\n  red: {zh: [红色, 大红]}")
    assert ShopEntities.fingerprint_addon(config) != before
    assert ShopEntities.fingerprint_addon({}) == ShopEntities.fingerprint_addon({"patterns": "data/entities"})
