"""The desk's pure modules, in a real browser: floor, talk, alarms, outbox, quick replies, mentions, keys, timeline."""

from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

MAKERS = """
const entry = (id, from, text, more = {}) =>
  ({ type: "message", conversation: "c1", id, kind: "message", from, at: "2026-11-22T07:04:35.120Z",
     body: { text }, ...more });
const item = (conversation, more = {}) => ({ conversation, mode: "human", agent: { username: "me" }, unread: 0, ...more });
const offer = (conversation, until, to = "me") =>
  item(conversation, { mode: "waiting", agent: undefined, offered_to: { username: to, until } });
const hello = { type: "hello", account: { username: "me" }, now: "2026-11-22T07:00:00.000Z", agents: [],
  skills: ["orders"], categories: [] };
"""


async def run(page: Page, body: str) -> Any:
    return await page.evaluate(f"async () => {{ {MAKERS} {body} }}")


async def test_offers_come_apart_from_what_is_served(modules: Page) -> None:
    result = await run(
        modules,
        """
      const { emptyFloor, offersOf, reduce, servedOf } = await import("/desk/floor.js");
      const mine = { type: "mine", items: [offer("urgent", "2026-11-22T07:00:20Z"), item("c1"), offer("calm", "2026-11-22T07:00:10Z"),
        offer("other", "2026-11-22T07:00:01Z", "you")] };
      const floor = [hello, mine].reduce((one, frame) => reduce(one, frame), emptyFloor);
      const ids = (items) => items.map(({ conversation }) => conversation);
      return { offers: ids(offersOf(floor)), served: ids(servedOf(floor)), skills: floor.skills };
    """,
    )
    assert result == {"offers": ["urgent", "calm"], "served": ["c1", "other"], "skills": [{"id": "orders"}]}


async def test_the_servers_clock_is_kept_by_its_distance_from_ours(modules: Page) -> None:
    offset = await run(
        modules,
        """
      const { emptyFloor, reduce } = await import("/desk/floor.js");
      return reduce(emptyFloor, hello, Date.parse("2026-11-22T06:59:00.000Z")).offset;
    """,
    )
    assert offset == 60_000


async def test_entries_stand_once_and_in_the_order_of_the_log(modules: Page) -> None:
    ids = await run(
        modules,
        """
      const { emptyFloor, reduce } = await import("/desk/floor.js");
      const older = { type: "older", conversation: "c1", messages: [entry("999-0", "bot", "a"), entry("1000-9", "bot", "b")], more: false };
      const frames = [entry("1000-10", "shopper", "d"), entry("1000-9", "bot", "b"), entry("1000-10", "shopper", "d"), older];
      const talk = frames.reduce((one, frame) => reduce(one, frame), emptyFloor).talks.c1;
      return talk.entries.map(({ id }) => id);
    """,
    )
    assert ids == ["999-0", "1000-9", "1000-10"]


async def test_typing_ends_with_what_was_typed(modules: Page) -> None:
    typing = await run(
        modules,
        """
      const { emptyTalk, reduceTalk } = await import("/desk/talk.js");
      const begun = reduceTalk(emptyTalk, { type: "typing", from: "shopper" });
      return [entry("1-0", "bot", "x"), entry("1-0", "shopper", "x"), entry("1-0", "shopper", "x", { kind: "contact" }), { type: "quiet" }]
        .map((frame) => reduceTalk(begun, frame).typing?.from ?? null);
    """,
    )
    assert typing == ["shopper", None, "shopper", None]


async def test_only_what_is_new_raises_an_alarm(modules: Page) -> None:
    alarms = await run(
        modules,
        """
      const { alarmsBetween } = await import("/desk/alarms.js");
      const floor = (mine) => ({ ready: true, account: { username: "me" }, mine });
      const said = (at, from = "shopper") => ({ unread: 1, preview: { from, at } });
      const was = floor([item("a"), item("b", { unread: 1, clock: { state: "ok" } }), offer("c", "2026-11-22T07:00:20Z"),
        item("f", said("T1")), item("g", said("T1"))]);
      const now = floor([item("a", { unread: 1 }), item("b", { unread: 1, clock: { state: "warning" } }),
        offer("c", "2026-11-22T07:00:20Z"),
        offer("d", "2026-11-22T07:00:20Z"), item("e", { unread: 4 }), item("f", said("T2")), item("g", said("T2", "agent"))]);
      return [alarmsBetween(was, now), alarmsBetween({ ...was, ready: false }, now), alarmsBetween(now, now)]
        .map((found) => found.map(({ kind, item: one }) => `${kind} ${one.conversation}`));
    """,
    )
    assert alarms == [["message a", "clock_warning b", "offer d", "message f"], [], []]


OUTBOX = """
const { Outbox } = await import("/desk/outbox.js");
const { Store } = await import("/widget/storage.js");
const store = new Store(null);
const sent = [];
const timers = [];
const clock = { now: () => 1, after: (ms, act) => { timers.push(act); return () => {}; } };
const made = (up = { now: true }) => new Outbox({ store, clock, send: (frame) => up.now && sent.push(frame.mid) > 0 });
const say = (mid) => ({ type: "message", conversation: "c1", mid, text: mid });
const states = (box) => box.items.map(({ mid, state }) => `${mid} ${state}`);
"""


async def test_what_was_under_way_when_the_link_went_goes_again_under_the_same_mid(modules: Page) -> None:
    result = await run(
        modules,
        OUTBOX
        + """
      const box = made();
      box.open("me");
      box.linked(true);
      box.add(say("one"));
      box.add(say("two"));
      box.linked(false);
      const away = states(box);
      box.linked(true);
      box.acked("one", true);
      box.acked("two", false);
      const acked = states(box);
      box.echoed("one");
      return { sent, away, acked, left: states(box), kept: store.keys("").length };
    """,
    )
    assert result == {
        "sent": ["one", "one", "two"],
        "away": ["one queued", "two queued"],
        "acked": ["one sent"],
        "left": [],
        "kept": 0,
    }


async def test_unsent_words_survive_a_reload_and_a_refusal_waits_for_a_person(modules: Page) -> None:
    result = await run(
        modules,
        OUTBOX
        + """
      const before = made({ now: false });
      before.open("me");
      before.add(say("one"));
      const other = made();
      other.open("you");
      const after = made();
      after.open("me");
      after.linked(true);
      after.refused("one", "not_yours");
      const refused = states(after);
      after.retry("one");
      after.refused("one", "unavailable");
      timers.at(-1)();
      return { others: states(other), refused, sent, again: states(after) };
    """,
    )
    assert result == {"others": [], "refused": ["one failed"], "sent": ["one", "one", "one"], "again": ["one sending"]}


async def test_a_slow_answer_in_one_conversation_holds_up_no_other(modules: Page) -> None:
    result = await run(
        modules,
        OUTBOX
        + """
      const box = made();
      box.open("me");
      box.linked(true);
      box.add(say("one"));
      box.add(say("two"));
      box.add({ ...say("three"), conversation: "c2" });
      const first = [...sent];
      box.acked("one", true);
      return { first, sent };
    """,
    )
    assert result == {"first": ["one", "three"], "sent": ["one", "three", "two"]}


async def test_quick_replies_are_found_by_shortcut_title_and_text(modules: Page) -> None:
    found = await run(
        modules,
        """
      const { findReplies, slashAt } = await import("/desk/quick-replies.js");
      const reply = (shortcut, title, zh, used = 0) => ({ shortcut, title, text: { zh, en: "" }, used });
      const replies = [reply("thanks", "道谢", "谢谢您"), reply("ship", "发货", "已发出"), reply("shipping", "物流", "在路上", 9),
        reply("x", "已发货", "好")];
      const names = (query) => findReplies(replies, query).map(({ shortcut }) => shortcut);
      return { places: [slashAt("/sh", 3), slashAt("好的 /", 4), slashAt("1/2", 3), slashAt("/sh 好", 5)],
        ship: names("ship"), title: names("发货"),
        text: names("谢谢"), all: names("") };
    """,
    )
    assert found == {
        "places": [{"query": "sh", "start": 0}, {"query": "", "start": 3}, None, None],
        "ship": ["ship", "shipping"],
        "title": ["ship", "x"],
        "text": ["thanks"],
        "all": ["shipping", "thanks", "ship", "x"],
    }


async def test_unknown_variables_stay_to_be_seen(modules: Page) -> None:
    result = await run(
        modules,
        """
      const { filled, openVariables } = await import("/desk/quick-replies.js");
      const text = filled("您好{{customer.name}}，单号 {{ order.tracking }}", { "customer.name": "王女士" });
      return { text, open: openVariables(text) };
    """,
    )
    assert result == {
        "text": "您好王女士，单号 {{ order.tracking }}",
        "open": [{"name": "order.tracking", "start": 9, "end": 29}],
    }


async def test_colleagues_are_found_and_named(modules: Page) -> None:
    result = await run(
        modules,
        """
      const { findColleagues, mentionAt, mentionedIn } = await import("/desk/mentions.js");
      const agents = [{ username: "agent1", name: "客服一号" }, { username: "agent2", name: "客服二号" }];
      return [mentionAt("请看 @客服", 6), mentionAt("a@b", 3), findColleagues(agents, "二").map(({ username }) => username),
        mentionedIn("@客服二号 请看，@agent1 也看", agents)];
    """,
    )
    assert result == [{"query": "客服", "start": 3}, None, ["agent2"], ["agent1", "agent2"]]


async def test_keys_mean_what_the_list_says_and_nothing_while_one_writes(modules: Page) -> None:
    result = await run(
        modules,
        """
      const { SHORTCUTS, keysOf, shortcutOf } = await import("/desk/keys.js");
      const press = (init, where) => shortcutOf(new KeyboardEvent("keydown", init), where);
      const ids = SHORTCUTS.map(({ id }) => id);
      return { plain: press({ key: "j" }), writing: press({ key: "j" }, { writing: true }), capital: press({ key: "J" }),
        alt: press({ key: "®", code: "KeyR", altKey: true }, { writing: true }),
        search: press({ key: "k", metaKey: true }, { writing: true }),
        led: press({ key: "b" }, { led: true }), unled: press({ key: "b" }), composing: press({ key: "j", isComposing: true }),
        unique: new Set(ids).size === ids.length, shown: keysOf(SHORTCUTS.find(({ id }) => id === "next")) };
    """,
    )
    assert result == {
        "plain": "next",
        "writing": None,
        "capital": "next",
        "alt": "reply",
        "search": "search",
        "led": "view_board",
        "unled": "hand_back",
        "composing": None,
        "unique": True,
        "shown": [["J"], ["Alt", "↓"]],
    }


async def test_the_log_is_laid_out_by_speaker_and_offers_in_a_row_are_one_line(modules: Page) -> None:
    rows = await run(
        modules,
        """
      const { timeline } = await import("/desk/timeline.js");
      const entries = [entry("1-0", "shopper", "a"), entry("2-0", "shopper", "b"),
        entry("3-0", "system", "", { kind: "offer" }), entry("4-0", "system", "", { kind: "offer" }),
        entry("5-0", "agent", "c", { name: "x" }), entry("6-0", "agent", "d", { kind: "note", name: "x" })];
      return timeline(entries, "2-0").map(({ kind, entry: one, entries: some, before }) =>
        [kind, some?.map(({ id }) => id) ?? one?.id ?? null, before?.length ?? 0]);
    """,
    )
    assert rows == [
        ["time", None, 0],
        ["group", ["1-0"], 0],
        ["new", None, 0],
        ["group", ["2-0"], 0],
        ["line", "4-0", 1],
        ["group", ["5-0"], 0],
        ["group", ["6-0"], 0],
    ]


async def test_finds_are_marked_and_everything_else_is_text(modules: Page) -> None:
    parts = await run(
        modules,
        """
      const { foundParts } = await import("/desk/components/found.js");
      return foundParts("1 &lt;b&gt; &amp;lt; <mark>退款</mark> <img src=x>");
    """,
    )
    assert parts == [
        {"marked": False, "text": "1 <b> &lt; "},
        {"marked": True, "text": "退款"},
        {"marked": False, "text": " <img src=x>"},
    ]


async def test_spans_are_never_negative(modules: Page) -> None:
    spans = await run(
        modules,
        """
      const { span } = await import("/desk/clock.js");
      return [-3, 0, 59.9, 725, 3753].map(span);
    """,
    )
    assert spans == ["0:00", "0:00", "0:59", "12:05", "1:02:33"]
