"""Plain facts about the shop: read as they stand, and a mistake is named with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from terms.document import TermsError
from terms.return_terms import METHODS
from terms.service import FILE, ServiceTerms, read_service

TERMS = read_service().on(date(2026, 3, 1))


def test_the_facts_are_read() -> None:
    assert (
        ServiceTerms(
            ship_within_hours=48,
            near_days=2,
            far_days=5,
            payment=("alipay", "wechat", "card", "credit", "balance"),
            instalments=(3, 6, 12),
            invoice_kinds=("electronic_normal", "paper_special"),
            invoice_days=3,
            invoice_within_days=180,
            exchange="same_price",
            opens="09:00",
            closes="23:00",
        )
        == TERMS
    )
    assert set(TERMS.payment) <= METHODS


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("ship_within_hours: 48", "ship_within_hours: soon", "must be a whole number"),
        ("near: 2, far: 5", "near: 2, far: 1", "far cannot be quicker"),
        ("payment: [alipay", "payment: [alipuy", "alipuy is not known here"),
        ("[3, 6, 12]", "[3, 6, one]", "whole numbers of months"),
        ("[3, 6, 12]", "[1, 6, 12]", "whole numbers of months"),
        ("electronic_normal,", "carved_in_stone,", "carved_in_stone is not known here"),
        ("exchange: same_price", "exchange: anything", "exchange must be one of"),
        ("until: '23:00'", "until: '25:00'", "until must be a time"),
        ("until: '23:00'", "until: '24:30'", "until must be a time"),
        ("until: '23:00'", "until: '08:00'", "closes after it opens"),
        ("  ship_within_hours: 48\n", "", "ship_within_hours is missing"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    bad = tmp_path / "service.yml"
    bad.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(TermsError, match=rf"service.yml, line \d+: .*{message}"):
        read_service(bad)
