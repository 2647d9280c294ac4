"""The few nodes of a graph are called one after the other, without dask, and without checking and logging each step."""

from __future__ import annotations

import logging
from typing import Any, NamedTuple

from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.exceptions import InvalidConfigException, RasaException

from bot.rasa_patches.patch import Patch

logger = logging.getLogger(__name__)


class Step(NamedTuple):
    """A node, and the names of its inputs with those of what provides them."""

    name: str
    node: GraphNode
    inputs: tuple[tuple[str, str], ...]


def run_in_order(
    self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """Runs the nodes one after the other. Stock Rasa builds a graph for dask at each run, and has it schedule that."""
    wanted = tuple(targets or self._graph_schema.target_names)
    plan = plan_of(self, wanted)
    if plan is None:
        return _stock_run(self, inputs, targets)
    results: dict[str, Any] = {}
    names = {step.name for step in plan}
    for name, value in (inputs or {}).items():
        if isinstance(value, str) and value in names:
            raise GraphRunError(
                f"Input value '{value}' clashes with a node name. Make sure "
                f"that none of the input names passed to the `run` method are the "
                f"same as node names in the graph schema."
            )
        results[name] = value
    for step in plan:
        given = {name: _provided(results, provider, step) for name, provider in step.inputs}
        results[step.name] = _called(step, given)
    return {name: results[name] for name in wanted}


def _provided(results: dict[str, Any], provider: str, step: Step) -> Any:
    if provider not in results:
        raise GraphRunError(f"Missing input to run node '{step.name}'. Expected input '{provider}'.")
    return results[provider]


def _called(step: Step, given: dict[str, Any]) -> Any:
    try:
        return step.node._fn(step.node._component, **given)
    except RasaException as error:
        if not isinstance(error, InvalidConfigException):
            logger.error("Error running graph component for node %s.", step.name)
        raise
    except Exception as error:
        raise GraphComponentException(f"Error running graph component for node {step.name}.") from error


def plan_of(runner: DaskGraphRunner, wanted: tuple[str, ...]) -> list[Step] | None:
    """The nodes that the targets need, each after those that it needs; None where one is loaded late or watched, as in training.

    Found once for a runner and its targets.
    """
    plans: dict[tuple[str, ...], list[Step] | None] = runner.__dict__.setdefault("_plans", {})
    if wanted not in plans:
        nodes = runner._instantiated_nodes
        names = _in_order(runner._graph_schema.minimal_graph_schema(list(wanted)).nodes)
        plain = all(nodes[name]._eager and not nodes[name]._hooks for name in names)
        plans[wanted] = (
            [Step(name, nodes[name], tuple(nodes[name]._inputs.items())) for name in names] if plain else None
        )
    return plans[wanted]


def _in_order(schema: dict[str, Any]) -> list[str]:
    order: list[str] = []

    def place(name: str) -> None:
        if name in order or name not in schema:
            return
        for need in schema[name].needs.values():
            place(need)
        order.append(name)

    for name in schema:
        place(name)
    return order


_stock_run = DaskGraphRunner.run
PATCHES = (
    Patch(
        DaskGraphRunner, "run", "9c79c7367fde0ab3", run_in_order, "a graph's nodes are called in order, without dask",
        reads=(DaskGraphRunner.run, GraphNode),
    ),
)  # fmt: skip
