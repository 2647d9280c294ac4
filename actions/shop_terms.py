"""The shop's terms as they hold today, for every action: each file is read once in this process, when it is first asked for."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any

from actions.wording import SHOP_CLOCK
from terms.document import Versions
from terms.promotions import PromotionTerms, read_promotions
from terms.returns import ReturnTerms, read_returns
from terms.service import ServiceTerms, read_service

_today: Callable[[], date] | None = None


def today() -> date:
    """Today by the shop's clock."""
    return _today() if _today else datetime.now(SHOP_CLOCK).date()


def use_today(clock: Callable[[], date] | None) -> None:
    """Ask this clock for the day from now on; None means the real one again. Tests put theirs in here."""
    global _today
    _today = clock


def returns_today() -> ReturnTerms:
    """When goods go back, and what is paid back; TermsError when the file is wrong or no version holds today."""
    return _versions(read_returns).on(today())


def promotions_today() -> PromotionTerms:
    """What reduces a price; errors as `returns_today`."""
    return _versions(read_promotions).on(today())


def service_today() -> ServiceTerms:
    """Plain facts about the shop; errors as `returns_today`."""
    return _versions(read_service).on(today())


@cache
def _versions(read: Callable[[], Versions[Any]]) -> Versions[Any]:
    return read()
