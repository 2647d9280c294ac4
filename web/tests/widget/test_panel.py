"""The panel against a door that the test holds: saying, choosing, losing the link, ending."""

import pytest
from playwright.async_api import FrameLocator, Page, expect

from .door import Door, identity

pytestmark = pytest.mark.asyncio(loop_scope="session")

CARD = {
    "type": "order",
    "number": "20261120000042",
    "state": {"code": "in_transit", "label": "运输中"},
    "items": [{"name": "羊绒围巾", "spec": "驼色", "quantity": 1, "price": "299.00", "image": None}],
    "amount": "1299.00",
    "paid_at": "2026-11-19T02:11:00.000Z",
    "shipped_at": None,
    "shipments": [
        {
            "carrier": "顺丰速运",
            "tracking_number": "SF1",
            "state": {"code": "in_transit", "label": "运输中"},
            "events": [{"at": "2026-11-21T10:02:00.000Z", "text": "快件到达 杭州转运中心"}],
            "unavailable": False,
        },
        {"carrier": "中通快递", "tracking_number": "ZT2", "state": None, "events": [], "unavailable": True},
    ],
    "next": "预计 11 月 23 日送达。",
}


async def say(chat: FrameLocator, text: str) -> None:
    await chat.get_by_test_id("input").fill(text)
    await chat.get_by_test_id("input").press("Enter")


def stored(chat: FrameLocator, text: str):
    return chat.locator("[data-testid=message][data-from=shopper][data-state=sent]", has_text=text)


async def test_a_message_is_sent_stored_and_answered(chat: FrameLocator, door: Door, complaints: list[str]) -> None:
    await say(chat, "在吗")
    await expect(stored(chat, "在吗")).to_have_count(1)
    await door.cast({"type": "typing", "from": "bot"})
    await expect(chat.get_by_test_id("typing")).to_be_visible()
    await door.say("bot", "在的 <b>您好</b>\n看 https://shop.example/a。")
    answer = chat.locator("[data-testid=message][data-from=bot]")
    await expect(answer).to_contain_text("<b>您好</b>")
    await expect(answer.get_by_role("link")).to_have_attribute("href", "https://shop.example/a")
    await expect(answer.get_by_role("link")).to_have_attribute("rel", "noopener noreferrer nofollow")
    await expect(chat.get_by_test_id("typing")).to_have_count(0)
    assert complaints == []


async def test_enter_that_confirms_pinyin_sends_nothing(chat: FrameLocator, door: Door) -> None:
    field = chat.get_by_test_id("input")
    await field.fill("nihao")
    await field.evaluate("""(node) => {
      const press = (more) => node.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...more }));
      press({ isComposing: true });
      press({ keyCode: 229 });
    }""")
    await expect(field).to_have_value("nihao")
    await field.press("Shift+Enter")
    await expect(field).to_have_value("nihao\n")
    await field.press("Enter")
    await expect(stored(chat, "nihao")).to_have_count(1)
    assert door.said() == ["nihao"]


async def test_too_much_text_is_counted_and_kept(chat: FrameLocator, door: Door) -> None:
    field = chat.get_by_test_id("input")
    await field.fill("字" * 1_990)
    await expect(chat.get_by_test_id("counter")).to_have_text("还可输入 10 字")
    await field.fill("😀" * 2_001)
    await expect(chat.get_by_test_id("counter")).to_have_attribute("data-over", "true")
    await field.press("Enter")
    await expect(field).not_to_have_value("")
    assert door.said() == []


async def test_a_reload_in_the_middle_loses_and_doubles_nothing(chat: FrameLocator, page: Page, door: Door) -> None:
    door.mute = True
    await say(chat, "第一句")
    await say(chat, "第二句")
    await expect(chat.locator("[data-state=sending]", has_text="第一句").first).to_be_visible()
    await page.reload()
    door.mute = False
    await page.get_by_test_id("launcher").click()
    await expect(stored(chat, "第二句")).to_have_count(1)
    await expect(stored(chat, "第一句")).to_have_count(1)
    assert door.said() == ["第一句", "第二句"]


async def test_a_second_tab_shows_the_same_conversation(chat: FrameLocator, page: Page, door: Door) -> None:
    await say(chat, "第一页")
    await expect(stored(chat, "第一页")).to_have_count(1)
    second = await page.context.new_page()
    await second.goto(page.url)
    await second.get_by_test_id("launcher").click()
    other = second.frame_locator("[data-testid=frame]")
    await expect(stored(other, "第一页")).to_have_count(1)
    await say(other, "第二页")
    await expect(stored(other, "第二页")).to_have_count(1)
    await expect(stored(chat, "第二页")).to_have_count(1)
    assert len(door.opened) == 1


async def test_a_lost_link_goes_on_after_the_last_entry(chat: FrameLocator, door: Door) -> None:
    await door.say("bot", "一")
    await expect(chat.get_by_test_id("message")).to_have_count(1)
    door.sockets_allowed = False
    await door.drop()
    await expect(chat.locator("[data-testid=mode]:not([data-link=online])")).to_be_visible()
    await door.say("bot", "二")
    await say(chat, "断线时")
    door.sockets_allowed = True
    await expect(stored(chat, "断线时")).to_have_count(1)
    await expect(chat.get_by_test_id("message")).to_have_count(3)
    assert door.asked_after[0] is None and door.asked_after[-1] == "00000001"


async def test_without_sockets_it_goes_over_plain_http(chat: FrameLocator, door: Door) -> None:
    door.sockets_allowed = False
    await door.drop()
    await say(chat, "没有套接字")
    await expect(stored(chat, "没有套接字")).to_have_count(1)
    await expect(chat.locator("[data-testid=mode][data-link=online]")).to_be_visible()
    await door.say("bot", "收到")
    await expect(chat.locator("[data-from=bot]", has_text="收到")).to_be_visible()


async def test_a_refused_message_says_why_and_can_be_sent_again(chat: FrameLocator, door: Door) -> None:
    door.refusals = ["bad_frame"]
    await say(chat, "奇怪的话")
    await expect(chat.get_by_test_id("failure")).to_have_attribute("data-code", "bad_frame")
    await chat.get_by_test_id("retry").click()
    await expect(stored(chat, "奇怪的话")).to_have_count(1)
    door.refusals = ["rate_limited"]
    await say(chat, "太快了")
    await expect(stored(chat, "太快了")).to_have_count(1)


async def test_an_expired_session_is_renewed_with_what_was_unsent(chat: FrameLocator, door: Door) -> None:
    await say(chat, "以前的话")
    await expect(stored(chat, "以前的话")).to_have_count(1)
    door.mute = True
    await say(chat, "还没发出")
    door.tokens.clear()
    door.mute = False
    await door.drop(4401)
    await expect(stored(chat, "还没发出")).to_have_count(1)
    assert len(door.opened) == 2 and door.said() == ["还没发出"]


async def test_choices_are_pressed_once(chat: FrameLocator, door: Door) -> None:
    await door.say("bot", "哪一单？", choices=[{"id": "a", "label": "第一单"}, {"id": "b", "label": "第二单"}])
    await chat.get_by_role("button", name="第二单").click()
    await expect(stored(chat, "第二单")).to_have_count(1)
    await expect(chat.locator("[data-choice=b]")).to_have_attribute("data-taken", "true")
    await expect(chat.locator("[data-choice=a]")).to_be_disabled()
    assert [frame["choice"] for frame in door.heard if frame["type"] == "choose"] == ["b"]


async def test_the_order_card_tells_everything(chat: FrameLocator, door: Door) -> None:
    await door.say("bot", "订单运输中", card=CARD)
    card = chat.get_by_test_id("card")
    for text in (
        "20261120000042",
        "运输中",
        "羊绒围巾",
        "驼色",
        "×1",
        "¥299.00",
        "¥1,299.00",
        "付款时间",
        "顺丰速运",
        "SF1",
        "快件到达 杭州转运中心",
        "包裹 2",
        "预计 11 月 23 日送达。",
    ):
        await expect(card).to_contain_text(text)
    await expect(card).not_to_contain_text("发货时间")
    await expect(card.get_by_test_id("carrier-unavailable")).to_be_visible()
    await door.say("bot", "新式卡片的文字", card={"type": "coupon"})
    await expect(chat.locator("[data-from=bot]", has_text="新式卡片的文字")).to_be_visible()


async def test_from_the_queue_to_a_person_and_to_the_end(chat: FrameLocator, door: Door) -> None:
    await chat.get_by_test_id("human").click()
    await expect(chat.get_by_test_id("human")).not_to_be_disabled()
    await door.turn("waiting", position=3, wait_s=240)
    await expect(chat.get_by_test_id("mode")).to_have_text("排队中 · 第 3 位 · 约 4 分钟")
    await expect(chat.get_by_test_id("queue")).to_contain_text("您排在第 3 位，预计等待约 4 分钟")
    await door.turn("human", agent="陈晓")
    await expect(chat.get_by_role("heading", level=1)).to_have_text("陈晓")
    await door.turn("closed", rate=["bot", "agent"])
    await expect(chat.get_by_test_id("rating")).to_be_visible()
    await chat.get_by_test_id("again").click()
    await expect(chat.get_by_test_id("rating")).to_have_count(0)
    await expect(chat.get_by_test_id("input")).to_be_focused()
    assert door.told("human") == [{"type": "human"}]
    assert door.told("rate") == []


async def test_news_while_scrolled_up_is_announced(chat: FrameLocator, door: Door) -> None:
    for number in range(30):
        await door.say("bot", f"第 {number} 句")
    await expect(chat.get_by_test_id("message")).to_have_count(30)
    await chat.get_by_test_id("log").evaluate("(node) => { node.scrollTop = 0; }")
    await expect(chat.get_by_test_id("new-messages")).to_be_visible()
    await door.say("bot", "最新的一句")
    await expect(chat.get_by_test_id("new-messages")).to_have_attribute("data-fresh", "true")
    await chat.get_by_test_id("new-messages").click()
    await expect(chat.get_by_text("最新的一句")).to_be_in_viewport()


@pytest.mark.parametrize("act", ["human", "end"])
async def test_what_the_shopper_does_shows_the_newest_entry(chat: FrameLocator, door: Door, act: str) -> None:
    await door.say("bot", "订单运输中", card=CARD)
    await expect(chat.get_by_test_id("card")).to_be_visible()
    await chat.get_by_test_id("log").evaluate("(node) => { node.scrollTop = 0; }")
    await expect(chat.get_by_test_id("new-messages")).to_be_visible()
    if act == "end":
        await chat.get_by_test_id("menu").click()
    await chat.get_by_test_id(act).click()
    await door.say("system", "这是结果")
    await expect(chat.get_by_text("这是结果")).to_be_in_viewport()
    await expect(chat.get_by_test_id("new-messages")).to_have_count(0)


async def test_the_way_down_stands_beside_what_is_read(chat: FrameLocator, door: Door) -> None:
    await door.say("bot", "订单运输中", card=CARD)
    await chat.get_by_test_id("log").evaluate("(node) => { node.scrollTop = 0; }")
    way_down = await chat.get_by_test_id("new-messages").bounding_box()
    price = await chat.get_by_test_id("amount").bounding_box()
    assert way_down is not None and price is not None
    assert way_down["x"] >= price["x"] + price["width"]


async def test_an_order_number_stays_on_one_line(chat: FrameLocator, page: Page, door: Door) -> None:
    await page.set_viewport_size({"width": 360, "height": 740})
    state = {"code": "partly_shipped", "label": "Partly shipped"}
    await door.say("bot", "order", card={**CARD, "state": state})
    number = await chat.get_by_test_id("card").get_by_text(CARD["number"]).bounding_box()
    assert number is not None and number["height"] < 40


async def test_nothing_is_to_pay_for_an_order_that_was_cancelled_unpaid(chat: FrameLocator, door: Door) -> None:
    for code, said in (("unpaid", "应付"), ("cancelled", "订单金额")):
        card = {**CARD, "number": code, "state": {"code": code, "label": code}, "paid_at": None, "shipments": []}
        await door.say("bot", code, card=card)
        await expect(chat.locator(f"[data-testid=card][data-number={code}]")).to_contain_text(said)


async def test_the_language_changes_at_once_and_stays(chat: FrameLocator, page: Page) -> None:
    await chat.get_by_test_id("menu").click()
    await chat.get_by_test_id("language-en").click()
    await expect(chat.get_by_test_id("human")).to_have_text("Talk to a person")
    await expect(chat.locator("html")).to_have_attribute("lang", "en")
    await page.reload()
    await page.get_by_test_id("launcher").click()
    await expect(chat.get_by_test_id("human")).to_have_text("Talk to a person")


async def test_signing_in_goes_on_and_signing_out_hides(chat: FrameLocator, page: Page, door: Door) -> None:
    await say(chat, "登录前")
    await expect(stored(chat, "登录前")).to_have_count(1)
    await page.evaluate("(jwt) => Shopdesk.identify(jwt)", identity("u1"))
    await expect(chat.locator("[data-testid=mode][data-link=online]")).to_be_visible()
    await expect(stored(chat, "登录前")).to_have_count(1)
    await say(chat, "登录后")
    await expect(stored(chat, "登录后")).to_have_count(1)
    assert door.opened[1] == {"lang": "zh", "identity": identity("u1"), "token": "token-1"}
    await page.evaluate("Shopdesk.signOut()")
    await expect(chat.get_by_test_id("welcome")).to_be_visible()
    await expect(chat.get_by_test_id("message")).to_have_count(0)
