"""Pictures in the panel: chosen, pasted, dropped, made smaller, handed in, shown, and what is said when that fails."""

import asyncio
import base64
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import FrameLocator, Page, expect

from .door import Door

pytestmark = pytest.mark.asyncio(loop_scope="session")


def picture(width: int = 60, height: int = 40, kind: str = "JPEG", **how: Any) -> bytes:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste(Image.new("RGB", (width // 2, height), "red"), (0, 0))
    made = BytesIO()
    image.save(made, kind, **how)
    return made.getvalue()


def file(name: str, content: bytes, kind: str = "image/jpeg") -> Any:
    return {"name": name, "mimeType": kind, "buffer": content}


async def attach(chat: FrameLocator, *files: Any) -> None:
    await chat.get_by_test_id("attach-field").set_input_files(list(files))


def ready(chat: FrameLocator):
    return chat.locator("[data-testid=attachment][data-state=ready]")


def sent(chat: FrameLocator):
    return chat.locator("[data-testid=message][data-from=shopper][data-state=sent]")


async def test_a_picture_is_made_smaller_loses_its_metadata_and_is_shown(
    chat: FrameLocator, door: Door, complaints: list[str]
) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SECRET CAMERA", 6
    await attach(chat, file("a.jpg", picture(3000, 2000, exif=exif)))
    await expect(ready(chat)).to_have_count(1)
    await chat.get_by_test_id("input").fill("破了")
    await chat.get_by_test_id("send").click()
    await expect(sent(chat)).to_have_count(1)
    await expect(sent(chat)).to_contain_text("破了")
    (content,) = door.images.values()
    assert b"SECRET" not in content
    with Image.open(BytesIO(content)) as seen:
        assert (seen.format, seen.size) == ("JPEG", (1067, 1600)), "upright"
    (message,) = door.told("message")
    assert (message["text"], message["image"]) == ("破了", next(iter(door.images)))
    await expect(chat.get_by_test_id("attachment")).to_have_count(0)
    shown = sent(chat).get_by_role("button", name="查看大图：您发送的图片").locator("img")
    assert await shown.evaluate("(img) => img.decode().then(() => img.naturalWidth > 0)")
    assert complaints == []


async def test_several_go_one_after_the_other_and_the_words_with_the_first(chat: FrameLocator, door: Door) -> None:
    await attach(chat, file("a.jpg", picture()), file("b.png", picture(50, 50, "PNG"), "image/png"))
    await expect(ready(chat)).to_have_count(2)
    await attach(chat, file("c.jpg", picture(30, 30)))
    await expect(ready(chat)).to_have_count(3)
    await chat.get_by_role("button", name="移除 b.png").click()
    await expect(ready(chat)).to_have_count(2)
    await chat.get_by_test_id("input").fill("两张")
    await chat.get_by_test_id("input").press("Enter")
    await expect(sent(chat)).to_have_count(2)
    assert door.said() == ["两张", ""]
    assert [entry["body"]["image"]["width"] for entry in door.log] == [60, 30]


async def test_what_is_no_picture_says_so_and_holds_nothing_up(chat: FrameLocator, door: Door) -> None:
    await attach(chat, file("notes.heic", b"no picture", "image/heic"))
    await expect(chat.locator("[data-testid=attachment][data-state=failed]")).to_have_count(1)
    await expect(chat.get_by_role("alert").filter(has_text="notes.heic")).to_contain_text("图片无法识别")
    await expect(chat.get_by_test_id("send")).to_be_disabled()
    await attach(chat, file("a.jpg", picture()))
    await expect(ready(chat)).to_have_count(1)
    await expect(chat.get_by_test_id("attachment")).to_have_count(1)
    await chat.get_by_test_id("send").click()
    await expect(sent(chat)).to_have_count(1)


async def test_progress_is_shown_and_what_is_written_meanwhile_comes_after(chat: FrameLocator, door: Door) -> None:
    door.images_held = asyncio.Event()
    await attach(chat, file("a.jpg", picture()))
    await expect(ready(chat)).to_have_count(1)
    await chat.get_by_test_id("send").click()
    await expect(chat.get_by_role("progressbar", name="图片上传进度")).to_be_visible()
    await chat.get_by_test_id("input").fill("在传图")
    await chat.get_by_test_id("input").press("Enter")
    assert door.said() == []
    door.images_held.set()
    await expect(sent(chat)).to_have_count(2)
    await expect(chat.get_by_role("progressbar")).to_have_count(0)
    assert door.said() == ["", "在传图"]


async def test_a_picture_outlives_the_page(chat: FrameLocator, page: Page, door: Door) -> None:
    """A shopper who goes on to another page of the shop while it is on its way."""
    door.images_held = asyncio.Event()
    await attach(chat, file("a.jpg", picture()))
    await expect(ready(chat)).to_have_count(1)
    await chat.get_by_test_id("send").click()
    await expect(chat.get_by_role("progressbar")).to_be_visible()
    held, door.images_held = door.images_held, None
    await page.reload()
    held.set()
    await page.get_by_test_id("launcher").click()
    await expect(sent(chat)).to_have_count(1)
    await expect(chat.get_by_test_id("picture")).to_have_count(1)
    assert len(door.images) == 1


async def test_a_picture_outlives_a_lost_link(chat: FrameLocator, door: Door) -> None:
    door.images_held = asyncio.Event()
    await attach(chat, file("a.jpg", picture()))
    await expect(ready(chat)).to_have_count(1)
    await chat.get_by_test_id("send").click()
    await expect(chat.get_by_role("progressbar")).to_be_visible()
    door.sockets_allowed = False
    await door.drop()
    await expect(chat.locator("[data-testid=message][data-state=queued]").get_by_test_id("picture")).to_be_visible()
    door.images_held.set()
    door.sockets_allowed = True
    await expect(sent(chat)).to_have_count(1)
    assert len(door.told("message")) == 1


@pytest.mark.parametrize(
    ("status", "code", "why"),
    [(400, "bad_image", "图片无法识别"), (413, "too_long", "图片过大"), (409, "too_many", "已达上限")],
)
async def test_a_refused_picture_says_why_and_is_kept(
    chat: FrameLocator, door: Door, status: int, code: str, why: str
) -> None:
    door.image_refusals = [(status, code)]
    await attach(chat, file("a.jpg", picture()))
    await expect(ready(chat)).to_have_count(1)
    await chat.get_by_test_id("send").click()
    await expect(chat.get_by_test_id("failure")).to_contain_text(why)
    await expect(chat.get_by_test_id("picture")).to_be_visible()
    await chat.get_by_test_id("retry").click()
    await expect(sent(chat)).to_have_count(1)


async def test_an_expired_session_is_renewed_and_the_picture_goes_there(chat: FrameLocator, door: Door) -> None:
    door.tokens.clear()
    await attach(chat, file("a.jpg", picture()))
    await expect(ready(chat)).to_have_count(1)
    await chat.get_by_test_id("send").click()
    await expect(sent(chat)).to_have_count(1)
    assert len(door.opened) == 2


HAND_OVER = """([node, kind, encoded]) => {
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "x.jpg", { type: "image/jpeg" }));
  const how = { bubbles: true, cancelable: true };
  if (kind === "paste") return node.dispatchEvent(new ClipboardEvent("paste", { ...how, clipboardData: data }));
  for (const type of kind === "drop" ? ["dragenter", "dragover", "drop"] : [kind]) {
    node.dispatchEvent(new DragEvent(type, { ...how, dataTransfer: data }));
  }
}"""


@pytest.mark.parametrize(("kind", "where"), [("paste", "input"), ("drop", "log")])
async def test_pictures_are_pasted_and_dropped(chat: FrameLocator, door: Door, kind: str, where: str) -> None:
    node, encoded = chat.get_by_test_id(where), base64.b64encode(picture()).decode()
    if kind == "drop":
        await node.evaluate(f"(node, more) => ({HAND_OVER})([node, ...more])", ["dragenter", encoded])
        await expect(chat.get_by_test_id("drop-area")).to_be_visible()
        await node.evaluate(f"(node, more) => ({HAND_OVER})([node, ...more])", ["dragleave", encoded])
        await expect(chat.get_by_test_id("drop-area")).to_have_count(0)
    await node.evaluate(f"(node, more) => ({HAND_OVER})([node, ...more])", [kind, encoded])
    await expect(ready(chat)).to_have_count(1)
    await expect(chat.get_by_test_id("drop-area")).to_have_count(0)
    await chat.get_by_test_id("send").click()
    await expect(sent(chat)).to_have_count(1)


async def test_an_agents_picture_is_shown_enlarged_and_closed_by_keys(
    chat: FrameLocator, page: Page, door: Door, complaints: list[str]
) -> None:
    door.images["a" * 40] = picture(900, 600)
    await door.turn("human", agent="陈晓")
    await door.say("agent", "", name="陈晓", image={"id": "a" * 40, "width": 900, "height": 600})
    small = chat.get_by_role("button", name="查看大图：陈晓发送的图片")
    box = await small.bounding_box()
    assert box is not None and box["width"] == pytest.approx(220, abs=1)
    assert box["height"] == pytest.approx(147, abs=1), "the place is kept before the picture is there"
    await small.focus()
    await small.press("Enter")
    large = chat.get_by_test_id("lightbox")
    await expect(large.get_by_role("img", name="陈晓发送的图片")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(large).to_have_count(0)
    await expect(small).to_be_focused()
    await expect(page.get_by_test_id("panel")).to_have_attribute("data-open", "true")
    await small.click()
    await chat.get_by_test_id("lightbox-close").click()
    await expect(large).to_have_count(0)
    assert complaints == []


async def test_a_picture_that_is_gone_says_so(chat: FrameLocator, door: Door) -> None:
    await door.say("agent", "看这里", name="陈晓", image={"id": "b" * 40, "width": 900, "height": 600})
    await expect(chat.get_by_test_id("picture-gone")).to_have_text("图片无法显示")
    await expect(chat.get_by_text("看这里")).to_be_visible()


async def test_a_picture_alone_is_announced_on_the_page(chat: FrameLocator, page: Page, door: Door) -> None:
    await chat.get_by_test_id("close").click()
    await door.say("agent", "", name="陈晓", image={"id": "b" * 40, "width": 9, "height": 9})
    await expect(page.get_by_test_id("preview")).to_contain_text("[图片]")
