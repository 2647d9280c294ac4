"""The contract openapi.yaml, and whether an answer keeps what it says of the operation: status, content type, schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import schemathesis
import yaml
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.openapi.checks import JsonSchemaError
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

OPENAPI = Path(__file__).resolve().parents[1] / "openapi.yaml"
CHECKED: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
AN_ID = {"type": "string", "pattern": "^[0-9A-Za-z_-]{1,40}$"}
"""What is made up in place of a number or id: a path with slashes or control characters is refused on its way already."""


class Contract:
    """The operations of the contract by their operationId; `customer` is one whom the shop knows."""

    def __init__(self, customer: str) -> None:
        text = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))
        self.version: str = text["info"]["version"]
        for parameter in _path_parameters(text):
            parameter["schema"] = AN_ID
            parameter.pop("example", None)  # it may be somebody's in this shop
            if parameter["name"] == "customer_id":
                parameter["example"] = customer
        schema = schemathesis.openapi.from_dict(text)
        every = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
        self._operations: dict[str, Any] = {one.definition.raw["operationId"]: one for one in every}

    def operation(self, operation_id: str) -> Any:
        """An operation as schemathesis holds it."""
        return self._operations[operation_id]

    def reads(self) -> list[str]:
        """The operations that change nothing."""
        return [name for name, operation in self._operations.items() if operation.method.upper() == "GET"]

    def breaks(self, case: Any, response: Any) -> list[str]:
        """What is wrong with the answer to a request, in a line each."""
        try:
            case.validate_response(response, checks=CHECKED)
        except FailureGroup as group:
            return [_line(one) for one in group.exceptions if isinstance(one, Failure)]
        except Failure as failure:
            return [_line(failure)]
        return []


def _path_parameters(text: dict[str, Any]) -> list[dict[str, Any]]:
    every = list(text["components"]["parameters"].values())
    for path in text["paths"].values():
        for operation in path.values():
            every += operation.get("parameters", [])
    return [parameter for parameter in every if parameter.get("in") == "path"]


def _line(failure: Failure) -> str:
    if isinstance(failure, JsonSchemaError):
        place = ".".join(map(str, failure.instance_path)) or "the body"
        return f"{place}: {failure.message.splitlines()[0]}"
    return f"{failure.title}: {' '.join(failure.message.split())}" if failure.message else failure.title
