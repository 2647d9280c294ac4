"""What is made quicker in Rasa 3.6.21 without changing an answer. Each patch says why, and stands beside the digest of what it replaces:
a Rasa that was changed underneath is left alone, loudly, and fails a test.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Collection
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from jsonschema import ValidationError  # type: ignore[import-untyped]
from jsonschema.exceptions import best_match  # type: ignore[import-untyped]
from jsonschema.validators import validator_for  # type: ignore[import-untyped]
from rasa.core.actions.action import RemoteAction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.constants import DOCS_BASE_URL
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

logger = logging.getLogger(__name__)


class Patch(NamedTuple):
    """A function of Rasa, the digest of its source, and what stands in for it."""

    owner: Any
    name: str
    digest: str
    made: Callable[..., Any]


@cache
def _answer_validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Whether an action's answer has its form. Stock Rasa checks the schema itself anew for each answer, 20 to 35 ms."""
    error = next(_answer_validator().iter_errors(result), None)
    if error is None:
        return True
    error = _best_of(result)
    error.message += (
        f". Failed to validate Action server response from API, "
        f"make sure your response from the Action endpoint is valid. "
        f"For more information about the format visit "
        f"{DOCS_BASE_URL}/custom-actions"
    )
    raise error


def _best_of(result: dict[str, Any]) -> ValidationError:
    """The error that `jsonschema.validate` would raise."""
    found: ValidationError = best_match(_answer_validator().iter_errors(result))
    return found


_classes: dict[str, type[Event]] = {}


def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """An event's class by the name of its type. Stock Rasa walks all subclasses for each event of a tracker that it reads."""
    known = _classes.get(type_name)
    if known is not None:
        return known
    for kind in all_subclasses(Event):
        if kind.type_name == type_name:
            _classes[type_name] = kind
            return kind
    if type_name == "topic":
        return None  # an event of old trackers, as in stock Rasa
    if default is not None:
        return default
    raise ValueError(f"Unknown event name '{type_name}'.")


def run_in_order(
    self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """Runs the few nodes of a graph one after the other. Stock Rasa builds a graph for dask at each run, and has it schedule that."""
    wanted = tuple(targets or self._graph_schema.target_names)
    results: dict[str, Any] = {}
    order = _order_of(self, wanted)
    nodes = {name for name, _ in order}
    for name, value in (inputs or {}).items():
        if isinstance(value, str) and value in nodes:
            raise GraphRunError(
                f"Input value '{value}' clashes with a node name. Make sure "
                f"that none of the input names passed to the `run` method are the "
                f"same as node names in the graph schema."
            )
        results[name] = (name, value)
    try:
        for name, needs in order:
            results[name] = self._instantiated_nodes[name](*(results.get(need, need) for need in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(results[name] for name in wanted)


def _order_of(runner: DaskGraphRunner, wanted: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """The nodes that the targets need, each after those that it needs; found once for a runner and its targets."""
    orders: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = runner.__dict__.setdefault("_orders", {})
    if wanted not in orders:
        schema = runner._graph_schema.minimal_graph_schema(list(wanted)).nodes
        order: list[tuple[str, tuple[str, ...]]] = []
        placed: set[str] = set()

        def place(name: str) -> None:
            if name in placed or name not in schema:
                return
            placed.add(name)
            needs = tuple(schema[name].needs.values())
            for need in needs:
                place(need)
            order.append((name, needs))

        for name in schema:
            place(name)
        orders[wanted] = order
    return orders[wanted]


PATCHES = (
    Patch(RemoteAction, "_validate_action_result", "f8cdb4be68123961", validate_action_result),
    Patch(Event, "resolve_by_type", "b5cf570fa7f286c7", staticmethod(resolve_by_type)),
    Patch(DaskGraphRunner, "run", "45f0f52f574f3aa9", run_in_order),
)
_stock = {patch.name: inspect.getattr_static(patch.owner, patch.name) for patch in PATCHES}


def digest_of(patch: Patch) -> str:
    """The digest of the source of what a patch replaces."""
    return sha256(inspect.getsource(_stock[patch.name]).encode()).hexdigest()[:16]


def apply(names: Collection[str] | None = None) -> None:
    """Puts the patches in, or only those named; harmless when they are."""
    for patch in PATCHES:
        if names is not None and patch.name not in names:
            continue
        if digest_of(patch) != patch.digest:
            logger.error("Rasa's %s is not the one of 3.6.21: it stays as it is, and slow", patch.name)
            continue
        setattr(patch.owner, patch.name, patch.made)


def undo() -> None:
    """Stock Rasa again, for comparison."""
    for patch in PATCHES:
        setattr(patch.owner, patch.name, _stock[patch.name])
