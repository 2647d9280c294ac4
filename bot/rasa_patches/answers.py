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

Form = tuple[dict[str, tuple[type, ...]], tuple[str, ...]]
"""The types that an event's fields may have, where that is asked for, and the fields that it must have."""
_TYPES: dict[str, tuple[type, ...]] = {
    "null": (type(None),), "string": (str,), "boolean": (bool,), "number": (int, float), "integer": (int,),
    "object": (dict,), "array": (list,),
}  # fmt: skip


@cache
def _answer_validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


@cache
def _forms() -> dict[str, Form]:
    """The form of each event of whose fields the schema asks nothing but a type."""
    schema = EVENTS_SCHEMA["items"]
    forms: dict[str, Form] = {}
    for kind in schema["oneOf"]:
        fields = {**schema["properties"], **kind["properties"]}
        name = fields.pop("event")["const"]
        if all(set(field) <= {"type"} for field in fields.values()):
            types = {field: _types_of(asked["type"]) for field, asked in fields.items() if asked}
            forms[name] = types, tuple(kind.get("required", ()))
    return forms


def _types_of(asked: str | list[str]) -> tuple[type, ...]:
    names = [asked] if isinstance(asked, str) else asked
    return tuple(kind for name in names for kind in _TYPES[name])


def _is_plainly_valid(result: Any) -> bool:
    """Whether an answer is valid at a glance; false says nothing yet."""
    if type(result) is not dict:
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    if type(events) is not list or type(responses) is not list or any(type(one) is not dict for one in responses):
        return False
    return all(type(event) is dict and _has_form(event) for event in events)


def _has_form(event: dict[str, Any]) -> bool:
    name = event.get("event")
    form = _forms().get(name) if type(name) is str else None
    if form is None:
        return False
    types, required = form
    return all(field in event for field in required) and all(
        type(event[field]) in kinds for field, kinds in types.items() if field in event
    )


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
