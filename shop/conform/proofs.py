"""Who is let in: the key, and the proof that an order is one's own. Nothing is changed; wrong tries are counted by the shop."""

from __future__ import annotations

from shop.conform.calls import Answer
from shop.conform.check import Check, NotRun
from shop.conform.subject import Subject

TRIES = 10
BURST = 20
WRITES = {
    "cancelOrder": {"reason": "changed_mind"},
    "changeReceiver": {"name": "测试"},
    "openCase": {"kind": "urge_shipping"},
    "bookPickup": {"day": "2026-01-01", "from": "09:00", "until": "12:00"},
}
"""The writing operations, each with a body as the contract wants it."""


def without_key(subject: Subject) -> None:
    """Every operation but the health check; with values that nobody has."""
    path = {name: subject.made_up(0) for name in ("number", "customer_id", "tracking_number", "sku", "case")}
    for operation_id in [*subject.contract.reads(), *WRITES]:
        if operation_id == "getHealth":
            continue
        names = [name for name in path if f"{{{name}}}" in subject.contract.operation(operation_id).path]
        given = {name: path[name] for name in names}
        query = {"city": "武汉"} if operation_id == "getPickupSlots" else {}
        query |= {"phone_tail": "0000"} if "number" in given else {}
        for key in (None, False):
            idempotency_key = f"conform:{subject.run_id}:401" if operation_id in WRITES else None
            body = WRITES.get(operation_id)
            answer = subject.ask(operation_id, given, query, body, idempotency_key=idempotency_key, key=key)
            answer.must_be(401, "unauthorized")


def unknown_and_wrong_alike(subject: Subject) -> None:
    """Status, content type and body, byte for byte; for both proofs, by reads and by writes."""
    for wrong in ({"phone_tail": _other_tail(subject)}, {"customer_id": f"nobody-{subject.run_id}"}):
        for operation_id in ("getOrder", "getAfterSales"):
            unknown = subject.ask(operation_id, {"number": subject.made_up(1)}, wrong).must_be(404, "order_not_found")
            known = subject.ask(operation_id, {"number": subject.settings.order}, wrong)
            if known.status == 429:
                raise NotRun("this order number has had too many wrong proofs in the last hour")
            if _bytes(known) != _bytes(unknown):
                raise known.broken(f"A made-up number ({subject.made_up(1)}) gets: {unknown.came}")


def writes_want_a_proof(subject: Subject) -> None:
    """A wrong proof for a made-up number, with everything else right."""
    for operation_id, body in WRITES.items():
        path = {"number": subject.made_up(2), "case": "NONE"}
        if operation_id != "bookPickup":
            del path["case"]
        key = f"conform:{subject.run_id}:404:{operation_id}"
        answer = subject.ask(operation_id, path, {"phone_tail": "0000"}, body, idempotency_key=key)
        answer.must_be(404, "order_not_found")


def eleventh_try(subject: Subject) -> None:
    """On a made-up number, so that no customer's order is locked."""
    path = {"number": subject.made_up(3)}
    for number in range(TRIES):
        answer = subject.ask("getOrder", path, {"phone_tail": f"{number:04d}"})
        if answer.status == 429:
            raise answer.broken(f"Try {number + 1} was one too many already.")
        answer.must_be(404, "order_not_found")
    subject.ask("getOrder", path, {"phone_tail": "9999"}).must_be(429, "too_many_attempts")


def burst(subject: Subject) -> None:
    """Many tries at the same moment are no more tries."""
    path = {"number": subject.made_up(4)}
    answers = subject.ask_at_once("getOrder", path, {"phone_tail": "0000"}, times=BURST)
    let_in = [answer for answer in answers if answer.status == 404]
    if len(let_in) != TRIES:
        raise answers[-1].broken(f"Of {BURST} wrong tries at the same moment {len(let_in)} were answered with 404.")


def _other_tail(subject: Subject) -> str:
    return f"{(int(subject.settings.phone_tail) + 1) % 10000:04d}" if subject.settings.phone_tail.isdigit() else "0000"


def _bytes(answer: Answer) -> tuple[int, str | None, bytes]:
    return answer.status, answer.response.headers.get("Content-Type"), answer.response.content


PROOFS = (
    Check(
        "Without the key, or with a wrong one: 401",
        "Every operation but the health check wants the key; else 401 unauthorized",
        "Check the key before anything else, for every address under /api.",
        without_key,
    ),
    Check(
        "An unknown order and a wrong proof get the same answer",
        "getOrder, getAfterSales: 404 order_not_found, byte for byte the same",
        "Make both in one place, with no number, time or request id in the body.",
        unknown_and_wrong_alike,
    ),
    Check(
        "Writes want the proof too",
        "every write: 404 order_not_found for a wrong proof, as for reads",
        "Use for writes what checks the proof for reads.",
        writes_want_a_proof,
    ),
    Check(
        "The eleventh wrong try gets 429",
        "getOrder: wrong proofs are counted for each order number, known or not; after 10 in an hour 429",
        "Count wrong proofs by order number, unknown numbers included.",
        eleventh_try,
    ),
    Check(
        "A burst gets no more tries",
        "getOrder: 10 wrong proofs in an hour, however they arrive",
        "Check and count in one step: one transaction, or one atomic counter.",
        burst,
    ),
)
