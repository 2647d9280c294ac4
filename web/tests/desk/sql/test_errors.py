"""Each refusal has a sentence in both languages, and an error nobody foresaw tells nothing."""

from __future__ import annotations

import logging

import msgspec
import pytest
from sanic.exceptions import MethodNotAllowed, PayloadTooLarge

from ledger import LedgerUnavailable, NotYours, UnknownConversation
from web.desk.database import DatabaseUnavailable
from web.desk.errors import Locked, Refused, http_answer, refusal
from web.desk.wording import ERRORS


def refusals() -> list[type[Refused]]:
    return [Refused, *Refused.__subclasses__()]


def test_every_code_has_its_sentences() -> None:
    codes = {kind.code for kind in refusals()}
    assert len(codes) > 15
    for lang in ("zh", "en"):
        assert codes <= set(ERRORS[lang])


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (LedgerUnavailable("x"), "unavailable", 503),
        (DatabaseUnavailable("x"), "unavailable", 503),
        (UnknownConversation("x"), "not_found", 404),
        (NotYours("x"), "not_yours", 409),
        (MethodNotAllowed("x", "GET", ["POST"]), "not_found", 404),
        (PayloadTooLarge("x"), "too_long", 413),
        (RuntimeError("x"), "unavailable", 503),
    ],
)
def test_errors_of_other_parts_have_a_code(error: Exception, code: str, status: int) -> None:
    refused = refusal(error)
    assert (refused.code, refused.status) == (code, status)


def test_unforeseen_error_is_logged_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    answer = http_answer(refusal(RuntimeError("a shopper's words")), "en")
    assert "unexpected_error" in caplog.messages
    assert answer.body is not None
    assert msgspec.json.decode(answer.body)["error"]["message"] == ERRORS["en"]["unavailable"]


def test_when_to_try_again_is_said() -> None:
    assert http_answer(Locked(600), "zh").headers["retry-after"] == "600"
    assert http_answer(refusal(LedgerUnavailable("x")), "fr").headers["retry-after"] == "5"
