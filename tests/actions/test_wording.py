"""Everything that is said is said in both languages, with the same facts and the same buttons."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any, get_args

import pytest
import yaml

from actions.cancellation import REASONS as CANCEL_REASONS
from actions.damage import Damaged, Missing
from actions.exchanges import Exchange
from actions.not_received import SEARCHED
from actions.order_hints import HINT_OF_INTENT, HINTS
from actions.return_sentences import CAUSES, reason_in_words
from actions.returns import Return
from actions.tasks import CONFIRM
from actions.topics import TOPICS
from actions.tried import CODE_OF_RESPONSE
from actions.wording import Wording
from shop.after_sales import CASE_KINDS, CASE_STATES, OPEN_STATES, ReceiverChange
from shop.order import ORDER_STATES, GoodsKind, PaymentMethod, RefundState
from terms import price_protection as protection
from terms import returns
from terms.cart import LEVELS, Coupon
from terms.coupons import why_not
from terms.promotions import read_promotions
from terms.reasons import Reason
from terms.return_terms import GIFTS, METHODS, WAYS
from tests.conversation import ROOT
from tests.shop_double import NOW

DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
RESPONSES: dict[str, list[dict[str, Any]]] = DOMAIN["responses"]
DAY = date(2026, 3, 1)
RETURNS = returns.read_returns().on(DAY)
ENGLISH = [{"type": "slot", "name": "language", "value": "en"}]


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_two_languages_one_meaning(name: str) -> None:
    chinese, english = RESPONSES[name]
    assert "condition" not in chinese
    assert english["condition"] == ENGLISH
    assert placeholders(chinese["text"]) == placeholders(english["text"])
    assert payloads(chinese) == payloads(english)
    assert not re.search(r"[\u4e00-\u9fff]", str(english))
    assert re.search(r"[\u4e00-\u9fff；、·]", chinese["text"]) or placeholders(chinese["text"])


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def payloads(variation: dict[str, Any]) -> list[str]:
    return [button["payload"] for button in variation.get("buttons", [])]


def test_every_state_has_a_label_and_a_next_step() -> None:
    for state in ORDER_STATES:
        assert f"utter_order_state_{state}" in RESPONSES
        assert f"utter_order_next_{state}" in RESPONSES


def test_every_button_leads_somewhere() -> None:
    intents = set(DOMAIN["intents"])
    for name, variations in RESPONSES.items():
        for payload in payloads(variations[0]):
            assert payload.removeprefix("/") in intents, name


def composed() -> set[str]:
    """The responses whose names the code puts together, from the tables that it takes the parts from."""
    names = {f"utter_order_state_{state}" for state in ORDER_STATES}
    names |= {f"utter_order_next_{state}" for state in ORDER_STATES}
    names |= {f"utter_order_next_refund_{state}" for state in get_args(RefundState)}
    names |= {f"utter_task_name_{topic}" for topic in TOPICS}
    names |= {f"utter_task_{hint}" for hint in hints_of_tasks()}
    names |= {f"utter_row_{name}" for name in ReceiverChange.__struct_fields__}
    names |= {f"utter_payment_{method}" for method in METHODS}
    names |= {f"utter_refund_to_{way}" for way in WAYS}
    names |= {f"utter_gifts_{rule}" for rule in GIFTS}
    names |= {f"utter_cause_{cause}" for cause in CAUSES}
    names |= {f"utter_goods_{kind}" for kind in returns.KINDS}
    names |= {f"utter_reason_{one.name}_{'holds' if one.holds else 'fails'}" for one in REASONS}
    names |= {f"utter_freight_{payer}" for payer in ("buyer", "shop", "insured")}
    names |= {f"utter_cancel_reason_{reason}" for reason in CANCEL_REASONS}
    names |= {f"utter_case_kind_{kind}" for kind in CASE_KINDS}
    names |= {f"utter_case_state_{state}" for state in CASE_STATES}
    names |= {f"utter_refund_waits_{state}" for state in OPEN_STATES}
    names |= {f"utter_not_received_{one}" for one in SEARCHED}
    names |= {f"utter_coupon_{why}" for why in reasons_of_coupons()}
    names |= {f"utter_level_{level}" for level in LEVELS}
    names |= {
        f"utter_hurry_{part}_{kind}" for part, kind in product(("title", "confirm", "done"), ("shipping", "delivery"))
    }
    names |= {f"utter_return_intact_{one}" for one in ("yes", "no")}
    names |= {f"utter_return_only_{outcome}" for outcome in ("exchange", "repair")}
    for kind in (Return.kind, Exchange.kind):
        names |= {f"utter_{kind}_{part}" for part in ("title", "done_title", "refused_title", "ask_items", "ask_cause")}
        names |= {f"utter_{kind}_{part}" for part in ("not_sent", "confirm", "confirm_part", "done", "refused")}
    for kind in (*Damaged.kinds, *Missing.kinds):
        names |= {f"utter_{kind}_{part}" for part in ("ask_items", "ask_note", "title")}
    names |= {f"utter_tried_{code}" for code in {*CODE_OF_RESPONSE.values(), "showed_order", "showed_tracking"}}
    names |= {f"utter_fact_{fact}" for topic in TOPICS.values() for fact in (*topic.facts, CONFIRM)}
    names |= {f"utter_intent_{intent}" for intent in nameless()}
    names |= {f"utter_next_outcome_{outcome}" for outcome in get_args(returns.Outcome)}
    names |= {f"utter_next_freight_{payer}" for payer in ("buyer", "shop", "insured")}
    return names


def nameless() -> set[str]:
    """The intents that no button is called by."""
    return {intent for intent in DOMAIN["intents"] if f"utter_reading_{intent}" not in RESPONSES}


def reasons_of_coupons() -> set[str]:
    """What can keep a coupon from being used that is looked at by itself."""
    reasons = why_not(read_promotions().on(DAY), [], Coupon("C", "shop_coupon", 0, 0), (), NOW)
    return {one.name for one in reasons} - {"same_kind", "excluded"}


def hints_of_tasks() -> set[str]:
    """What `hint=` is given in the code of the task form."""
    tree = ast.parse((ROOT / "actions/task_form.py").read_text(encoding="utf-8"))
    given = [one.value for one in ast.walk(tree) if isinstance(one, ast.keyword) and one.arg == "hint"]
    values = [one.value for value in given for one in ast.walk(value) if isinstance(one, ast.Constant)]
    return {value for value in values if isinstance(value, str)}


def test_every_composed_response_is_there() -> None:
    assert composed() - set(RESPONSES) == set()


def test_every_response_is_used() -> None:
    """By its whole name: a name that another one begins with is no use of it."""
    paths = [
        *(ROOT / "actions").glob("*.py"),
        ROOT / "bot/processor.py",
        ROOT / "bot/assistant.py",
        *(ROOT / "data/rules").glob("*.yml"),
    ]
    said = set(re.findall(r"\butter_\w+", "\n".join(path.read_text(encoding="utf-8") for path in paths)))
    stems = {f"utter_order_next_{state}_{when}" for state, when in product(ORDER_STATES, ("dated", "late"))}
    readings = {f"utter_reading_{intent}" for intent in DOMAIN["intents"]}
    assert set(RESPONSES) - said - composed() - stems - readings == set()


def test_every_way_to_compose_a_name_is_known() -> None:
    """A new f-string of the code must find names above that it can make."""
    known = composed() | {name for name in RESPONSES if name.startswith("utter_reading_")}
    for path in (ROOT / "actions").glob("*.py"):
        for pattern in patterns(ast.parse(path.read_text(encoding="utf-8"))):
            assert any(re.fullmatch(pattern, name) for name in known), f"{path.name}: {pattern}"


def patterns(tree: ast.AST) -> Iterator[str]:
    """What the names can be that f-strings make."""
    for one in ast.walk(tree):
        if isinstance(one, ast.JoinedStr):
            parts = [re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in one.values]
            if parts[0].startswith("utter_"):
                yield "".join(parts)


def test_the_shop_and_the_terms_know_the_same_words() -> None:
    assert set(get_args(GoodsKind)) == returns.KINDS
    assert set(get_args(PaymentMethod)) == METHODS
    assert set(CAUSES) == returns.CAUSES


def every_reason() -> Iterator[Reason]:
    """Every reason that a ruling on goods or on a fallen price can give, with every outcome that it can have."""
    kinds: list[frozenset[str]] = [frozenset(), *(frozenset({kind}) for kind in sorted(returns.KINDS))]
    for cause, kind, agreed, intact, days in product(
        sorted(returns.CAUSES), kinds, (False, True), (False, True), (0, 9, 20, 999)
    ):
        for signed in (DAY, None):
            goods = returns.Goods(cause, signed, kind, agreed, intact)
            yield from returns.rule(RETURNS, goods, DAY + timedelta(days=days)).reasons
    for begins, delivered, category, now, days in product(
        ("created", "delivered"), (DAY, None), ("food", "tea"), (1, 2, 3), (0, 99)
    ):
        terms = replace(RETURNS, protection_from=begins, protection_never=frozenset({"food"}))
        bought = protection.Bought(delivered, DAY, category, unit_paid=2)
        yield from protection.price_protection(terms, bought, now, DAY + timedelta(days=days)).reasons


REASONS = {(one.name, one.holds): one for one in every_reason()}.values()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("reason", REASONS, ids=lambda one: f"{one.name}-{one.holds}")
def test_every_reason_has_its_words(reason: Reason, language: str) -> None:
    said = reason_in_words(reason, Wording(DOMAIN, language))
    assert said
    assert not set(said) & {"{", "}"}


def test_no_reason_is_forgotten() -> None:
    """The names in the code are those that were found by asking, and no other has words."""
    found = {one.name for one in REASONS}
    for module in (returns, protection):
        tree = ast.parse((ROOT / f"terms/{module.__name__.rpartition('.')[2]}.py").read_text(encoding="utf-8"))
        calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)]
        named = [one.args[0] for one in calls if one.func.id == "Reason" and isinstance(one.args[0], ast.Constant)]
        assert {one.value for one in named} <= found
    worded = {name for name in RESPONSES if name.startswith("utter_reason_")}
    assert worded == {f"utter_reason_{one.name}_{'holds' if one.holds else 'fails'}" for one in REASONS}


def test_readings_are_of_intents_that_exist() -> None:
    named = {name.removeprefix("utter_reading_") for name in RESPONSES if name.startswith("utter_reading_")}
    assert named <= set(DOMAIN["intents"])


def test_hints_are_of_intents_that_exist() -> None:
    assert set(HINT_OF_INTENT) <= set(DOMAIN["intents"])
    assert set(HINTS) - {"tracking"} <= set(HINT_OF_INTENT.values())


def test_wording_picks_the_language() -> None:
    assert Wording(DOMAIN, "zh").text("utter_order_state_in_transit") == "运输中"
    assert Wording(DOMAIN, "en").text("utter_order_state_in_transit") == "In transit"


def test_days_are_those_of_the_shops_clock() -> None:
    evening = NOW.replace(year=2026, month=11, day=22, hour=20)
    assert Wording(DOMAIN, "zh").day(evening) == "11月23日"
    assert Wording(DOMAIN, "en").day(evening) == "23 Nov"
