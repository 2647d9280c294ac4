"""`python -m shop.conform` passes shops that keep the contract, and names what is wrong with those that do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.testing import free_port
from shop.conform.__main__ import main
from shop.conform.settings import ConformSettings
from shop.testing import RunningShop, start_shop
from shop.tests.tiny_shop import CUSTOMER, KEY, SENT, TAIL, UNSENT, tiny_shop

WRITING = {"CONFORM_WRITE": "1", "CONFORM_ORDER_CANCELLABLE": UNSENT}
EXAMPLE = {
    "SHOP_API_KEY": KEY,
    "CONFORM_ORDER": SENT,
    "CONFORM_PHONE_TAIL": TAIL,
    "CONFORM_CUSTOMER": CUSTOMER,
    "CONFORM_SECONDS": "1",
}
CHANGEABLE = ("unpaid", "paid", "packed", "pre_sale")


@pytest.fixture
def own_shop(tmp_path: Path) -> Iterator[RunningShop]:
    """A shop for this test alone: what is checked changes orders and uses up tries."""
    shop = start_shop(tmp_path)
    yield shop
    shop.stop()


def arguments(given: dict[str, str]) -> list[str]:
    """As they stand on the command line."""
    return [f"{name}={value}" for name, value in given.items()]


def example_of(shop: RunningShop) -> dict[str, str]:
    """An order of the demo shop that was sent, and one of the same customer that was not."""
    orders = shop.orders(customer_id="c001")
    sent = next(one for one in orders if one.state == "in_transit")
    unsent = next(one for one in orders if one.state in CHANGEABLE)
    return {
        "SHOP_URL": shop.url,
        "SHOP_API_KEY": shop.api_key,
        "CONFORM_ORDER": sent.number,
        "CONFORM_PHONE_TAIL": sent.phone_tail,
        "CONFORM_CUSTOMER": "c001",
        "CONFORM_WRITE": "1",
        "CONFORM_ORDER_CANCELLABLE": unsent.number,
        "CONFORM_SECONDS": "5",
    }


def test_the_demo_shop_keeps_the_contract(own_shop: RunningShop, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(arguments(example_of(own_shop)))
    shown = capsys.readouterr().out
    assert code == 0, shown


def test_rubbish_is_found(own_shop: RunningShop, capsys: pytest.CaptureFixture[str]) -> None:
    example = example_of(own_shop)
    own_shop.fault("orders", "rubbish")
    code = main(arguments(example | {"CONFORM_WRITE": "0", "CONFORM_SECONDS": "1"}))
    shown = capsys.readouterr().out
    assert code == 1
    assert "BROKEN   The example order opens with the customer's id" in shown
    assert own_shop.api_key not in shown


def test_a_shop_that_keeps_it_passes(capsys: pytest.CaptureFixture[str]) -> None:
    with tiny_shop() as url:
        code = main(arguments(EXAMPLE | WRITING | {"SHOP_URL": url, "CONFORM_SECONDS": "3"}))
    shown = capsys.readouterr().out
    assert code == 0, shown
    assert "0 broken" in shown


def test_without_permission_nothing_is_changed(capsys: pytest.CaptureFixture[str]) -> None:
    with tiny_shop() as url:
        assert main(arguments(EXAMPLE | {"SHOP_URL": url})) == 0
        first = capsys.readouterr().out
        assert main(arguments(EXAMPLE | WRITING | {"SHOP_URL": url})) == 0
    assert "not run  The same cancellation at the same moment is done once: needs CONFORM_WRITE=1" in first


@pytest.mark.parametrize(
    ("flaw", "named"),
    [
        ("open door", "Without the key, or with a wrong one: 401"),
        ("tells them apart", "An unknown order and a wrong proof get the same answer"),
        ("never counts", "The eleventh wrong try gets 429"),
        ("never counts", "A burst gets no more tries"),
        ("locks out", "Strangers who guess do not lock the customer out"),
        ("oldest first", "A customer's orders come newest first"),
        ("wrong sum", "total = items - discount + shipping"),
        ("refund too high", "No refund is higher than what was paid"),
        ("local time", "Times are in UTC"),
        ("number for an amount", "amount.paid: 289 is not of type"),
        ("a field too few", '"presale" is a required property'),
        ("no such date", 'created_at: "yesterday" is not a "date-time"'),
        ("calls it HTML", "text/html"),
        ("old tracking", "The order's `tracking` of this parcel says in_transit"),
        ("falls over", "getShipment answers made-up parameters"),
        ("no key needed", "A write without an Idempotency-Key: 400"),
        ("does it twice", "The same cancellation at the same moment is done once"),
        ("no replay header", "The same key twice: the same receipt, marked as a replay"),
        ("any body", "The same key with another body: 422"),
    ],
)
def test_a_flaw_is_named(flaw: str, named: str, capsys: pytest.CaptureFixture[str]) -> None:
    with tiny_shop(flaw) as url:
        code = main(arguments(EXAMPLE | WRITING | {"SHOP_URL": url}))
    shown = capsys.readouterr().out
    assert code == 1
    broken = shown.split("  BROKEN   ", 1)[1]
    assert named in broken
    assert KEY not in shown


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SHOP_URL": f"http://127.0.0.1:{free_port()}"}, "cannot be reached"),
        ({"SHOP_API_KEY": ""}, "SHOP_API_KEY is not set"),
        ({"CONFORM_ORDER": ""}, "/demo"),
        ({"SHOP_URL": "shop.example"}, "must begin with http"),
        ({"CONFORM_SECONDS": "soon"}, "CONFORM_SECONDS"),
    ],
)
def test_what_cannot_be_checked_ends_with_one_line(
    given: dict[str, str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(EXAMPLE | given)) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    assert said in shown.err


def test_a_key_that_is_not_accepted_ends_with_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with tiny_shop() as url:
        assert main(arguments(EXAMPLE | {"SHOP_URL": url, "SHOP_API_KEY": "another"})) == 2
    shown = capsys.readouterr()
    assert "does not accept SHOP_API_KEY" in shown.err
    assert shown.out == ""


def test_the_key_stays_out_of_what_settings_print() -> None:
    assert KEY not in repr(ConformSettings.from_env(EXAMPLE))
