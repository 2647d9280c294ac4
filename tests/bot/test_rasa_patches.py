"""Rasa is quicker and answers the same; a Rasa that has changed underneath is noticed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import ActionNotFoundException, Domain
from rasa.shared.core.events import Event, FollowupAction, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.exceptions import InvalidConfigException, RasaException
from rasa.shared.utils.common import all_subclasses
from rasa.shared.utils.io import read_yaml_file

from actions import shop as shop_of_actions
from bot import rasa_patches
from bot.rasa_patches import applied
from bot.rasa_patches.predictions import Scores
from bot.rasa_patches.tracker_json import remember_as_read
from tests.conversation import ROOT, Conversation, load_assistant, trained_model
from tests.shop_double import CUSTOMER, ShopDouble, order

ANSWERS: list[Any] = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "order_number", "value": "1"}], "responses": [{"text": "好"}]},
    {"events": [{"event": "slot"}], "responses": []},
    {"events": [{"event": "slot", "name": 3, "value": None}]},
    {"events": "none"},
    {"events": [{"event": "action", "name": "action_listen", "policy": None, "confidence": 1.0, "timestamp": None}]},
    {"events": [{"event": "action", "name": ["action_listen"]}]},
    {"events": [{"event": "action", "hide_rule_turn": "no"}]},
    {"events": [{"event": "active_loop", "name": 7, "timestamp": "now"}]},
    {"events": [{"event": "entities", "entities": [{"entity": "size", "value": "L"}]}]},
    {"events": [{"event": "entities", "entities": [{"entity": "size"}]}]},
    {"events": [{"event": ["slot"], "name": "x", "value": 1}]},
    {"events": [{"name": "x", "value": 1}], "responses": []},
    {"responses": ["text"]},
    {"events": [{"event": "form", "name": "order_form"}, {"event": "no such event"}]},
    [],
    {},
]

TOLD = [
    ["我的订单到哪了", "1", "那个能弄吗", "停", "怎么退货", "转人工"],
    ["我的订单到哪了", "这个还能退吗", "那个能弄吗", "快递到哪了"],
]
"""Beside the stories; in the second an action names the one that is to follow it."""


@pytest.fixture(autouse=True)
def patched_again() -> Iterator[None]:
    yield
    rasa_patches.apply()


def verdict(answer: Any) -> tuple[bool, str]:
    action = RemoteAction("action_x", None)
    try:
        return action._validate_action_result(answer), ""
    except ValidationError as error:
        return False, f"{error.message} at {list(error.absolute_path)}"


@pytest.mark.parametrize("patch", rasa_patches.PATCHES, ids=lambda patch: patch.title)
def test_replaces_what_it_was_written_for(patch: rasa_patches.Patch) -> None:
    assert rasa_patches.fits(patch), "Rasa has changed underneath: read it, then correct the patch"


def test_changed_rasa_is_left_alone(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    rasa_patches.undo()
    changed = tuple(patch._replace(digest="another") for patch in rasa_patches.PATCHES)
    monkeypatch.setattr(rasa_patches, "PATCHES", changed)
    stock = DaskGraphRunner.run
    rasa_patches.apply()
    assert DaskGraphRunner.run is stock
    assert "stays as it is" in caplog.text


def test_answers_of_actions_are_judged_the_same() -> None:
    rasa_patches.undo()
    stock = [verdict(answer) for answer in ANSWERS]
    rasa_patches.apply()
    assert [verdict(answer) for answer in ANSWERS] == stock
    assert {found for found, _ in stock} == {True, False}


def test_events_are_found_the_same() -> None:
    names = [kind.type_name for kind in all_subclasses(Event)]
    rasa_patches.undo()
    stock = [Event.resolve_by_type(name) for name in names]
    rasa_patches.apply()
    for _ in range(2):
        assert [Event.resolve_by_type(name) for name in names] == stock
    assert Event.resolve_by_type("topic") is None
    assert Event.resolve_by_type("nonsense", Event) is Event
    with pytest.raises(ValueError, match="Unknown event name 'nonsense'"):
        Event.resolve_by_type("nonsense")


@pytest.fixture(scope="module")
def assistant() -> MessageProcessor:
    return load_assistant(trained_model())


@pytest.fixture
def shop() -> Iterator[None]:
    shop_of_actions.use(ShopDouble(order()))
    yield
    shop_of_actions.use(None)


def stories() -> list[list[str]]:
    """What the shoppers of all test stories mean, as buttons say it."""
    found = []
    for path in sorted((ROOT / "tests/stories").glob("test_*.yml")):
        for story in read_yaml_file(path)["stories"]:
            said = [f"/{step['intent']}" for step in story["steps"] if "intent" in step]
            found.append(said)
    return found


async def played(assistant: MessageProcessor, said: list[str], cid: str) -> list[Any]:
    shopper = Conversation(assistant, customer=CUSTOMER, cid=cid)
    heard: list[Any] = []
    for text in said:
        answer = await shopper.says(text)
        heard.append((answer.texts, answer.buttons, answer.cards, answer.handoff, answer.intent))
    return heard


@pytest.mark.usefixtures("shop")
async def test_all_stories_are_answered_the_same(assistant: MessageProcessor) -> None:
    told = [
        *stories(),
        ["在吗", "我的快递怎么还没到", "那个能弄吗", "骗子!我要投诉"],
        ["怎么退货 另外有什么优惠", "it dont work", "谢谢"],
    ]
    assert sum(map(len, told)) > 20
    rasa_patches.undo()
    stock = [await played(assistant, said, f"stock{n}") for n, said in enumerate(told)]
    rasa_patches.apply()
    assert [await played(assistant, said, f"ours{n}") for n, said in enumerate(told)] == stock


@pytest.mark.usefixtures("shop")
async def test_trackers_and_states_are_the_same_at_every_point(assistant: MessageProcessor) -> None:
    """Grown event by event, as a tracker at hand is, against stock Rasa's view of the whole."""
    policy = next(
        node._component
        for node in assistant.graph_runner._instantiated_nodes.values()
        if isinstance(node._component, RulePolicy)
    )
    seen, kinds = 0, set[type[Event]]()
    for number, said in enumerate([*stories(), *TOLD]):
        await played(assistant, said, f"grown{number}")
        whole = await assistant.tracker_store.retrieve(f"grown{number}")
        assert whole is not None
        kinds |= {type(event) for event in whole.events}
        grown = DialogueStateTracker("x", assistant.domain.slots)
        for event in whole.events:
            grown.update(event)
            rasa_patches.apply()
            ours = view_of(grown.copy(), policy, assistant.domain)
            assert view_of(grown, policy, assistant.domain) == ours
            rasa_patches.undo()
            assert view_of(grown.copy(), policy, assistant.domain) == ours
            seen += 1
        remember_as_read(grown, [event.as_dict() for event in grown.events])
        grown.update(UserUttered("你好", {"name": "greet", "confidence": 1.0}))
        stock = grown.current_state(EventVerbosity.ALL)
        rasa_patches.apply()
        assert grown.current_state(EventVerbosity.ALL) == stock
    assert seen > 300
    assert FollowupAction in kinds


def view_of(tracker: DialogueStateTracker, policy: RulePolicy, domain: Domain) -> Any:
    """What decides about the next action, and what actions are told."""
    states = policy._prediction_states(tracker, domain)
    lookups = [policy.lookup[name] for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)]
    return (
        states[-3:],
        [policy._get_possible_keys(lookup, states) for lookup in lookups],
        [id(event) for event in tracker.applied_events()],
        tracker.current_state(EventVerbosity.ALL),
        [policy._find_action_from_rules(tracker, domain, text)[0] for text in (True, False)],
    )


@pytest.mark.usefixtures("shop")
async def test_no_chat_makes_stock_rasa_look_at_all_its_events(
    assistant: MessageProcessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applied, "_stock_applied", Mock(side_effect=AssertionError))
    for number, said in enumerate(TOLD):
        await played(assistant, said, f"quick{number}")


async def test_input_that_clashes_with_a_node_is_refused_the_same(assistant: MessageProcessor) -> None:
    runner, target = assistant.graph_runner, assistant.model_metadata.nlu_target
    name = next(iter(runner._instantiated_nodes))
    rasa_patches.undo()
    with pytest.raises(GraphRunError) as stock:
        runner.run({"__message__": name}, [target])
    rasa_patches.apply()
    with pytest.raises(GraphRunError) as ours:
        runner.run({"__message__": name}, [target])
    assert str(ours.value) == str(stock.value)


def test_the_likeliest_is_known_however_scores_are_set(assistant: MessageProcessor) -> None:
    lots = random.Random(1)
    for _ in range(300):
        scores, plain = Scores([0.0] * 5), [0.0] * 5
        for _ in range(lots.randrange(5)):
            place, score = lots.randrange(-1, 5), lots.choice((0.0, 0.3, 0.6, 1.0))
            scores[place] = plain[place] = score
            predicted = PolicyPrediction(scores, "policy")
            assert (predicted.max_confidence, predicted.max_confidence_index) == (max(plain), plain.index(max(plain)))


def test_actions_are_found_in_their_places(assistant: MessageProcessor) -> None:
    domain = assistant.domain
    names = domain.action_names_or_texts
    assert [domain.index_for_action(name) for name in names] == [names.index(name) for name in names]
    with pytest.raises(ActionNotFoundException):
        domain.index_for_action("no such action")


def test_a_slot_that_is_set_or_reset_changes_no_copy(assistant: MessageProcessor) -> None:
    tracker = DialogueStateTracker("c1", assistant.domain.slots)
    tracker.update(SlotSet("order_number", "1"))
    copied = tracker.copy()
    copied.update(SlotSet("order_number", "2"))
    tracker.update(SlotSet("phone_tail", "4821"))
    assert [one.get_slot("order_number") for one in (tracker, copied)] == ["1", "2"]
    assert [one.get_slot("phone_tail") for one in (tracker, copied)] == ["4821", None]
    again = copied.copy()
    again._reset_slots()
    assert (copied.get_slot("order_number"), again.get_slot("order_number")) == ("2", None)


async def test_a_component_that_breaks_is_told_of_the_same(
    assistant: MessageProcessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, target = assistant.graph_runner, assistant.model_metadata.nlu_target
    given = {"__message__": [UserMessage("你好")], "__tracker__": None}
    node = next(one for name, one in runner._instantiated_nodes.items() if "Tokenizer" in name)
    for error in (ValueError("broken"), RasaException("broken"), InvalidConfigException("broken")):
        monkeypatch.setattr(node, "_fn", Mock(side_effect=error))
        told = []
        for patches in (rasa_patches.undo, rasa_patches.apply):
            patches()
            with pytest.raises((GraphComponentException, RasaException)) as raised:
                runner.run(given, [target])
            told.append((type(raised.value), str(raised.value)))
        assert told[0] == told[1]
