"""What was told to the shop about the same articles before: looked up before anything is asked or promised a second time."""

from __future__ import annotations

from collections.abc import Collection

from actions.order_lines import fen
from actions.shop import the_shop
from actions.tasks import Work
from shop.after_sales import OPEN_STATES, Case, CaseKind


async def cases_about(work: Work, kind: CaseKind, skus: Collection[str]) -> list[Case]:
    """The order's cases of a kind about any of these articles, newest first. Raises ShopClientError."""
    cases = await the_shop().cases_of(work.order.number, work.proof)
    return [one for one in cases if one.kind == kind and any(item.sku in skus for item in one.items)]


def open_one(cases: Collection[Case]) -> Case | None:
    """The one that is not settled yet; the shop takes no second one."""
    return next((one for one in cases if one.state in OPEN_STATES), None)


def paid_back(cases: Collection[Case]) -> int:
    """What came back by those that are settled, in fen."""
    return sum(fen(one.amount) for one in cases if one.state == "done" and one.amount is not None)
