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
