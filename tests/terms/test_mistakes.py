"""A mistake in a file of terms is named with the very line on which it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from terms import promotion_terms, return_terms, service
from terms.document import TermsError

READ: dict[str, tuple[Path, Callable[[Path], Any]]] = {
    "returns.yml": (return_terms.FILE, return_terms.read_returns),
    "promotions.yml": (promotion_terms.FILE, promotion_terms.read_promotions),
    "service.yml": (service.FILE, service.read_service),
}


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("returns.yml", "no_reason_days: 7", "no_reason_days: 6", "the law gives seven days (art. 25)"),
        ("returns.yml", "quality_return_days: 7", "quality_return_days: 6", "the law gives seven days (art. 24)"),
        ("returns.yml", "refund_days: 7", "refund_days: 8", "within seven days (art. 25)"),
        ("returns.yml", "times: 3", "times: 2", "three times the price"),
        ("returns.yml", "least: 500.00", "least: 499.99", "500 yuan at least"),
        ("returns.yml", "never: [made_to_order", "never: [activated", "activated is not known here"),
        ("returns.yml", "agreed: [opened_hygiene", "agreed: [opened", "opened is not known here"),
        ("returns.yml", "warranty_days: 365", "warranty_days: ~", "warranty_days must be a whole number"),
        ("returns.yml", "most: 12.00", "most: 12.0", "most must be an amount"),
        ("returns.yml", "wechat: {to: origin, days: 3}", "wechat: {to: origin, days: -3}", "days must be a whole number"),
        ("returns.yml", "wechat: {to: origin, days: 3}", "wechat: {to: origin}", "days is missing"),
        ("returns.yml", "price_protection: {days: 15", "price_protection: {day: 15", "day is not known here"),
        ("returns.yml", "never: [food]", "never: food", "a list is needed here"),
        ("promotions.yml", "&books_3_for_2\n    {name: books_3_for_2", "&books_3_for_2\n    {name: shop_300_50", "stands here twice"),
        ("promotions.yml", "most_percent: 10}", "most_percent: 101}", "most_percent is 100 at most"),
        ("promotions.yml", "worth: 0.01", "worth: 0.00", "a point is worth 0.01 at least"),
        ("promotions.yml", "&free_shipping {from: 99.00, fee: 8.00}", "&free_shipping {from: 99.00}", "fee is missing"),
        ("promotions.yml", "step: second_at_half, categories: [beauty]", "step: second_at_half, categories: []", "one at least"),
        ("promotions.yml", "fault_times: 2", "fault_times: 1", "twice when the shop fails"),
        ("service.yml", "payment: [alipay, wechat, card, credit, balance]", "payment: []", "must be a way to pay"),
        ("service.yml", "kinds: [electronic_normal, paper_special]", "kinds: []", "must give an invoice"),
        ("service.yml", "within_days: 180", "within: 180", "within is not known here"),
        ("service.yml", "from: '09:00'", "from: '9:00'", "from must be a time"),
    ],
)  # fmt: skip
def test_the_line_is_that_of_the_mistake(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    path, read = READ[file]
    text = path.read_text(encoding="utf-8")
    assert old in text
    line = text[: text.index(old)].count("\n") + old.count("\n") + 1
    bad = tmp_path / file
    bad.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TermsError) as caught:
        read(bad)
    assert str(caught.value).startswith(f"{file}, line {line}: ")
    assert message in str(caught.value)


def test_terms_may_be_better_than_the_law(tmp_path: Path) -> None:
    text = return_terms.FILE.read_text(encoding="utf-8")
    better = tmp_path / "returns.yml"
    for old, new in (
        ("no_reason_days: 7", "no_reason_days: 30"),
        ("refund_days: 7", "refund_days: 1"),
        ("times: 3", "times: 5"),
    ):
        text = text.replace(old, new)
    better.write_text(text, encoding="utf-8")
    terms = return_terms.read_returns(better).versions[0].terms
    assert (terms.no_reason_days, terms.refund_days, terms.fraud_times) == (30, 1, 5)
