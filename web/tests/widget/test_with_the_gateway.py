"""The panel at a real gateway, with a person on the other side of the ledger: what only the two together can show."""

import json
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, Page, expect

from ledger import DeskSide, Ledger, connect
from ledger.testing import RedisServer
from web.gateway.testing import RunningGateway, start_gateway

pytestmark = pytest.mark.asyncio(loop_scope="session")

BACK_AT = "2099-01-02T01:00:00.000Z"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    server = RedisServer(tmp_path_factory.mktemp("redis")).start()
    try:
        gateway = start_gateway(server.url)
        try:
            yield gateway
        finally:
            gateway.stop()
    finally:
        server.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def ledger(running: RunningGateway) -> AsyncIterator[Ledger]:
    redis = connect(running.redis_url)
    yield Ledger(redis)
    await redis.aclose()


@pytest_asyncio.fixture(loop_scope="session")
async def panel(chromium: Browser, running: RunningGateway, complaints: list[str]) -> AsyncIterator[Page]:
    """The chat as a page of its own."""
    context = await chromium.new_context(locale="zh-CN")
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page = await context.new_page()
    await page.goto(f"{running.url}/widget/")
    await page.locator("[data-testid=mode][data-link=online]").wait_for()
    yield page
    await context.close()


async def conversation(page: Page) -> str:
    kept = await page.evaluate("localStorage.getItem('shopdesk:session:anon')")
    cid: str = json.loads(kept)["conversation"]
    return cid


async def test_nobody_there_then_a_person_a_picture_and_the_rating(
    panel: Page, running: RunningGateway, ledger: Ledger, tmp_path: Path, complaints: list[str]
) -> None:
    desk = DeskSide(ledger, grace_ms=600_000)
    cid = await conversation(panel)
    await panel.get_by_test_id("human").click()
    await expect(panel.get_by_test_id("queue")).to_contain_text("您排在第 1 位")
    await desk.notice(
        cid, ("waiting",), "notice", {"notice": "away", "back_at": BACK_AT}, "away", json.dumps({"back_at": BACK_AT})
    )
    await expect(panel.get_by_test_id("queue")).to_contain_text("现在没有客服在线")
    await expect(panel.get_by_test_id("log")).to_contain_text("1月2日 09:00（北京时间）")
    await panel.get_by_test_id("contact-field").fill("me@shop.example")
    await panel.get_by_test_id("contact-send").click()
    await expect(panel.get_by_test_id("contact-left")).to_contain_text("me@shop.example")
    assert (await ledger.state(cid))["contact"] == "me@shop.example"

    await desk.claim(cid, "a1", "小周")
    await expect(panel.get_by_role("heading", level=1)).to_have_text("小周")
    made = BytesIO()
    Image.new("RGB", (2400, 1200), "teal").save(made, "PNG")
    await panel.get_by_test_id("attach-field").set_input_files(
        [{"name": "a.png", "mimeType": "image/png", "buffer": made.getvalue()}]
    )
    await panel.locator("[data-testid=attachment][data-state=ready]").wait_for()
    await panel.get_by_test_id("send").click()
    await expect(panel.locator("[data-from=shopper][data-state=sent]")).to_have_count(1)
    said = [entry for entry in await ledger.read(cid) if entry.sender == "shopper" and entry.kind == "message"][-1]
    assert (said.body["image"]["width"], said.body["image"]["height"]) == (1600, 800)
    await desk.read(cid, said.id)
    await expect(panel.get_by_test_id("read-mark")).to_have_text("已读")
    await desk.typing(cid, "小周")
    await expect(panel.get_by_test_id("typing")).to_contain_text("小周 正在输入…")

    await panel.reload()
    picture = panel.get_by_test_id("picture").locator("img")
    assert await picture.evaluate("(img) => img.decode().then(() => img.naturalWidth)") == 1600
    answered = await desk.say(cid, "a1", "小周", "am1", "收到，给您换新")
    await expect(panel.get_by_text("收到，给您换新")).to_be_visible()
    await _until_read(ledger, panel, cid, answered.id)

    await desk.resolve(cid, "a1", "closed", summary="换新")
    await expect(panel.get_by_text("客服 小周 已结束本次咨询")).to_be_visible()
    await panel.locator("[data-testid=rate][data-of=agent]").get_by_test_id("rating-5").check()
    await panel.locator("[data-testid=rate][data-of=bot]").get_by_test_id("rating-3").check()
    await expect(panel.get_by_test_id("rating-thanks")).to_have_attribute("data-stored", "true")
    state = await ledger.state(cid)
    assert (json.loads(state["rating_agent"])["score"], json.loads(state["rating_bot"])["score"]) == (5, 3)
    assert complaints == []


async def _until_read(ledger: Ledger, page: Page, cid: str, entry: str) -> None:
    """The mark goes its way after the message is on show; nothing on the page tells when it has arrived."""
    for _ in range(600):
        if (await ledger.state(cid)).get("shopper_read") == entry:
            return
        await page.wait_for_timeout(50)
    raise AssertionError("the agent never learns that the shopper has read it")
