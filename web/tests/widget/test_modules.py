"""The widget's pure modules, in a real browser: the reducer, the timeline, links, colours, wording, sessions, storage."""

import re
from typing import Any

import pytest
from playwright.async_api import Page

from .site import STATIC

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIDGET = STATIC / "widget"
MESSAGES = """
const entry = (id, from, text, more = {}) =>
  ({ type: "message", id, from, at: "2026-11-22T07:04:35.120Z", body: { text, ...more } });
const state = (mode) => ({ type: "state", mode });
"""


async def run(page: Page, body: str) -> Any:
    return await page.evaluate(f"async () => {{ {MESSAGES} {body} }}")


async def test_replayed_entries_are_taken_once(modules: Page) -> None:
    talk = await run(
        modules,
        """
      const { emptyTalk, reduce, lastId } = await import("/widget/conversation.js");
      const news = { type: "news", messages: [entry("1", "shopper", "在吗"), entry("2", "bot", "在")], state: state("bot") };
      let talk = [news, entry("2", "bot", "在"), news, entry("3", "bot", "请说")].reduce(reduce, emptyTalk);
      return { ids: talk.entries.map(({ id }) => id), ready: talk.ready, last: lastId(talk) };
    """,
    )
    assert talk == {"ids": ["1", "2", "3"], "ready": True, "last": "3"}


async def test_typing_ends_with_the_message_and_with_the_mode(modules: Page) -> None:
    typing = await run(
        modules,
        """
      const { emptyTalk, reduce } = await import("/widget/conversation.js");
      const begun = reduce(emptyTalk, { type: "typing", from: "agent" });
      return [begun, reduce(begun, entry("1", "bot", "x")), reduce(begun, entry("1", "agent", "x")),
        reduce(begun, state("closed")), reduce(begun, { type: "quiet" })].map((talk) => talk.typing);
    """,
    )
    assert typing == ["agent", "agent", None, None, None]


async def test_unread_counts_what_others_said_since(modules: Page) -> None:
    counts = await run(
        modules,
        """
      const { emptyTalk, reduce, unreadEntries } = await import("/widget/conversation.js");
      const messages = [entry("1", "bot", "a"), entry("2", "shopper", "b"), entry("3", "agent", "c"), entry("4", "system", "d")];
      const talk = reduce(emptyTalk, { type: "news", messages, state: state("bot") });
      return ["", "1", "4", null].map((read) => unreadEntries(talk, read).length);
    """,
    )
    assert counts == [2, 1, 0, 0]


async def test_only_unanswered_choices_are_open_and_taken_ones_are_known(modules: Page) -> None:
    result = await run(
        modules,
        """
      const { emptyTalk, reduce, openChoices, takenChoices } = await import("/widget/conversation.js");
      const choices = [{ id: "a", label: "第一单" }, { id: "b", label: "第二单" }];
      const offered = [entry("1", "bot", "哪一单？", { choices })].reduce(reduce, emptyTalk);
      const answered = [entry("2", "shopper", "第二单"), entry("3", "bot", "好的")].reduce(reduce, offered);
      const pending = [{ frame: { type: "choose" }, text: "第一单", state: "queued" }];
      const back = entry("2", "system", "智能助手继续为您服务");
      return { open: openChoices(offered, []), returned: openChoices(reduce(offered, back), []),
        pressed: openChoices(offered, pending), later: openChoices(answered, []),
        waiting: openChoices(reduce(offered, state("waiting")), []),
        taken: [...takenChoices(answered, [])], pendingTaken: [...takenChoices(offered, pending)] };
    """,
    )
    assert result == {
        "open": "1",
        "returned": "1",
        "pressed": None,
        "later": None,
        "waiting": None,
        "taken": [["1", "b"]],
        "pendingTaken": [["1", "a"]],
    }


async def test_the_way_out_of_the_queue_stays_open_while_waiting(modules: Page) -> None:
    opens = await run(
        modules,
        """
      const { emptyTalk, reduce, openChoices } = await import("/widget/conversation.js");
      const choices = [{ id: "back_to_bot", label: "不等了" }];
      const queued = [entry("1", "system", "正在排队", { choices }), state("waiting")].reduce(reduce, emptyTalk);
      const said = reduce(queued, entry("2", "shopper", "还在吗"));
      const pending = [{ frame: { type: "message" }, text: "急", state: "queued" }];
      const pressed = [{ frame: { type: "choose" }, text: null, state: "queued" }];
      const back = [entry("3", "system", "智能助手继续为您服务"), state("bot")].reduce(reduce, said);
      return [openChoices(queued, []), openChoices(said, pending), openChoices(said, pressed), openChoices(back, [])];
    """,
    )
    assert opens == ["1", "1", None, None]


async def test_timeline_groups_speakers_and_marks_pauses(modules: Page) -> None:
    rows = await run(
        modules,
        """
      const { timeline } = await import("/widget/timeline.js");
      const at = (id, from, minute) => ({ ...entry(id, from, "x"), at: `2026-11-22T07:${minute}:00.000Z` });
      return timeline([at("1", "bot", "00"), at("2", "bot", "01"), at("3", "shopper", "02"), at("4", "system", "03"),
        at("5", "bot", "30")], "3").map(({ kind, entries }) => kind + (entries?.length ?? ""));
    """,
    )
    assert rows == ["time", "group2", "new", "group1", "note", "time", "group1"]


async def test_links_are_whole_http_addresses_only(modules: Page) -> None:
    parts = await run(
        modules,
        """
      const { linkParts, safePicture } = await import("/widget/links.js");
      const links = (text) => linkParts(text).filter(({ href }) => href).map(({ text }) => text);
      const whole = "看 https://a.example/x?b=1，再看(http://b.example/y).";
      return { links: links(whole), joined: linkParts(whole).map(({ text }) => text).join("") === whole,
        none: links("javascript:alert(1) data:text/html,x ftp://a.example https://"),
        pictures: ["https://a.example/p.png", "http://a.example/p.png", "javascript:x", "/p.png"].map((one) =>
          safePicture(one, "https://chat.example/widget/")),
        plain: safePicture("http://a.example/p.png", "http://127.0.0.1/widget/") };
    """,
    )
    assert parts == {
        "links": ["https://a.example/x?b=1", "http://b.example/y"],
        "joined": True,
        "none": [],
        "pictures": ["https://a.example/p.png", None, None, "https://chat.example/p.png"],
        "plain": "http://a.example/p.png",
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("colour", ["#0b7a63", "#e6462e", "#ffd400", "#111", "#fff", "#8a8a8a", "not a colour"])
async def test_every_accent_is_readable(modules: Page, colour: str, theme: str) -> None:
    ratios = await modules.evaluate(
        """async ([colour, theme]) => {
      const { accentProperties, contrast } = await import("/widget/colour.js");
      const given = accentProperties(colour, theme);
      const of = (name) => given[name].match(/[0-9]+/g).map(Number);
      const surface = theme === "dark" ? [32, 36, 40] : [255, 255, 255];
      return [contrast(of("--accent"), of("--on-accent")), contrast(of("--accent-text"), surface)];
    }""",
        [colour, theme],
    )
    assert min(ratios) >= 4.5


async def test_both_languages_say_everything(modules: Page) -> None:
    wordings = await run(
        modules,
        """
      const [zh, en] = await Promise.all(["zh", "en"].map((lang) => import(`/widget/wording/${lang}.js`)));
      return { zh: zh.default, en: en.default };
    """,
    )

    def blanks(text: str) -> list[str]:
        return sorted(re.findall(r"\{\w+\}", text))

    assert wordings["zh"].keys() == wordings["en"].keys()
    assert all(wordings["zh"].values()) and all(wordings["en"].values())
    assert {key: blanks(text) for key, text in wordings["zh"].items()} == {
        key: blanks(text) for key, text in wordings["en"].items()
    }
    sources = "".join(file.read_text() for file in WIDGET.rglob("*.js") if file.parent.name != "wording")
    used = set(re.findall(r"""\bt\(\s*["']([\w.]+)["']""", sources))
    assert used and used <= wordings["zh"].keys()
    for stem in re.findall(r"""t\(`([\w.]+)\.\$\{""", sources):
        assert any(key.startswith(f"{stem}.") for key in wordings["zh"]), stem


async def test_times_and_amounts_are_written_as_the_language_does(modules: Page) -> None:
    written = await run(
        modules,
        """
      const { lang, when, yuan, waitText } = await import("/widget/wording.js");
      const now = new Date(2026, 10, 22, 15, 0);
      const times = [new Date(2026, 10, 22, 9, 5), new Date(2026, 10, 21, 23, 59), new Date(2026, 10, 1, 8, 0),
        new Date(2025, 11, 31, 8, 0)];
      const all = () => [...times.map((at) => when(at.toISOString(), now)), waitText(30), waitText(240)];
      const zh = all();
      lang.value = "en";
      return { zh, en: all(), amounts: ["0.50", "299.00", "1234567.80", "12"].map(yuan) };
    """,
    )
    assert written["zh"] == ["09:05", "昨天 23:59", "11月1日 08:00", "2025年12月31日 08:00", "约 1 分钟", "约 4 分钟"]
    assert written["en"] == [
        "09:05",
        "Yesterday 23:59",
        "1 Nov 08:00",
        "31 Dec 2025 08:00",
        "about 1 min",
        "about 4 min",
    ]
    assert written["amounts"] == ["¥0.50", "¥299.00", "¥1,234,567.80", "¥12.00"]


async def test_pauses_grow_to_fifteen_seconds(modules: Page) -> None:
    pauses = await run(
        modules,
        """
      const { backoff } = await import("/widget/backoff.js");
      return [0, 1, 2, 20].flatMap((attempt) => [backoff(attempt, () => 0), backoff(attempt, () => 0.999)]);
    """,
    )
    assert pauses == [250, 500, 500, 1000, 1000, 1999, 7500, 14993]


async def test_blocked_storage_becomes_memory(modules: Page) -> None:
    kept = await run(
        modules,
        """
      const { Store } = await import("/widget/storage.js");
      const blocked = { setItem() { throw new DOMException("no", "SecurityError"); } };
      return [new Store(blocked), new Store(null), new Store(localStorage)].map((store) => {
        store.set("t:a", { b: 1 });
        store.set("t:c", 2);
        store.remove("t:c");
        return [store.get("t:a"), store.get("t:c"), store.keys("t:")];
      });
    """,
    )
    assert kept == [[{"b": 1}, None, ["t:a"]]] * 3


async def test_signing_in_takes_a_used_anonymous_conversation_along(modules: Page) -> None:
    result = await run(
        modules,
        """
      const { Sessions } = await import("/widget/session.js");
      const { Store } = await import("/widget/storage.js");
      const asked = [];
      const open = async (request) => {
        asked.push(request);
        return { token: `t${asked.length}`, conversation: request.token ? "c1" : `c${asked.length}` };
      };
      const sessions = new Sessions({ store: new Store(null), open });
      const anonymous = await sessions.enter("zh");
      sessions.markUsed();
      const jwt = `x.${btoa(JSON.stringify({ sub: "u1" }))}.y`;
      sessions.identify(jwt);
      const signed = await sessions.enter("zh");
      const again = await sessions.enter("zh");
      sessions.signOut();
      return { asked, conversations: [anonymous, signed, again].map(({ conversation }) => conversation), known: sessions.known };
    """,
    )
    assert [request.get("token") for request in result["asked"]] == [None, "t1"]
    assert result["conversations"] == ["c1", "c1", "c1"]
    assert result["known"] is False


async def test_a_refused_anonymous_token_does_not_keep_a_customer_out(modules: Page) -> None:
    asked = await run(
        modules,
        """
      const { Sessions } = await import("/widget/session.js");
      const { DoorError } = await import("/widget/door.js");
      const { Store } = await import("/widget/storage.js");
      const asked = [];
      const open = async ({ token = null }) => {
        asked.push(token);
        if (token) throw new DoorError("session_expired");
        return { token: "t", conversation: "c" };
      };
      const sessions = new Sessions({ store: new Store(null), open });
      await sessions.enter("zh");
      sessions.identify(`x.${btoa(JSON.stringify({ sub: "u1" }))}.y`);
      await sessions.enter("zh");
      return asked;
    """,
    )
    assert asked == [None, "t", None]
