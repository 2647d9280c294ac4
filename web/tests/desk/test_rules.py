"""desk.yml: what ships can be used, and each mistake is told with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from web.desk.duty import Span
from web.desk.priority import PriorityRules
from web.desk.rules import FILE, RulesError, read_rules


def test_what_ships_can_be_used() -> None:
    rules = read_rules()
    assert (rules.offers.accept_s, rules.clocks.round_s) == (20, 180)
    assert rules.clocks.complaint_first_response_s == 15 * 60
    assert rules.clocks.first_response_s <= 30 * 60
    assert PriorityRules(**rules.priorities).angry == 9
    assert rules.skills["after_sales"]["zh"] == "售后"
    assert rules.duty.holidays[date(2027, 2, 6)] == (Span(600, 1080),)


@pytest.mark.parametrize(
    ("was", "wrong", "says"),
    [
        ("zone: Asia/Shanghai", "zone: Asia/Nowhere", "there is no time zone Asia/Nowhere"),
        ('mon: ["00:00-24:00"]', 'mon: ["9 to 5"]', 'hours such as "09:00-22:00" are needed here, not 9 to 5'),
        ('mon: ["00:00-24:00"]', 'mon: ["10:00-09:00"]', "hours such as"),
        ('mon: ["00:00-24:00"]', 'mon: ["09:00-12:00", "11:00-14:00"]', "these hours overlap"),
        ('mon: ["00:00-24:00"]', 'monday: ["00:00-24:00"]', "monday is not known here"),
        ("2027-02-06:", "Feb 6:", "a day such as 2027-02-06 is needed here, not Feb 6"),
        ("round_s: 180", "round_s: soon", "round_s is soon, but must be a number"),
        ("warn_at: 80", "warn_at: 100", "warn_at is a percentage below 100"),
        ("angry: 9", "angry: 10", "angry is 10, but must be a number from 0 to 9"),
        ("angry: 9", "furious: 9", "is missing"),
        ("orders: {zh: 订单, en: Orders}", "orders: {zh: 订单}", "the name in en is missing"),
        ("general: {zh: 综合, en: General}", "common: {zh: 综合, en: General}", "the skill general is missing"),
        ("shifts: []", "shifts: [{name: 早班}]", "agents is missing"),
        ("categories:", "kinds:", "kinds is not known here"),
        ("skills:", "skills: [", "this is not YAML"),
    ],
)
def test_mistake_is_told_with_its_line(tmp_path: Path, was: str, wrong: str, says: str) -> None:
    text = FILE.read_text("utf-8")
    assert was in text, "correct this test"
    file = tmp_path / "desk.yml"
    file.write_text(text.replace(was, wrong, 1), "utf-8")
    with pytest.raises(RulesError) as raised:
        read_rules(file)
    assert says in str(raised.value)
    assert str(raised.value).startswith("desk.yml, line ")


def test_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"desk\.yml cannot be read"):
        read_rules(tmp_path / "desk.yml")
