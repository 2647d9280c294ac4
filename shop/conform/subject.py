"""The shop that is being checked: calls by operation, each answer held against the contract, and the example order."""

from __future__ import annotations

import time
from functools import cached_property
from typing import Any
from urllib.parse import quote

from shop.conform.calls import Answer, Call, Calls
from shop.conform.check import Broken, NotRun, Unreachable
from shop.conform.contract import Contract
from shop.conform.settings import ConformSettings


class Subject:
    """What the checks ask; `run_id` makes numbers and keys of this run differ from those of the last one."""

    def __init__(self, settings: ConformSettings) -> None:
        self.settings = settings
        self.contract = Contract(settings.customer)
        self.calls = Calls(settings)
        self.run_id = time.time_ns() // 1000

    def close(self) -> None:
        """Close the connections."""
        self.calls.close()

    def probe(self) -> None:
        """Raises Unreachable when there is no shop to check or the key is not accepted."""
        self.calls.probe()
        try:
            answer = self.calls.make(self._call("getOrdersOfCustomer", {"customer_id": self.settings.customer}))
        except Broken:
            return
        if answer.status in (401, 403):
            raise Unreachable(f"{self.settings.orders_url} does not accept SHOP_API_KEY (it answers {answer.status}).")

    def made_up(self, which: int) -> str:
        """An order number that no order has, another one in each run."""
        return f"1999{(self.run_id + which * 1_000_003) % 10**10:010d}"

    def ask(
        self,
        operation_id: str,
        path: dict[str, str] | None = None,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        key: bool | None = True,
    ) -> Answer:
        """The answer to an operation; Broken when it is not as the contract describes it."""
        call = self._call(operation_id, path, query, body, idempotency_key=idempotency_key, key=key)
        return self._judged(operation_id, path, self.calls.make(call))

    def ask_at_once(
        self,
        operation_id: str,
        path: dict[str, str],
        query: dict[str, Any],
        body: dict[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        times: int,
    ) -> list[Answer]:
        """As `ask`, several times at the same moment."""
        call = self._call(operation_id, path, query, body, idempotency_key=idempotency_key)
        return [self._judged(operation_id, path, answer) for answer in self.calls.at_once(call, times)]

    def own(self, number: str | None = None) -> dict[str, Any]:
        """An order of the example customer, by their id."""
        path = {"number": number or self.settings.order}
        order: dict[str, Any] = self.ask("getOrder", path, {"customer_id": self.settings.customer}).must_be(200).body
        return order

    @cached_property
    def order(self) -> dict[str, Any]:
        """The example order; NotRun when it cannot be read, which a check of its own reports."""
        try:
            return self.own()
        except Broken:
            raise NotRun("the example order could not be read") from None

    @cached_property
    def latest(self) -> Answer:
        """The example customer's latest orders; NotRun when they cannot be read."""
        try:
            path = {"customer_id": self.settings.customer}
            return self.ask("getOrdersOfCustomer", path, {"limit": 50}).must_be(200)
        except Broken:
            raise NotRun("the example customer's orders could not be read") from None

    def _judged(self, operation_id: str, path: dict[str, str] | None, answer: Answer) -> Answer:
        case = self.contract.operation(operation_id).Case(path_parameters=path or {})
        if found := self.contract.breaks(case, answer.response):
            raise answer.broken(*found)
        return answer

    def _call(
        self,
        operation_id: str,
        path: dict[str, str] | None = None,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        key: bool | None = True,
    ) -> Call:
        operation = self.contract.operation(operation_id)
        filled = operation.path.format(**{name: quote(text, safe="") for name, text in (path or {}).items()})
        return Call(operation.method.upper(), filled, query, body, idempotency_key, key)
