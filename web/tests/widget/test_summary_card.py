"""The summary card in the panel: what is to be confirmed, what was done, how something stands; and long choices."""

from typing import Any

import pytest
from playwright.async_api import FrameLocator, Page, expect

from .door import Door

pytestmark = pytest.mark.asyncio(loop_scope="session")

ADDRESS = "浙江省杭州市余杭区仓前街道文一西路 969 号 3 号楼 2 单元 1801 室，张女士 138****0000"
CARD: dict[str, Any] = {
    "type": "summary",
    "kind": "confirm",
    "title": "退货申请",
    "number": "RT20261125000007",
    "items": [{"name": "羊绒围巾", "spec": "驼色", "quantity": 1, "price": "1299.00", "image": None}],
    "rows": [{"label": "退款", "value": "¥249.00", "strong": True}, {"label": "取件", "value": "11月26日 09:00–12:00"}],
    "link": {"label": "上传照片", "url": "http://127.0.0.1:9/p?a=1"},
    "reasons": [{"text": "签收第 5 天，在 7 天内", "holds": True}, {"text": "商品是定制的", "holds": False}],
    "note": "收到退货后 7 天内退款。",
}
LEAST: dict[str, Any] = {"type": "summary", "kind": "info", "title": "能不能退", "rows": []}
OFF = [
    {"kind": "offer"},
    {"title": ""},
    {"title": {"zh": "退货"}},
    {"rows": None},
    {"rows": [{"label": "退款", "value": 249}]},
    {"rows": [None]},
    {"items": "围巾"},
    {"items": [{"spec": "驼色"}]},
    {"reasons": [{"text": "在 7 天内", "holds": "yes"}]},
    {"note": ["退款"]},
]
WIDER_THAN_ITS_BOX = """(node) => [node, ...node.querySelectorAll("*")].filter((one) => one.clientWidth > 1 &&
  getComputedStyle(one).display !== "inline" && (one.scrollWidth > one.clientWidth ||
  one.getBoundingClientRect().right > node.getBoundingClientRect().right + 0.5)).map((one) => one.className || one.tagName)"""


async def test_it_tells_everything(chat: FrameLocator, door: Door, complaints: list[str]) -> None:
    await door.say("bot", "确认提交吗？", card=CARD)
    card = chat.get_by_role("article", name="退货申请 RT20261125000007")
    texts = (
        "退货申请",
        "RT20261125000007",
        "羊绒围巾",
        "驼色",
        "×1",
        "¥1,299.00",
        "11月26日 09:00–12:00",
        "收到退货后 7 天内退款。",
    )
    for text in texts:
        await expect(card).to_contain_text(text)
    await expect(card.get_by_test_id("row").locator("strong")).to_have_text("¥249.00")
    await expect(card.get_by_test_id("copy")).to_have_count(1)
    assert complaints == []


async def test_what_is_said_with_it_stands_above(chat: FrameLocator, door: Door) -> None:
    await door.say("bot", "其他两件不能退。确认提交吗？", card=CARD)
    said = await chat.get_by_text("其他两件不能退。确认提交吗？").bounding_box()
    card = await chat.get_by_test_id("card").bounding_box()
    assert said is not None and card is not None
    assert said["y"] + said["height"] < card["y"]
    assert said["width"] < card["width"]


async def test_each_reason_says_whether_it_holds(chat: FrameLocator, door: Door) -> None:
    await door.say("bot", "可以退", card=CARD)
    reasons = chat.get_by_role("list", name="依据").get_by_role("listitem")
    await expect(reasons).to_have_text(["符合：签收第 5 天，在 7 天内", "不符合：商品是定制的"])
    await expect(reasons.nth(0).locator("[data-icon=check]")).to_be_visible()
    await expect(reasons.nth(1).locator("[data-icon=close]")).to_be_visible()


async def test_each_kind_has_its_look(chat: FrameLocator, door: Door) -> None:
    marks = {"confirm": ["请确认"], "receipt": ["已办理"], "info": []}
    borders = {}
    for kind, said in marks.items():
        await door.say("bot", kind, card={**CARD, "kind": kind})
        card = chat.locator(f"[data-testid=card][data-kind={kind}]")
        await expect(card.get_by_test_id("card-mark")).to_have_text(said)
        borders[kind] = await card.evaluate("(node) => getComputedStyle(node).borderTopWidth")
    assert borders == {"confirm": "2px", "receipt": "0px", "info": "0px"}


async def test_what_was_answered_stands_out_no_more(chat: FrameLocator, door: Door) -> None:
    await door.say("bot", "确认吗？", card=CARD, choices=[{"id": "a", "label": "好的"}])
    card = chat.get_by_test_id("card")
    accent = await card.evaluate("(node) => getComputedStyle(node).borderTopColor")
    await chat.get_by_role("button", name="好的").click()
    await expect(chat.get_by_test_id("choice")).to_be_disabled()
    await expect(card).not_to_have_css("border-top-color", accent)


async def test_its_link_opens_a_new_tab_that_learns_nothing(chat: FrameLocator, door: Door) -> None:
    await door.say("bot", "已提交", card=CARD)
    link = chat.get_by_test_id("card").get_by_role("link")
    await expect(link).to_have_text("上传照片（在新窗口打开）")
    await expect(link).to_have_attribute("href", "http://127.0.0.1:9/p?a=1")
    await expect(link).to_have_attribute("target", "_blank")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")


@pytest.mark.parametrize(
    "link",
    [
        {"label": "照片", "url": "javascript:alert(1)"},
        {"label": "照片", "url": "data:text/html,x"},
        {"label": "照片", "url": "/upload"},
        {"label": "照片", "url": ["https://shop.example"]},
        {"label": "", "url": "https://shop.example"},
        {"label": "照片"},
        "https://shop.example",
    ],
)
async def test_what_is_no_web_address_is_no_link(chat: FrameLocator, door: Door, link: object) -> None:
    await door.say("bot", "已提交", card={**CARD, "link": link})
    await expect(chat.get_by_test_id("card")).to_contain_text("退货申请")
    await expect(chat.get_by_test_id("card").locator("a")).to_have_count(0)


@pytest.mark.parametrize("empty", [{}, dict.fromkeys(("number", "items", "link", "reasons", "note"))])
async def test_the_least_card_is_only_a_title(chat: FrameLocator, door: Door, empty: dict[str, None]) -> None:
    await door.say("bot", "能退", card={**LEAST, **empty})
    await expect(chat.get_by_role("article", name="能不能退")).to_have_text("能不能退")
    await door.say("bot", "还有", card={**CARD, "items": [{"name": "围巾"}], "number": "", "reasons": [], "note": ""})
    last = chat.get_by_test_id("card").last
    await expect(last).to_contain_text("围巾")
    await expect(last).not_to_contain_text("×")
    await expect(last.get_by_role("list")).to_have_count(1)


@pytest.mark.parametrize("off", OFF)
async def test_a_malformed_card_leaves_the_message(chat: FrameLocator, door: Door, off: dict[str, Any]) -> None:
    await door.say("bot", "确认吗？", card={**CARD, **off}, choices=[{"id": "a", "label": "确认"}])
    await expect(chat.get_by_text("确认吗？")).to_be_visible()
    await expect(chat.get_by_role("button", name="确认", exact=True)).to_be_enabled()
    await expect(chat.get_by_test_id("card")).to_have_count(0)


async def test_other_broken_cards_leave_the_message_too(chat: FrameLocator, door: Door) -> None:
    for card in ({"type": "order", "number": "1"}, {"type": "constructor"}, "summary"):
        await door.say("bot", f"文字在 {card}", card=card)
        await expect(chat.get_by_text(f"文字在 {card}")).to_be_visible()
    await expect(chat.get_by_test_id("card")).to_have_count(0)


async def test_its_own_words_follow_the_language(chat: FrameLocator, door: Door) -> None:
    await chat.get_by_test_id("menu").click()
    await chat.get_by_test_id("language-en").click()
    await door.say("bot", "Shall I?", card=CARD)
    await expect(chat.get_by_test_id("card-mark")).to_have_text("Please check")
    await expect(chat.get_by_role("list", name="Why").get_by_role("listitem").nth(1)).to_have_text(
        "Not met: 商品是定制的"
    )


@pytest.mark.parametrize("width", [320, 390])
async def test_long_values_stay_inside(chat: FrameLocator, page: Page, door: Door, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 740})
    long = "x" * 120
    rows = [{"label": "取件地址", "value": ADDRESS}, {"label": "Refund to " + "the account " * 4, "value": long}]
    more = {
        "title": long,
        "number": long,
        "note": long,
        "rows": rows,
        "link": {"label": long, "url": "https://a.example"},
    }
    reasons = [{"text": long, "holds": False}]
    items = [{"name": long, "spec": long, "quantity": 12, "price": "1234567.00"}]
    await door.say("bot", "确认", card={**CARD, **more, "reasons": reasons, "items": items})
    card = chat.get_by_test_id("card")
    await expect(card).to_be_visible()
    assert await card.evaluate(WIDER_THAN_ITS_BOX) == []
    assert await chat.get_by_test_id("log").evaluate("(node) => node.scrollWidth - node.clientWidth") == 0


async def test_a_long_value_begins_under_its_name(chat: FrameLocator, page: Page, door: Door) -> None:
    await page.set_viewport_size({"width": 320, "height": 740})
    rows = [{"label": "取件地址", "value": ADDRESS}, {"label": "退款", "value": "¥1.00"}]
    await door.say("bot", "确认", card={**LEAST, "rows": rows})
    lines = await chat.get_by_test_id("card").evaluate("""(node) => [...node.querySelectorAll(".fact")].map((fact) => {
      const [name, value] = ["dt", "dd"].map((tag) => fact.querySelector(tag).getBoundingClientRect());
      return [value.top >= name.bottom, value.left === name.left, value.left > name.right];
    })""")
    assert lines == [[True, True, False], [False, False, True]]


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_eight_long_choices_wrap(chat: FrameLocator, page: Page, door: Door, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 740})
    labels = [
        "不喜欢" * 13 + "了",
        "W" * 40,
        "Wrong size, please send a larger one soon",
        ADDRESS[:40],
        "坏了",
        "少件",
        "错发",
        "其他",
    ]
    await door.say("bot", "为什么退？", choices=[{"id": str(n), "label": label} for n, label in enumerate(labels)])
    buttons = chat.get_by_test_id("choice")
    await expect(buttons).to_have_count(8)
    await expect(buttons.last).to_be_in_viewport()
    log = chat.get_by_test_id("log")
    assert await log.evaluate("(node) => node.scrollWidth - node.clientWidth") == 0
    inside = await log.evaluate("""(node) => [...node.querySelectorAll(".choice")].every((one) =>
      one.scrollWidth <= one.clientWidth && one.getBoundingClientRect().right <= node.getBoundingClientRect().right - 14)""")
    assert inside
