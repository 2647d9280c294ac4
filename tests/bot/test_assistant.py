"""The real Rasa behind the worker: whole turns on the real ledger, with a shop in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from actions import shop as shop_of_actions
from bot.action_endpoint import InProcessActions
from bot.assistant import Answer, Assistant
from bot.burst import batch_of
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
                turn, batch[-1].id, answer.replies, answer.events, answer.new_session, answer.handoff
            )
            assert done[0]
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


async def test_memory_starts_afresh_in_an_endless_session(
    bot: BotSide, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.processor.LONGEST_SESSION", 2)
    await talk.open("en")
    assert [(await talk.say("Thank you very much")).new_session for _ in range(5)] == [True, False, True, False, True]
    assert len(await bot.tracker_events("c1")) == 1
    assert text_of(await talk.say("Thank you very much")).isascii(), "what outlives a session is kept"


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
