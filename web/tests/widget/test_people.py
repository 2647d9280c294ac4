"""The panel and the people behind it: nobody there, how to be reached, who has read what, and how it was."""

import asyncio

import pytest
from playwright.async_api import FrameLocator, Page, expect

from .door import Door

pytestmark = pytest.mark.asyncio(loop_scope="session")

BACK_AT = "2099-01-02T01:00:00.000Z"
WAITING = {"choices": [{"id": "back_to_bot", "label": "不等了，继续问智能助手"}]}


async def test_nobody_there_is_said_with_the_hour_instead_of_a_place(chat: FrameLocator, door: Door) -> None:
    await door.say("system", "正在排队", **WAITING)
    await door.turn("waiting", away=True, back_at=BACK_AT)
    banner = chat.get_by_test_id("queue")
    await expect(banner).to_have_attribute("data-away", "true")
    await expect(banner).to_contain_text("现在没有客服在线")
    await expect(banner).to_contain_text("预计 2099年1月")
    await expect(chat.get_by_test_id("mode")).to_have_text("暂无客服在线 · 可留言")
    await expect(banner).not_to_contain_text("位")
    await door.say("system", "现在没有客服在线")
    await expect(chat.get_by_test_id("choice")).to_be_enabled()
    await door.turn("waiting", position=1, wait_s=60)
    await expect(banner).to_contain_text("您排在第 1 位")
    await expect(chat.get_by_test_id("contact")).to_have_count(0)


@pytest.mark.parametrize("away", [False, True])
async def test_the_way_back_to_the_assistant_is_always_at_hand(chat: FrameLocator, door: Door, away: bool) -> None:
    await door.say("system", "正在排队", **WAITING)
    await door.turn("waiting", **({"away": True} if away else {"position": 2, "wait_s": 60}))
    await chat.get_by_test_id("input").fill("算了不等了")
    await chat.get_by_test_id("input").press("Enter")
    await expect(chat.locator("[data-from=shopper][data-state=sent]")).to_have_count(1)
    door.mute = True
    await chat.get_by_test_id("queue-back").click()
    await expect(chat.get_by_test_id("queue-back")).to_be_disabled()
    await chat.get_by_test_id("queue-back").click(force=True)
    await door.turn("bot")
    await expect(chat.get_by_test_id("queue")).to_have_count(0)
    assert [frame["choice"] for frame in door.told("choose")] == ["back_to_bot"]


async def test_a_contact_is_doubted_once_taken_and_can_be_changed(chat: FrameLocator, door: Door) -> None:
    await door.turn("waiting", away=True)
    field = chat.get_by_label("手机号或邮箱")
    await chat.get_by_test_id("contact-send").click()
    await expect(field).to_be_focused()
    await field.fill("微信小明")
    await field.press("Enter")
    await expect(chat.get_by_test_id("contact")).to_contain_text("看起来不像手机号或邮箱")
    assert door.told("contact") == []
    await chat.get_by_role("button", name="仍然提交").click()
    await door.turn("waiting", away=True, contact=True)
    await expect(chat.get_by_test_id("contact-left")).to_contain_text("收到了，会通过 微信小明 联系您")
    await chat.get_by_test_id("contact-change").click()
    await expect(field).to_have_value("微信小明")
    await field.fill(" 138 0013 8000 ")
    await field.press("Enter")
    await expect(chat.get_by_test_id("contact-left")).to_contain_text("138 0013 8000")
    await expect(chat.get_by_test_id("contact-change")).to_be_focused()
    assert [frame["contact"] for frame in door.told("contact")] == ["微信小明", "138 0013 8000"]


async def test_a_contact_of_an_earlier_page_is_known_but_not_shown(chat: FrameLocator, door: Door) -> None:
    await door.turn("waiting", away=True, contact=True)
    await expect(chat.get_by_test_id("contact-left")).to_contain_text("已收到您的联系方式")


async def test_what_looks_reachable(modules: Page) -> None:
    texts = [
        "13800138000",
        "+86 138-0013-8000",
        "(0571) 8888 8888",
        "a@b.example",
        "小明",
        "12345",
        "a@b",
        "1" * 16,
        "",
    ]
    looks = await modules.evaluate(
        "async (texts) => texts.map((await import('/widget/reachable.js')).looksReachable)", texts
    )
    assert looks == [True] * 4 + [False] * 5


async def test_what_is_seen_is_told_to_the_agent_and_only_what_is_seen(
    chat: FrameLocator, page: Page, door: Door
) -> None:
    await door.say("bot", "您好")
    await expect(chat.get_by_test_id("message")).to_have_count(1)
    assert door.told("read") == [], "a machine need not know"
    await door.turn("human", agent="陈晓")
    await door.say("agent", "我来了", name="陈晓")
    await expect(chat.get_by_text("我来了")).to_be_visible()
    await chat.get_by_test_id("close").click()
    await door.say("agent", "还在吗", name="陈晓")
    await expect(page.get_by_test_id("unread")).to_have_text("1")
    assert door.told("read")[-1]["id"] == "00000002"
    await page.get_by_test_id("launcher").click()
    await expect(chat.get_by_text("还在吗")).to_be_visible()
    await expect(page.get_by_test_id("unread")).to_be_hidden()
    await chat.get_by_test_id("input").fill("在")
    await chat.get_by_test_id("input").press("Enter")
    await expect(chat.locator("[data-from=shopper][data-state=sent]")).to_have_count(1)
    assert [frame["id"] for frame in door.told("read")][:3] == ["00000001", "00000002", "00000003"]


async def test_without_sockets_what_is_seen_is_told_all_the_same(chat: FrameLocator, door: Door) -> None:
    door.sockets_allowed = False
    await door.drop()
    door.state = {"type": "state", "mode": "human", "agent": "陈晓"}
    await door.say("agent", "看得到吗", name="陈晓")
    await expect(chat.get_by_text("看得到吗")).to_be_visible()
    async with asyncio.timeout(20):
        while not door.told("read"):
            await asyncio.sleep(0.05)
    assert door.told("read")[-1]["id"] == "00000001"


async def test_read_stands_under_the_last_message_that_the_agent_has_read(chat: FrameLocator, door: Door) -> None:
    await door.turn("human", agent="陈晓")
    for text in ("第一句", "第二句", "第三句"):
        await chat.get_by_test_id("input").fill(text)
        await chat.get_by_test_id("input").press("Enter")
    await expect(chat.locator("[data-from=shopper][data-state=sent]")).to_have_count(3)
    mark = chat.get_by_test_id("read-mark")
    await expect(mark).to_have_count(0)
    await door.turn("human", agent="陈晓", read="00000002")
    await expect(chat.get_by_test_id("message").filter(has=mark)).to_contain_text("第二句")
    await expect(mark).to_have_text("已读")
    await door.turn("bot", read="00000003")
    await expect(mark).to_have_count(0)


async def test_an_agent_types_under_their_name(chat: FrameLocator, door: Door) -> None:
    await door.turn("human", agent="陈晓")
    await door.cast({"type": "typing", "from": "agent"})
    await expect(chat.get_by_test_id("typing")).to_contain_text("陈晓 正在输入…")


async def test_bot_and_person_are_rated_apart_at_one_press(chat: FrameLocator, door: Door) -> None:
    await door.turn("human", agent="陈晓")
    await door.say("agent", "好了", name="陈晓")
    await door.turn("closed", rate=["bot", "agent"])
    bot, agent = (chat.locator(f"[data-testid=rate][data-of={of}]") for of in ("bot", "agent"))
    await expect(agent).to_contain_text("陈晓")
    await agent.get_by_test_id("rating-5").check()
    await expect(chat.get_by_test_id("rating-thanks")).to_have_attribute("data-stored", "true")
    assert door.told("rate") == [{"type": "rate", "of": "agent", "score": 5}], "no further press is needed"
    await agent.get_by_role("button", name="态度好").click()
    await agent.get_by_test_id("rating-comment").fill("谢谢")
    await agent.get_by_test_id("rating-comment").blur()
    await bot.get_by_role("radio", name="不满意", exact=True).check()
    await expect(agent.get_by_test_id("rating-comment")).to_have_count(0)
    await bot.get_by_role("button", name="让我反复说明").click()
    await expect(bot.get_by_role("button", name="让我反复说明")).to_have_attribute("aria-pressed", "true")
    await bot.get_by_test_id("rating-4").check()
    await chat.get_by_test_id("again").click()
    await expect(chat.get_by_test_id("rating")).to_have_count(0)
    told = door.told("rate")
    assert [rate for rate in told if rate["of"] == "agent"][-1] == {
        "type": "rate", "of": "agent", "score": 5, "reasons": ["friendly"], "comment": "谢谢",
    }  # fmt: skip
    assert told[-1] == {"type": "rate", "of": "bot", "score": 4}, "a reason that fits no more is taken back"


async def test_a_rating_can_be_given_by_keys_and_changed(chat: FrameLocator, door: Door) -> None:
    await door.turn("closed", rate=["bot"])
    await expect(chat.get_by_test_id("rate")).to_have_count(1)
    await chat.get_by_test_id("rating-1").focus()
    await chat.get_by_test_id("rating-1").press("ArrowRight")
    await expect(chat.get_by_test_id("rate")).to_have_attribute("data-score", "2")
    await chat.get_by_test_id("rating-2").press("ArrowRight")
    await expect(chat.get_by_test_id("rate")).to_have_attribute("data-score", "3")
    await expect(chat.get_by_test_id("rating-thanks")).to_have_attribute("data-stored", "true")
    assert door.told("rate")[-1] == {"type": "rate", "of": "bot", "score": 3}
    await door.turn("bot")
    await door.turn("closed", rate=["bot"])
    await expect(chat.get_by_test_id("rate")).to_have_attribute("data-score", "0")


async def test_every_reason_has_its_words_and_fits_a_score(modules: Page) -> None:
    reasons = await modules.evaluate("""async () => {
      const { reasonsFor } = await import("/widget/ratings.js");
      const { lang, t } = await import("/widget/wording.js");
      const all = ["bot", "agent"].flatMap((of) => [1, 2, 3, 4, 5].flatMap((score) => reasonsFor(of, score)));
      for (const one of ["zh", "en"]) { lang.value = one; all.forEach((reason) => t(`reason.${reason}`)); }
      return [...new Set(all)].sort();
    }""")
    known = ["fast", "friendly", "not_understood", "repeated", "slow", "solved", "unfriendly", "unsolved"]
    assert reasons == known


@pytest.mark.parametrize(("width", "lang"), [(320, "zh"), (360, "en")])
async def test_everything_fits_on_a_small_phone(
    chat: FrameLocator, page: Page, door: Door, width: int, lang: str, complaints: list[str]
) -> None:
    await page.set_viewport_size({"width": width, "height": 600})
    await chat.get_by_test_id("menu").click()
    await chat.get_by_test_id(f"language-{lang}").click()
    await door.turn("waiting", away=True, back_at=BACK_AT)
    wide = "(node) => [node, ...node.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)"
    await chat.get_by_test_id("contact-field").fill("x" * 100)
    await chat.get_by_test_id("contact-send").click()
    assert await chat.locator("main").evaluate(f"(node) => ({wide})(node).length") == 0
    await chat.get_by_test_id("contact-send").click()
    await door.turn("waiting", away=True, back_at=BACK_AT, contact=True)
    await expect(chat.get_by_test_id("contact-left")).to_be_visible()
    assert await chat.locator("main").evaluate(f"(node) => ({wide})(node).length") == 0
    await door.turn("closed", rate=["bot", "agent"])
    await chat.locator("[data-testid=rate][data-of=bot]").get_by_test_id("rating-1").check()
    assert await chat.locator("main").evaluate(f"(node) => ({wide})(node).length") == 0
    await expect(chat.get_by_test_id("input")).to_be_in_viewport()
    await chat.get_by_test_id("again").scroll_into_view_if_needed()
    await chat.get_by_test_id("again").click()
    assert complaints == []
