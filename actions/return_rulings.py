"""What the terms of today say about the lines of an order that are to go back: how many pieces, allowed or not, who pays the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions.order_lines import ALL, chosen_lines, pieces_left, signed_on
from actions.shop_terms import returns_today
from actions.tasks import Work, row
from shop.order import Item
from terms.returns import Goods, Ruling, rule


@dataclass(frozen=True)
class Judged:
    """A line with how many of its pieces are to go back, and what the terms say."""

    item: Item
    pieces: int
    ruling: Ruling


def judge(work: Work) -> list[Judged]:
    """What the terms of today say about each line that was chosen."""
    facts, terms, found = work.facts, returns_today(), []
    for item in chosen_lines(work.order, facts["items"]):
        left = pieces_left(item)
        pieces = pieces_of(facts.get("pieces"), left) or left
        goods = Goods(
            cause=facts["cause"],
            signed=signed_on(work.order, item, work.shipments),
            kinds=frozenset(item.kinds),
            agreed=item.agreed,
            intact=facts.get("intact") != "no",
        )
        found.append(Judged(item, pieces, rule(terms, goods, max(work.today, goods.signed or work.today))))
    return found


def pieces_of(told: str | None, most: int) -> int | None:
    """How many pieces were told; None for none, and for more than there are."""
    if told is None:
        return None
    count = most if told == ALL else int(told)
    return count if 1 <= count <= most else None


def freight_rows(ruling: Ruling, work: Work) -> list[dict[str, Any]]:
    """Who pays the way back; the insurance where the order has one."""
    if ruling.freight is None:
        return []
    insured = ruling.freight == "buyer" and work.order.freight_insurance
    return [
        row(
            work.wording,
            "utter_row_freight",
            work.wording.text(f"utter_freight_{'insured' if insured else ruling.freight}"),
        )
    ]
