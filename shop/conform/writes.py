"""Writes: those that must be refused, and, where it is allowed, an order that is changed and cancelled.

The refusals are tried on the example order only when its state forbids the change anyway: a shop that does not look at the
Idempotency-Key would otherwise carry it out.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shop.conform.calls import Answer
from shop.conform.check import Broken, Check, NotRun
from shop.conform.subject import Subject

CHANGEABLE = ("unpaid", "paid", "packed", "pre_sale")
CANCEL: dict[str, Any] = {"reason": "changed_mind"}
RENAME: dict[str, Any] = {"name": "测试"}
URGE: dict[str, Any] = {"kind": "urge_shipping"}
AT_ONCE = 5
TRIES = 10


def key_is_wanted(subject: Subject) -> None:
    """No Idempotency-Key, or one that is none."""
    for operation_id, body in (("cancelOrder", CANCEL), ("changeReceiver", RENAME)):
        _safe_write(subject, operation_id, body, None).must_be(400, "bad_request")
        _safe_write(subject, operation_id, body, "k" * 201).must_be(400, "bad_request")


def body_is_looked_at(subject: Subject) -> None:
    """A body that is not of the documented form."""
    for number, (operation_id, body) in enumerate(
        (("cancelOrder", {"reason": "nonsense"}), ("changeReceiver", {}), ("changeReceiver", {"phone": "12345"}))
    ):
        _safe_write(subject, operation_id, body, _key(subject, f"body{number}")).must_be(400, "bad_request")


def too_late_is_said(subject: Subject) -> None:
    """An order that has been sent, or is cancelled."""
    answer = _safe_write(subject, "cancelOrder", CANCEL, _key(subject, "late"))
    answer.must_be(409, "order_not_cancellable")
    answer = _safe_write(subject, "changeReceiver", RENAME, _key(subject, "late-too"))
    answer.must_be(409, "receiver_not_changeable")


def same_key_same_receipt(subject: Subject) -> None:
    """A change of receiver, sent twice; it shows in the order, masked."""
    number, key = _spoilable(subject), _key(subject, "rename")
    first = _write(subject, number, "changeReceiver", RENAME, key).must_be(201)
    if first.replayed:
        raise first.broken("The first answer must not carry Idempotent-Replayed.")
    again = _write(subject, number, "changeReceiver", RENAME, key).must_be(201)
    if again.body != first.body:
        raise again.broken(f"The first receipt was: {first.came}")
    if not again.replayed:
        raise again.broken("The header Idempotent-Replayed: true is missing.")
    if subject.own(number)["receiver"]["name"] == RENAME["name"]:
        raise first.broken("The order shows the receiver's name in full afterwards.")


def same_key_other_body(subject: Subject) -> None:
    """The key of the change of receiver, for another one."""
    number = _spoilable(subject)
    key = _key(subject, "other")
    _write(subject, number, "changeReceiver", RENAME, key).must_be(201)
    other = _write(subject, number, "changeReceiver", {"name": "别人"}, key)
    other.must_be(422, "idempotency_key_reused")


def one_case(subject: Subject) -> None:
    """A complaint that it has not been sent: it shows, and is not opened twice. The shop may refuse it."""
    number = _spoilable(subject)
    opened = _write(subject, number, "openCase", URGE, _key(subject, "urge"))
    if opened.status == 409:
        opened.must_be(409, "not_allowed", "already_open")
        raise NotRun(f"the shop does not allow it for this order ({opened.code})")
    case = opened.must_be(201).body["number"]
    cases = subject.ask("getAfterSales", {"number": number}, _proof(subject)).must_be(200)
    if case not in [one["number"] for one in cases.body["cases"]]:
        raise cases.broken(f"The case {case} that was opened is not among them.")
    again = _write(subject, number, "openCase", URGE, _key(subject, "urge-again")).must_be(409, "already_open")
    if again.body["error"].get("case") != case:
        raise again.broken(f"error.case must be {case}.")


def cancelled_once(subject: Subject) -> None:
    """The same cancellation several times at the same moment: one receipt, one of them not a replay."""
    number, key = _spoilable(subject), _key(subject, "cancel")
    path = {"number": number}
    answers = subject.ask_at_once("cancelOrder", path, _proof(subject), CANCEL, idempotency_key=key, times=AT_ONCE)
    for answer in answers:
        if answer.must_be(201).body != answers[0].body:
            raise answer.broken(f"Another of {AT_ONCE} requests with the same key got: {answers[0].came}")
    fresh = [answer for answer in answers if not answer.replayed]
    if len(fresh) != 1:
        raise answers[0].broken(f"{len(fresh)} of {AT_ONCE} answers are without Idempotent-Replayed; one should be.")
    order = subject.own(number)
    if order["state"] not in ("cancelled", "refunded") or order["cancelled_at"] is None:
        raise answers[0].broken(f"The order is in {order['state']} afterwards, cancelled_at {order['cancelled_at']}.")
    amount = answers[0].body["amount"]
    if amount is not None and Decimal(amount) > Decimal(order["amount"]["paid"]):
        raise answers[0].broken(f"{amount} goes back, but {order['amount']['paid']} was paid.")


def not_cancelled_twice(subject: Subject) -> None:
    """With another key; and the cancellation's key does not fit another request."""
    number = _cancelled(subject)
    again = _write(subject, number, "cancelOrder", CANCEL, _key(subject, "cancel-again"))
    again.must_be(409, "order_not_cancellable")
    change = _write(subject, number, "changeReceiver", RENAME, _key(subject, "rename-late"))
    change.must_be(409, "receiver_not_changeable")
    reused = _write(subject, number, "changeReceiver", RENAME, _key(subject, "cancel"))
    reused.must_be(422, "idempotency_key_reused")


def customer_is_not_locked_out(subject: Subject) -> None:
    """After too many wrong tries the right phone ending gets 429, and the customer's id still opens the order."""
    number = _cancelled(subject)
    tail = subject.own(number)["receiver"]["phone_tail"]
    wrong = f"{(int(tail) + 1) % 10000:04d}"
    for _ in range(TRIES):
        subject.ask("getOrder", {"number": number}, {"phone_tail": wrong})
    subject.ask("getOrder", {"number": number}, {"phone_tail": tail}).must_be(429, "too_many_attempts")
    subject.own(number)


def _safe_write(subject: Subject, operation_id: str, body: dict[str, Any], key: str | None) -> Answer:
    """A write to the example order, whose state forbids it; NotRun when it does not."""
    if subject.order["state"] in CHANGEABLE:
        raise NotRun("CONFORM_ORDER could still be changed; give one that has been sent")
    return _write(subject, subject.settings.order, operation_id, body, key)


def _write(subject: Subject, number: str, operation_id: str, body: dict[str, Any], key: str | None) -> Answer:
    return subject.ask(operation_id, {"number": number}, _proof(subject), body, idempotency_key=key)


def _proof(subject: Subject) -> dict[str, Any]:
    return {"customer_id": subject.settings.customer}


def _key(subject: Subject, name: str) -> str:
    return f"conform:{subject.run_id}:{name}"


def _named(subject: Subject) -> tuple[str, str]:
    """The order that may be spoilt and its state; NotRun without the permission to write."""
    number = subject.settings.cancellable
    if not subject.settings.write or number is None:
        raise NotRun("needs CONFORM_WRITE=1 and CONFORM_ORDER_CANCELLABLE, an order that may be spoilt")
    try:
        return number, subject.own(number)["state"]
    except Broken:
        raise NotRun(f"{number} could not be read with the customer's id") from None


def _spoilable(subject: Subject) -> str:
    number, state = _named(subject)
    if state not in CHANGEABLE:
        raise NotRun(f"CONFORM_ORDER_CANCELLABLE is in {state}; give one in {', '.join(CHANGEABLE)}")
    return number


def _cancelled(subject: Subject) -> str:
    number, state = _named(subject)
    if state in CHANGEABLE:
        raise NotRun("CONFORM_ORDER_CANCELLABLE was not cancelled")
    return number


REFUSED_WRITES = (
    Check(
        "A write without an Idempotency-Key: 400",
        "Idempotency-Key: required, 1 to 200 visible ASCII characters; else 400 bad_request",
        "Refuse the request before anything is done.",
        key_is_wanted,
    ),
    Check(
        "A body of another form: 400",
        "schemas Cancellation and ReceiverChange; else 400 bad_request",
        "Check the body, also where the order's state forbids the change anyway.",
        body_is_looked_at,
    ),
    Check(
        "An order that has been sent is not changed: 409",
        "cancelOrder: 409 order_not_cancellable; changeReceiver: 409 receiver_not_changeable",
        "Look at the order's state in the same step that changes it.",
        too_late_is_said,
    ),
)

WRITES = (
    Check(
        "The same key twice: the same receipt, marked as a replay",
        "the first answer to a key is given again, with Idempotent-Replayed: true; nothing is done twice",
        "Keep the answer with its key for 24 hours, in the transaction that makes the change.",
        same_key_same_receipt,
    ),
    Check(
        "The same key with another body: 422",
        "422 idempotency_key_reused",
        "Keep a hash of method, address and body with the key, and compare it.",
        same_key_other_body,
    ),
    Check(
        "A case shows, and is not opened twice",
        "openCase: 201, then 409 already_open with error.case; getAfterSales lists it",
        "Look for an open case of that kind in the step that opens one.",
        one_case,
    ),
    Check(
        "The same cancellation at the same moment is done once",
        "nothing is done twice; every request with the key gets the same receipt",
        "Take the key in one step (a unique index); let the others wait for the first one's answer.",
        cancelled_once,
    ),
    Check(
        "Cancelling twice with another key: 409",
        "cancelOrder: 409 order_not_cancellable, it is cancelled already; a key fits one request only",
        "Look at the order's state in the same step that changes it.",
        not_cancelled_twice,
    ),
    Check(
        "Strangers who guess do not lock the customer out",
        "getOrder: after 10 wrong proofs 429, also to a right phone_tail; the right customer_id is still let in",
        "Compare customer_id before you look at the count.",
        customer_is_not_locked_out,
    ),
)
