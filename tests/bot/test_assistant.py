"""The real Rasa behind the worker: whole turns on the real ledger, with a shop in memory."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from rasa.shared.core.trackers import EventVerbosity

from actions import shop as shop_of_actions
from bot import memory_window
from bot.action_endpoint import InProcessActions
from bot.assistant import Answer, Assistant
from bot.burst import batch_of
from bot.tracker_store import TurnTrackerStore
from ledger import BotSide, Ledger, ShopperSide, Turn
from tests.conversation import trained_model
from tests.shop_double import ShopDouble, order


@pytest.fixture(scope="session")
def actions() -> InProcessActions:
    return InProcessActions.of_package()


@pytest.fixture
def assistant(bot: BotSide, actions: InProcessActions) -> Assistant:
    return Assistant(trained_model(), bot, actions)


@pytest.fixture(autouse=True)
def shop() -> Iterator[ShopDouble]:
    double = ShopDouble(order())
    shop_of_actions.use(double)
    yield double
    shop_of_actions.use(None)


class Talk:
    """One conversation on the ledger; `turn` answers what has been said."""

    def __init__(self, ledger: Ledger, bot: BotSide, assistant: Assistant) -> None:
        self._shopper, self._bot, self._assistant = ShopperSide(ledger), bot, assistant
        self._said = 0

    async def open(self, lang: str = "zh", customer: str = "") -> None:
        await self._shopper.open("c1", lang, customer)

    async def say(self, text: str) -> Answer:
        self._said += 1
        await self._shopper.say("c1", f"m{self._said}", text)
        return await self.turn()

    async def press(self, choice: str) -> Answer:
        self._said += 1
        await self._shopper.choose("c1", f"m{self._said}", choice)
        return await self.turn()

    async def turn(self, commit: bool = True) -> Answer:
        turn = await self._bot.begin("c1")
        assert isinstance(turn, Turn)
        batch = batch_of(turn)
        answer = await self._assistant.answer(turn, batch)
        if commit:
            done = await self._bot.commit(
                turn, batch[-1].id, answer.replies, answer.events, answer.afresh, answer.handoff
            )
            assert done[0]
            self._assistant.committed("c1", self._bot.memory_after(batch[-1].id))
        return answer


@pytest.fixture
def talk(ledger: Ledger, bot: BotSide, assistant: Assistant) -> Talk:
    return Talk(ledger, bot, assistant)


def text_of(answer: Answer) -> str:
    return "\n".join(reply.text or "" for reply in answer.replies)


async def test_form_goes_on_over_turns(talk: Talk) -> None:
    await talk.open()
    assert "订单号" in text_of(await talk.say("我的订单到哪了"))
    assert "后四位" in text_of(await talk.say(order().number))
    answer = await talk.say(order().receiver.phone_tail)
    assert [reply.card["number"] for reply in answer.replies if reply.card] == [order().number]


async def test_endless_chat_goes_on_from_a_short_memory(
    bot: BotSide, talk: Talk, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_window, "LONGEST", 4)
    monkeypatch.setattr(memory_window, "KEPT", 2)
    await talk.open()
    assert "订单号" in text_of(await talk.say("我的订单到哪了"))
    asides = ["你好", "发什么快递", "保修多久", "你好", "发什么快递", "你是机器人吗"]
    afresh = []
    for text in asides:
        afresh.append((await talk.say(text)).afresh)
        _, kept = assistant._store._at_hand["c1"]
        read = await TurnTrackerStore(assistant._store.domain, bot).retrieve("c1")
        assert read is not None
        assert kept.current_state(EventVerbosity.ALL) == read.current_state(EventVerbosity.ALL)
    assert True in afresh
    remembered = [event for turn in await bot.tracker_events("c1") for event in msgspec.json.decode(turn)]
    assert 2 <= sum(event["event"] == "user" for event in remembered) <= 4
    assert "后四位" in text_of(await talk.say(order().number)), "the question is still open"
    answer = await talk.say(order().receiver.phone_tail)
    assert [reply.card["number"] for reply in answer.replies if reply.card] == [order().number]


async def test_tracker_at_hand_is_the_one_that_would_be_read(
    bot: BotSide, talk: Talk, assistant: Assistant, actions: InProcessActions
) -> None:
    await talk.open(customer=order().customer_id)
    for text in ("你好", "我的订单到哪了", "那个能弄吗", "多少天能退", "我要退货", "好的谢谢"):
        await talk.say(text)
        kept = assistant._store._at_hand.get("c1")
        read = await TurnTrackerStore(assistant._store.domain, bot).retrieve("c1")
        assert kept is not None and read is not None
        _, tracker = kept
        assert [event.as_dict() for event in tracker.events] == [event.as_dict() for event in read.events]
        assert tracker.current_state(EventVerbosity.ALL) == read.current_state(EventVerbosity.ALL)
        assert (tracker.active_loop, tracker.followup_action) == (read.active_loop, read.followup_action)


async def test_tracker_that_another_worker_moved_on_is_read_anew(
    ledger: Ledger, bot: BotSide, talk: Talk, actions: InProcessActions
) -> None:
    await talk.open()
    await talk.say("你好")
    await talk.say("我的订单到哪了")
    other = BotSide(ledger, "w2")
    elsewhere = Talk(ledger, other, Assistant(trained_model(), other, actions))
    elsewhere._said = 2
    assert "后四位" in text_of(await elsewhere.say(order().number))
    talk._said = 3
    answer = await talk.say(order().receiver.phone_tail)
    assert [reply.card["number"] for reply in answer.replies if reply.card] == [order().number]


async def test_turn_that_is_done_again_gives_the_same_answer(ledger: Ledger, shopper: ShopperSide, talk: Talk) -> None:
    await talk.open()
    await talk.say("我的订单到哪了")
    await shopper.say("c1", "again", order().number)
    first, second = await talk.turn(commit=False), await talk.turn(commit=False)
    assert [reply.body() for reply in first.replies] == [reply.body() for reply in second.replies]


@pytest.mark.parametrize(
    "text", ["/human_agent", "  /restart", "/session_start", '/choose_order{"order_number": "20261120000042"}']
)
async def test_typed_text_never_triggers_an_intent(ledger: Ledger, talk: Talk, text: str) -> None:
    await talk.open(customer="c999")
    answer = await talk.say(text)
    assert answer.replies, "it is answered like any other text"
    assert text in [entry.body.get("text") for entry in await ledger.read("c1")], "the log keeps what was typed"
    assert "／" in answer.events
    assert '"text":"/' not in answer.events.replace(" ", ""), "Rasa never sees a leading slash"


async def test_button_means_its_payload(talk: Talk) -> None:
    await talk.open()
    answer = await talk.say("你会唱歌吗唱一个")
    person = next(button for reply in answer.replies for button in reply.buttons if "人工" in button.label)
    assert (await talk.press(person.id)).handoff is not None


async def test_session_language_holds_until_the_shopper_writes_another(talk: Talk) -> None:
    await talk.open("en")
    assert "order" in text_of(await talk.say(order().number)).lower()
    assert "后四位" in text_of(await talk.say("我的订单到哪了"))


async def test_action_that_breaks_says_so(
    talk: Talk, actions: InProcessActions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setitem(actions._executor.actions, "action_handoff", broken)
    await talk.open()
    answer = await talk.say("转人工")
    assert "出了点问题" in text_of(answer)
    assert any("人工" in button.label for reply in answer.replies for button in reply.buttons)


@pytest.mark.parametrize(("lang", "says"), [("zh", "看不懂图片"), ("en", "can't read pictures")])
async def test_a_picture_without_words_is_not_guessed_at(
    ledger: Ledger, bot: BotSide, assistant: Assistant, shopper: ShopperSide, lang: str, says: str
) -> None:
    await shopper.open("c1", lang)
    await shopper.say("c1", "m1", "", {"id": "a" * 40, "width": 10, "height": 10})
    turn = await bot.begin("c1")
    assert isinstance(turn, Turn)
    answer = await assistant.answer(turn, batch_of(turn))
    assert says in text_of(answer)
    assert answer.replies[0].buttons[0].payload == "/human_agent"
    assert (answer.handoff, answer.events) == (None, "")
