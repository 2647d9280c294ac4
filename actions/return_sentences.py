"""The words and rows of a ruling about goods that go back: every check that was made, who pays, until when. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.order_lines import line_label
from actions.wording import Wording
from shop.after_sales import Pickup
from shop.order import Item
from terms.returns import Reason, Ruling

CAUSES = ("no_reason", "quality", "wrong_item", "damaged")


def reason_lines(reasons: Sequence[Reason], wording: Wording) -> list[dict[str, Any]]:
    """Each check as a line of a card."""
    return [{"text": reason_in_words(one, wording), "holds": one.holds} for one in reasons]


def reason_in_words(reason: Reason, wording: Wording) -> str:
    """One check: 签收第 5 天，在 7 天内."""
    values = {name: str(value) for name, value in reason.values}
    if "kind" in values:
        values["kind"] = wording.text(f"utter_goods_{values['kind']}")
    if "cause" in values:
        values["cause"] = wording.text(f"utter_cause_{values['cause']}")
    return wording.text(f"utter_reason_{reason.name}_{'holds' if reason.holds else 'fails'}", **values)


def why_not(ruling: Ruling, wording: Wording) -> str:
    """The check that decided against it."""
    return why_not_of(ruling.reasons, wording)


def why_not_of(reasons: Sequence[Reason], wording: Wording) -> str:
    """The last check that did not hold."""
    failed = [one for one in reasons if not one.holds]
    return reason_in_words(failed[-1] if failed else reasons[-1], wording)


def named(items: Sequence[Item], wording: Wording) -> str:
    """The lines in a sentence."""
    return wording.text("utter_list_comma").join(line_label(item) for item in items)


def pickup_in_words(pickup: Pickup, wording: Wording) -> str:
    """11月26日 09:00–12:00."""
    return f"{wording.date(pickup.day)} {pickup.start}–{pickup.until}"
