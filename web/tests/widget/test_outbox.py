"""The outbox alone, with a clock that the test turns: order, acknowledgements, retries, and what survives a reload."""

from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

BENCH = """
const { Outbox } = await import("/widget/outbox.js");
const { Store } = await import("/widget/storage.js");
const sent = [];
let silences = 0;
const timers = new Set();
const clock = {
  now: () => 1_000,
  after(ms, act) {
    const timer = { ms, act };
    timers.add(timer);
    return () => timers.delete(timer);
  },
};
const ring = () => { for (const timer of [...timers]) { timers.delete(timer); timer.act(); } };
const store = new Store(null);
const made = () => new Outbox({ store, clock, send: (frame) => (sent.push(frame.mid ?? frame.type), true),
  onSilence: () => { silences += 1; } });
const outbox = made();
const message = (mid) => outbox.add({ type: "message", mid, text: mid }, mid);
const states = (box = outbox) => box.items.map(({ mid, state, code }) => [mid, state, code].filter(Boolean).join(" "));
outbox.open("anon");
"""
WITH_PICTURES = """
const uploads = [];
const box = new Outbox({ store, clock, send: (frame) => (sent.push(frame), true),
  upload: (picture, { onProgress, signal }) => new Promise((resolve, reject) => uploads.push({ resolve, reject, onProgress, signal })) });
const settled = () => new Promise((resolve) => setTimeout(resolve));
const picture = { data: "data:,xyz", preview: "data:,x", width: 4, height: 3 };
box.open("anon");
box.linked(true);
"""


async def run(page: Page, body: str) -> Any:
    return await page.evaluate(f"async () => {{ {BENCH} {body} }}")


async def test_the_next_waits_for_the_ack_of_the_one_before(modules: Page) -> None:
    assert await run(
        modules,
        """
      message("a"); message("b");
      const before = [...sent];
      outbox.linked(true);
      const first = [...sent];
      outbox.acked("a");
      return [before, first, sent, states()];
    """,
    ) == [[], ["a"], ["a", "b"], ["a sent", "b sending"]]


async def test_a_lost_link_resends_under_the_same_id(modules: Page) -> None:
    assert await run(
        modules,
        """
      outbox.linked(true); message("a"); outbox.linked(false); message("b"); outbox.linked(true);
      outbox.acked("a"); outbox.acked("b"); outbox.echoed(new Set(["a", "b"]));
      return [sent, states()];
    """,
    ) == [["a", "a", "b"], []]


async def test_silence_is_noticed(modules: Page) -> None:
    assert await run(
        modules,
        """
      outbox.linked(true); message("a");
      const waits = [...timers].map(({ ms }) => ms);
      ring();
      return [waits, silences];
    """,
    ) == [[10_000], 1]


async def test_what_is_only_too_fast_is_tried_again_in_order(modules: Page) -> None:
    assert await run(
        modules,
        """
      outbox.linked(true); message("a"); message("b");
      outbox.refused("rate_limited", "a");
      const paused = [[...sent], states()];
      ring();
      outbox.acked("a");
      return [...paused, sent];
    """,
    ) == [["a"], ["a queued rate_limited", "b queued"], ["a", "a", "b"]]


async def test_what_is_refused_for_good_does_not_hold_up_the_rest(modules: Page) -> None:
    assert await run(
        modules,
        """
      outbox.linked(true); message("a"); message("b");
      outbox.refused("too_long", "a");
      const after = [[...sent], states()];
      outbox.acked("b"); outbox.retry("a");
      return [...after, sent];
    """,
    ) == [["a", "b"], ["a failed too_long", "b sending"], ["a", "b", "a"]]


async def test_a_frame_without_an_id_is_answered_by_a_state(modules: Page) -> None:
    assert await run(
        modules,
        """
      outbox.linked(true);
      outbox.add({ type: "human" }); message("b");
      const before = [...sent];
      outbox.stated();
      return [before, sent, states()];
    """,
    ) == [["human"], ["human", "b"], ["b sending"]]


async def test_what_shows_nothing_is_done_with_its_ack(modules: Page) -> None:
    assert await run(
        modules,
        """
      outbox.linked(true);
      outbox.add({ type: "choose", mid: "a", choice: "back_to_bot" });
      outbox.acked("a");
      return [sent, states(), store.keys("shopdesk:out:")];
    """,
    ) == [["a"], [], []]


async def test_another_page_takes_up_what_was_left(modules: Page) -> None:
    assert await run(
        modules,
        """
      message("a"); message("b"); outbox.add({ type: "end" });
      const next = made();
      next.open("anon");
      return [states(next), states().length];
    """,
    ) == [["a queued", "b queued"], 3]


async def test_customers_do_not_see_each_others_outbox(modules: Page) -> None:
    assert await run(
        modules,
        """
      message("a");
      outbox.open("sub:u1");
      const other = states();
      outbox.open("anon");
      outbox.open("sub:u2", { carry: true });
      return [other, states(), store.keys("shopdesk:out:")];
    """,
    ) == [[], ["a queued"], ["shopdesk:out:sub:u2:a"]]


async def test_a_picture_is_handed_in_before_its_message_and_what_follows_waits(modules: Page) -> None:
    assert await run(
        modules,
        WITH_PICTURES
        + """
      box.add({ type: "message", mid: "a", text: "" }, "", picture);
      box.add({ type: "message", mid: "b", text: "b" }, "b");
      const kept = store.keys("shopdesk:out:");
      uploads[0].onProgress(0.5);
      const halfway = [states(box), box.items[0].progress, [...sent]];
      uploads[0].resolve({ id: "i1", width: 4, height: 3 });
      await settled();
      const said = [...sent];
      box.acked("a");
      return [kept, halfway, said, sent.map(({ mid }) => mid), uploads.length];
    """,
    ) == [
        ["shopdesk:out:anon:a", "shopdesk:out:anon:b"],
        [["a sending", "b queued"], 0.5, []],
        [{"type": "message", "mid": "a", "text": "", "image": "i1"}],
        ["a", "b"],
        1,
    ]


async def test_a_link_that_is_lost_while_a_picture_goes_hands_it_in_again(modules: Page) -> None:
    assert await run(
        modules,
        WITH_PICTURES
        + """
      box.add({ type: "message", mid: "a", text: "" }, "", picture);
      box.linked(false);
      const lost = [uploads[0].signal.aborted, states(box)];
      uploads[0].reject({ code: "offline" });
      await settled();
      box.linked(true);
      uploads[1].resolve({ id: "i1" });
      await settled();
      return [...lost, sent.map(({ image }) => image)];
    """,
    ) == [True, ["a queued"], ["i1"]]


async def test_a_picture_that_is_refused_stays_with_its_reason_and_can_be_tried_again(modules: Page) -> None:
    assert await run(
        modules,
        WITH_PICTURES
        + """
      box.add({ type: "message", mid: "a", text: "" }, "", picture);
      box.add({ type: "message", mid: "b", text: "b" }, "b");
      uploads[0].reject({ code: "bad_image" });
      await settled();
      const refused = states(box);
      box.acked("b");
      box.retry("a");
      uploads[1].reject({ code: "unavailable" });
      await settled();
      const paused = states(box);
      ring();
      return [refused, paused, uploads.length];
    """,
    ) == [["a failed bad_image", "b sending"], ["a queued unavailable", "b sent"], 3]


async def test_a_picture_of_another_conversation_is_handed_in_once_more(modules: Page) -> None:
    assert await run(
        modules,
        WITH_PICTURES
        + """
      box.add({ type: "message", mid: "a", text: "" }, "", picture);
      uploads[0].resolve({ id: "old" });
      await settled();
      box.refused("bad_image", "a");
      uploads[1].resolve({ id: "new" });
      await settled();
      box.refused("bad_image", "a");
      return [sent.map(({ image }) => image), uploads.length, states(box)];
    """,
    ) == [["old", "new"], 2, ["a failed bad_image"]]


async def test_a_picture_that_the_door_has_is_kept_for_the_next_page_without_the_file(modules: Page) -> None:
    assert await run(
        modules,
        WITH_PICTURES
        + """
      box.add({ type: "message", mid: "a", text: "看" }, "看", picture);
      uploads[0].resolve({ id: "i1" });
      await settled();
      const next = made();
      next.open("anon");
      return next.items.map(({ frame, picture }) => ({ frame, picture }));
    """,
    ) == [
        {
            "frame": {"type": "message", "mid": "a", "text": "看", "image": "i1"},
            "picture": {"data": None, "preview": "data:,x", "width": 4, "height": 3},
        }
    ]


async def test_a_later_rating_or_contact_takes_the_place_of_one_that_still_waits(modules: Page) -> None:
    assert await run(
        modules,
        """
      for (const score of [1, 2, 5]) outbox.add({ type: "rate", of: "bot", score });
      outbox.add({ type: "rate", of: "agent", score: 4 });
      outbox.add({ type: "contact", contact: "1" });
      outbox.add({ type: "contact", contact: "2" });
      return outbox.items.map(({ frame }) => [frame.of ?? frame.type, frame.score ?? frame.contact]);
    """,
    ) == [["bot", 5], ["agent", 4], ["contact", "2"]]
