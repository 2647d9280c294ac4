"""Asks every reading operation with parameters made up by schemathesis, right and wrong ones, the same ones each time."""

from __future__ import annotations

import time
import warnings
from contextlib import suppress
from typing import Any

import hypothesis
import requests
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode

from shop.conform.calls import TIMEOUT_S
from shop.conform.check import Broken, Check
from shop.conform.contract import Contract
from shop.conform.subject import Subject

MOST_EXAMPLES = 100
"""Requests of one kind for an operation."""
ENOUGH = 5
"""Broken answers, of which the one with the shortest request is shown."""


class _Enough(Exception):
    """Ends the making up of parameters."""


def generated_checks(contract: Contract, seconds: float) -> list[Check]:
    """One check for each reading operation; together they take no longer than that."""
    reads = contract.reads()
    return [_check(operation_id, seconds / len(reads)) for operation_id in reads]


def _check(operation_id: str, seconds: float) -> Check:
    return Check(
        f"{operation_id} answers made-up parameters",
        f"{operation_id} in openapi.yaml: its statuses, content type and schemas, and never a 5xx",
        "Send this request yourself and correct what the line above names; other requests may fail the same way.",
        lambda subject: _ask_many(subject, operation_id, seconds),
    )


def _ask_many(subject: Subject, operation_id: str, seconds: float) -> None:
    """Ask until the examples or the time are used up, then raise the shortest request that broke the contract."""
    operation = subject.contract.operation(operation_id)
    until = time.monotonic() + seconds
    broken: list[Broken] = []
    modes = [GenerationMode.POSITIVE] + [GenerationMode.NEGATIVE] * bool(list(operation.query))
    with requests.Session() as session:

        def ask(case: Any) -> None:
            if time.monotonic() >= until or len(broken) >= ENOUGH:
                raise _Enough
            if found := _ask_one(subject, case, session):
                broken.append(found)

        with suppress(_Enough):
            for mode in modes:
                _examples(ask, operation, mode)
    if broken:
        raise min(broken, key=lambda one: (len(one.sent), one.sent))


def _examples(ask: Any, operation: Any, mode: GenerationMode) -> None:
    """Call `ask` with cases; the same ones in each run."""
    settings = hypothesis.settings(
        max_examples=MOST_EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        settings(hypothesis.given(operation.as_strategy(generation_mode=mode))(ask))()


def _ask_one(subject: Subject, case: Any, session: requests.Session) -> Broken | None:
    base_url = subject.settings.base_url(case.path)
    headers = {"Authorization": f"Bearer {subject.settings.api_key}"}
    sent = f"{case.method} {base_url}{case.formatted_path} {dict(case.query or {})} (with your key)"
    try:
        response = case.call(
            base_url=base_url, session=session, headers=headers, timeout=TIMEOUT_S, allow_redirects=False
        )
    except requests.Timeout:
        return Broken(sent, f"nothing within {TIMEOUT_S:.0f} s")
    except requests.RequestException as error:
        return Broken(sent, f"no answer: {type(error).__name__}")
    found = subject.contract.breaks(case, response)
    sent = f"{case.method} {response.request.url} (with your key)"
    came = subject.calls.shown(response.status_code, response.content.decode(errors="replace"))
    return Broken(sent, came, *found) if found else None
