"""A shop in one file that keeps the contract, but for the one `flaw` that it is given."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

KEY = "key-of-the-tiny-shop"
CUSTOMER, TAIL = "k1", "4821"
SENT, UNSENT = "20261120000042", "20261121000043"
STATES = (
    "unpaid paid packed shipped in_transit stuck out_for_delivery delivered refused returned refunded cancelled".split()
)
AT = "2026-11-20T02:11:00.000Z"
PARCEL: dict[str, Any] = {
    **{"carrier": "顺丰速运", "carrier_code": "SF", "tracking_number": "SF1", "shipped_at": AT, "skus": ["S1"]},
    "tracking": {"state": "in_transit", "estimated_delivery": None, "events": []},
}
NOTHING: dict[str, Any] = {"pickup": None, "send_to": None, "photo_url": None}
Reply = tuple[int, dict[str, Any]]


def order(number: str, state: str, created_at: str) -> dict[str, Any]:
    """One scarf."""
    item = {"sku": "S1", "name": "围巾", "spec": "驼色", "quantity": 1, "price": "299.00", "image": None}
    item |= {"category": "home", "kinds": [], "agreed": False, "gift": False, "returning": 0}
    times = dict.fromkeys(("packed_at", "shipped_at", "delivered_at", "cancelled_at", "expected_ship_at"))
    return {
        **{"number": number, "state": state, "customer_id": CUSTOMER, "created_at": created_at, "paid_at": AT, **times},
        "receiver": {"name": "王*", "phone_tail": TAIL, "city": "武汉"},
        "items": [item],
        "amount": {"total": "289.00", "paid": "289.00", "discount": "10.00", "shipping": "0.00"},
        **{"shipments": [], "refund": None, "payment_method": "alipay", "freight_insurance": False, "presale": None},
    }


def error(status: int, code: str, **more: str) -> Reply:
    """A refusal."""
    return status, {"error": {"code": code, "message": code, **more}}


class TinyShop:
    """Its orders, cases, counts and kept answers."""

    def __init__(self, flaw: str = "") -> None:
        self.flaw = flaw
        self.lock = threading.Lock()
        self.wrong: Counter[str] = Counter()
        self.kept: dict[str, tuple[object, Reply]] = {}
        self.cases: list[dict[str, Any]] = []
        newer, older = (
            order(UNSENT, "paid", "2026-11-21T02:00:00.000Z"),
            order(SENT, "in_transit", "2026-11-20T02:00:00Z"),
        )
        if flaw == "old tracking":
            older["shipments"] = [PARCEL]
        self.orders = {one["number"]: one for one in (newer, older)}

    def answer(self, method: str, address: str, headers: Any, body: Any) -> tuple[int, dict[str, Any], bool]:
        """Status, JSON, and whether it is a replay."""
        parts = [unquote(part) for part in urlsplit(address).path.split("/")[1:]]
        query = {name: values[-1] for name, values in parse_qs(urlsplit(address).query, keep_blank_values=True).items()}
        if parts == ["healthz"]:
            return 200, {"status": "ok"}, False
        if headers.get("Authorization") != f"Bearer {KEY}" and self.flaw != "open door":
            return (*error(401, "unauthorized"), False)
        if parts[1:4:2] == ["orders", "orders"]:
            with self.lock:
                return self._of_order(
                    method, parts[4], "/".join(parts[5:]), query, headers.get("Idempotency-Key"), body
                )
        return (*self._read(parts[3:], query), False)

    def _read(self, parts: list[str], query: dict[str, str]) -> Reply:
        match parts:
            case ["customers", customer, "orders"]:
                return self._orders(customer, query)
            case ["customers", _, "cart"]:
                return 200, {"lines": []}
            case ["customers", _, "coupons"]:
                return 200, {"coupons": []}
            case ["customers", customer, "membership"] if customer == CUSTOMER:
                return 200, {"level": "gold", "points": 10, "points_expiring": 0, "points_expire_at": None}
            case ["customers", _, "membership"]:
                return error(404, "customer_not_found")
            case ["skus", "S1"]:
                names = {
                    "sku": "S1",
                    "name": "围巾",
                    "spec": "驼色",
                    "category": "home",
                    "price": "299.00",
                    "in_stock": True,
                }
                return 200, {**names, "image": None, "others": [], "prices": []}
            case ["skus", _]:
                return error(404, "sku_not_found")
            case ["shipments", number] if number == PARCEL["tracking_number"]:
                carrier = {name: PARCEL[name] for name in ("tracking_number", "carrier", "carrier_code")}
                return 200, {**carrier, **PARCEL["tracking"], "state": "delivered"}
            case ["pickup-slots"]:
                fits = 1 <= len(query.get("city", "")) <= 40
                return (200, {"slots": []}) if fits else error(400, "bad_request")
        return error(500 if self.flaw == "falls over" else 404, "shipment_not_found")

    def _orders(self, customer: str, query: dict[str, str]) -> Reply:
        limit, state = query.get("limit", "10"), query.get("state")
        if not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= 50):
            return error(400, "bad_request")
        if state is not None and state not in [*STATES, "partly_shipped", "pre_sale"]:
            return error(400, "bad_request")
        orders = [
            one for one in self.orders.values() if one["customer_id"] == customer and state in (None, one["state"])
        ]
        return 200, {
            "orders": [self._shown(one) for one in orders[:: -1 if self.flaw == "oldest first" else 1]][: int(limit)]
        }

    def _shown(self, one: dict[str, Any]) -> dict[str, Any]:
        match self.flaw:
            case "number for an amount":
                return {**one, "amount": {**one["amount"], "paid": 289}}
            case "a field too few":
                return {name: value for name, value in one.items() if name != "presale"}
            case "no such date":
                return {**one, "created_at": "yesterday"}
            case "local time":
                return {**one, "created_at": one["created_at"].replace("Z", "+08:00")}
            case "wrong sum":
                return {**one, "amount": {**one["amount"], "discount": "0.00"}}
            case "refund too high":
                return {**one, "refund": {"state": "done", "amount": "300.00", "at": AT}}
        return one

    def _of_order(
        self, method: str, number: str, what: str, query: dict[str, str], key: str | None, body: Any
    ) -> tuple[int, dict[str, Any], bool]:
        if ("customer_id" in query) == ("phone_tail" in query):
            return (*error(400, "bad_request"), False)
        if refused := self._refused(number, query):
            return (*refused, False)
        one = self.orders[number]
        if method == "GET":
            found = {"cases": self.cases[::-1]} if what else self._shown(one)
            return 200, found, False
        if key is None and self.flaw == "no key needed":
            return (*self._write(one, what, body), False)
        if not key or len(key) > 200:
            return (*error(400, "bad_request"), False)
        asked = (number, what, json.dumps(body, sort_keys=True))
        if key in self.kept and self.flaw != "does it twice":
            before, reply = self.kept[key]
            if before != asked and self.flaw != "any body":
                return (*error(422, "idempotency_key_reused"), False)
            return (*reply, self.flaw != "no replay header")
        self.kept[key] = (asked, self._write(one, what, body))
        return (*self.kept[key][1], False)

    def _refused(self, number: str, query: dict[str, str]) -> Reply | None:
        one = self.orders.get(number)
        if one and query.get("customer_id") == CUSTOMER and self.flaw != "locks out":
            return None
        if self.wrong[number] >= 10 and self.flaw != "never counts":
            return error(429, "too_many_attempts")
        if one and (query.get("phone_tail") == TAIL or query.get("customer_id") == CUSTOMER):
            return None
        self.wrong[number] += 1
        return error(404, "wrong_proof" if one and self.flaw == "tells them apart" else "order_not_found")

    def _write(self, one: dict[str, Any], what: str, body: Any) -> Reply:
        receipt = {
            "number": f"R{len(self.kept)}",
            "order": one["number"],
            "at": AT,
            "amount": None,
            "by": None,
            **NOTHING,
        }
        changeable = one["state"] == "paid"
        match what, body:
            case "cancellation", {"reason": "changed_mind"}:
                if not changeable:
                    return error(409, "order_not_cancellable")
                one |= {"state": "cancelled", "cancelled_at": AT}
                return 201, {**receipt, "amount": "289.00"}
            case "receiver", {"name": str()}:
                return (201, receipt) if changeable else error(409, "receiver_not_changeable")
            case "after-sales", {"kind": "urge_shipping"}:
                if self.cases:
                    return error(409, "already_open", case=self.cases[0]["number"])
                case = {"number": receipt["number"], "kind": "urge_shipping", "state": "requested", "items": []}
                self.cases.append({**case, "amount": None, "created_at": AT, "by": None, **NOTHING})
                return 201, receipt
        return error(400, "bad_request")


@contextmanager
def tiny_shop(flaw: str = "") -> Iterator[str]:
    """Its address, for as long as it runs."""
    shop = TinyShop(flaw)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65536  # head and body in one piece

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            status, found, replay = shop.answer(self.command, self.path, self.headers, body)
            content = json.dumps(found, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if flaw == "calls it HTML" else "application/json")
            self.send_header("Content-Length", str(len(content)))
            if replay:
                self.send_header("Idempotent-Replayed", "true")
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 64
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
