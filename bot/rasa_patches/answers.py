"""Answers of actions are checked by what is made ready once; a plain event is not walked through 24 schemas."""

from __future__ import annotations

from functools import cache
from typing import Any

from jsonschema import ValidationError  # type: ignore[import-untyped]
from jsonschema.exceptions import best_match  # type: ignore[import-untyped]
from jsonschema.validators import validator_for  # type: ignore[import-untyped]
from rasa.core.actions.action import RemoteAction
from rasa.shared.constants import DOCS_BASE_URL
from rasa.shared.utils.schemas.events import EVENTS_SCHEMA

from bot.rasa_patches.patch import Patch

SLOT_SCHEMA = {
    "properties": {"event": {"const": "slot"}, "name": {"type": "string"}, "value": {}},
    "required": ["name", "value"],
}
"""The form of the commonest event, as Rasa has it."""


@cache
def _answer_validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


@cache
def _plain_names() -> frozenset[str]:
    """Names of events of which the schema asks nothing but what every event has; and `slot`, while its form is as above."""
    kinds = EVENTS_SCHEMA["items"]["oneOf"]
    plain = {kind["properties"]["event"]["const"] for kind in kinds if set(kind["properties"]) == {"event"}}
    return frozenset(plain | {"slot"} if SLOT_SCHEMA in kinds else plain)


def _is_plainly_valid(result: Any) -> bool:
    """Whether an answer is valid at a glance; false says nothing yet."""
    if type(result) is not dict:
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    if type(events) is not list or type(responses) is not list or any(type(one) is not dict for one in responses):
        return False
    plain = _plain_names()
    return all(type(event) is dict and event.get("event") in plain and _has_form(event) for event in events)


def _has_form(event: dict[str, Any]) -> bool:
    at, metadata = event.get("timestamp"), event.get("metadata")
    if not (at is None or type(at) in (int, float)) or not (metadata is None or type(metadata) is dict):
        return False
    return event["event"] != "slot" or (type(event.get("name")) is str and "value" in event)


def validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Whether an action's answer has its form. Stock Rasa checks the schema itself anew for each answer, 20 to 35 ms."""
    if _is_plainly_valid(result):
        return True
    error: ValidationError | None = best_match(_answer_validator().iter_errors(result))
    if error is None:
        return True
    error.message += (
        f". Failed to validate Action server response from API, "
        f"make sure your response from the Action endpoint is valid. "
        f"For more information about the format visit "
        f"{DOCS_BASE_URL}/custom-actions"
    )
    raise error


PATCHES = (
    Patch(
        RemoteAction, "_validate_action_result", "f8cdb4be68123961", validate_action_result,
        "answers of actions are checked without checking the schema anew",
    ),
)  # fmt: skip
