"""Makes changes of orders: each once for its idempotency key, together with its answer and its audit entry, in one transaction."""

import hashlib
import re
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec

from shop.errors import KeyReused, Refused
from shop.order_book import yuan
from shop.seed.calendar import BEIJING, iso

KEPT_H = 48
CHANGEABLE = frozenset({"unpaid", "paid", "packed", "pre_sale"})
_CITY = re.compile(r"(?:[^省市]{2,6}(?:省|自治区))?\s*([^省市区\s]{2,8})市")

Work = Callable[[sqlite3.Connection], dict[str, Any]]


@dataclass(frozen=True)
class Asked:
    """A change that was asked for: its key, what it is called, its order, how and by what that was proved, the request's own words."""

    key: str
    action: str
    order: str
    proof: str
    proved_by: str
    request: bytes

    @property
    def digest(self) -> str:
        """Equal for the same request."""
        return hashlib.sha256(f"{self.action} {self.order} ".encode() + self.request).hexdigest()

    @property
    def proof_digest(self) -> str:
        """Equal for the same key and proof."""
        return hashlib.sha256(f"{self.key} {self.proof} {self.proved_by}".encode()).hexdigest()


@dataclass(frozen=True)
class Answered:
    """The answer to a change; `replayed` when it was made before."""

    status: int
    body: bytes
    replayed: bool


def make(path: Path, asked: Asked, work: Work) -> Answered:
    """Does the work once and keeps its answer, a refusal too; another time for the same key gives that answer again.

    For a thread of its own. Raises KeyReused. Anything that `work` raises but Refused leaves no trace.
    """
    with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        db.execute("BEGIN IMMEDIATE")
        try:
            answer = _once(db, asked, work)
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise
    if answer is None:
        raise KeyReused
    return answer


def made_before(path: Path, asked: Asked) -> bool:
    """Whether this very change was asked for with this proof before: a change of the phone makes the old ending a wrong one.

    Only while `make` will surely find the kept answer too: an outdated proof must never do the work anew.
    """
    query = "SELECT 1 FROM answers WHERE key = ? AND request = ? AND proof = ? AND at > ?"
    since = datetime.now(timezone.utc) - timedelta(hours=KEPT_H - 1)
    with closing(sqlite3.connect(path, timeout=10)) as db:
        return db.execute(query, (asked.key, asked.digest, asked.proof_digest, iso(since))).fetchone() is not None


def _once(db: sqlite3.Connection, asked: Asked, work: Work) -> Answered | None:
    """The answer, or None for a key that belongs to another request."""
    now = datetime.now(timezone.utc)
    db.execute("DELETE FROM answers WHERE at < ?", (iso(now - timedelta(hours=KEPT_H)),))
    before = db.execute("SELECT * FROM answers WHERE key = ?", (asked.key,)).fetchone()
    if before is not None:
        if before["request"] != asked.digest:
            _note(db, asked, now, f"refused: {KeyReused.code}", None)
            return None
        _note(db, asked, now, "replayed", None)
        return Answered(before["status"], before["body"], True)
    try:
        receipt = work(db)
        status, body, outcome, number = 201, msgspec.json.encode(receipt), "done", receipt["number"]
    except Refused as refusal:
        error = {"code": refusal.refusal, "message": str(refusal)} | ({"case": refusal.case} if refusal.case else {})
        status, body, outcome, number = 409, msgspec.json.encode({"error": error}), f"refused: {refusal.refusal}", None
    kept = (asked.key, asked.digest, asked.proof_digest, status, body, iso(now))
    db.execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?)", kept)
    _note(db, asked, now, outcome, number)
    return Answered(status, body, False)


def _note(db: sqlite3.Connection, asked: Asked, now: datetime, outcome: str, receipt: str | None) -> None:
    query = "INSERT INTO audit (at, key, action, order_number, proof, outcome, receipt) VALUES (?, ?, ?, ?, ?, ?, ?)"
    db.execute(query, (iso(now), asked.key, asked.action, asked.order, asked.proof, outcome, receipt))


def cancel(db: sqlite3.Connection, number: str) -> dict[str, Any]:
    """Cancels an order that has not been sent; what was paid goes back, and what was asked about it needs no answer."""
    order, now = order_row(db, number), datetime.now(timezone.utc)
    if order["state"] not in CHANGEABLE:
        raise Refused("order_not_cancellable", f"The order is {order['state']}.")
    query = "UPDATE orders SET state = 'cancelled', cancelled_at = ?, expected_ship_at = NULL WHERE number = ?"
    db.execute(query, (iso(now), number))
    query = "UPDATE coupons SET state = 'usable', order_number = NULL WHERE order_number = ? AND state = 'locked'"
    db.execute(query, (number,))
    query = "UPDATE cases SET state = 'withdrawn' WHERE order_number = ? AND state IN ('requested', 'approved')"
    db.execute(query, (number,))
    if order["paid"]:
        db.execute("INSERT OR REPLACE INTO refunds VALUES (?, 'pending', ?, ?)", (number, order["paid"], iso(now)))
    amount = yuan(order["paid"]) if order["paid"] else None
    by = iso(now + timedelta(days=3)) if order["paid"] else None
    return receipt(next_number(db, "CX", now), number, now, amount=amount, by=by)


def change_receiver(
    db: sqlite3.Connection, number: str, change: Mapping[str, str], cities: frozenset[str]
) -> dict[str, Any]:
    """Changes what is given of name, phone and address, of an order that has not been sent."""
    order, now = order_row(db, number), datetime.now(timezone.utc)
    if order["state"] not in CHANGEABLE:
        raise Refused("receiver_not_changeable", f"The order is {order['state']}.")
    for name, value in change.items():
        db.execute(f"UPDATE orders SET receiver_{name} = ? WHERE number = ?", (value, number))
    if address := change.get("address"):
        city = city_in(address, cities) or order["receiver_city"]
        db.execute("UPDATE orders SET receiver_city = ? WHERE number = ?", (city, number))
    return receipt(next_number(db, "GD", now), number, now)


def city_in(address: str, cities: frozenset[str]) -> str | None:
    """The city that an address names: the word before 市, else the first of those served."""
    if named := _CITY.match(address):
        return named[1]
    places = {address.find(city): city for city in cities if city in address}
    return places[min(places)] if places else None


def order_row(db: sqlite3.Connection, number: str) -> sqlite3.Row:
    """The order as it is inside the transaction."""
    row: sqlite3.Row = db.execute("SELECT * FROM orders WHERE number = ?", (number,)).fetchone()
    return row


def next_number(db: sqlite3.Connection, prefix: str, now: datetime) -> str:
    """A number that nothing else has: CX20261125000007."""
    last = db.execute("SELECT coalesce(max(id), 0) FROM audit").fetchone()[0]
    return f"{prefix}{now.astimezone(BEIJING):%Y%m%d}{last + 1:06d}"


def receipt(number: str, order: str, at: datetime, **more: Any) -> dict[str, Any]:
    """A receipt in the contract's shape."""
    rest = {"amount": None, "by": None, "pickup": None, "send_to": None, "photo_url": None}
    return {"number": number, "order": order, "at": iso(at), **rest, **more}
