"""The few nodes of a graph are called one after the other, without dask."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.exceptions import InvalidConfigException, RasaException

from bot.rasa_patches.patch import Patch

logger = logging.getLogger(__name__)


def run_in_order(
    self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """Runs the few nodes of a graph one after the other. Stock Rasa builds a graph for dask at each run, and has it schedule that."""
    wanted = tuple(targets or self._graph_schema.target_names)
    results: dict[str, Any] = {}
    order = order_of(self, wanted)
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


def order_of(runner: DaskGraphRunner, wanted: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
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


def call_node(self: GraphNode, *inputs: tuple[str, Any] | str) -> tuple[str, Any]:
    """Runs a node that is loaded and that nobody watches; any other in stock Rasa's way, which checks and logs each step."""
    if self._hooks or not self._eager or not all(isinstance(one, tuple) for one in inputs):
        return _stock_call(self, *inputs)
    outputs: dict[str, Any] = dict(inputs)  # type: ignore[arg-type]
    if not all(provider in outputs for provider in self._inputs.values()):
        return _stock_call(self, *inputs)
    try:
        output = self._fn(self._component, **{name: outputs[provider] for name, provider in self._inputs.items()})
    except RasaException as error:
        if not isinstance(error, InvalidConfigException):
            logger.error("Error running graph component for node %s.", self._node_name)
        raise
    except Exception as error:
        raise GraphComponentException(f"Error running graph component for node {self._node_name}.") from error
    return self._node_name, output


_stock_call: Callable[..., tuple[str, Any]] = GraphNode.__call__
PATCHES = (
    Patch(
        DaskGraphRunner, "run", "45f0f52f574f3aa9", run_in_order,
        "a graph's nodes are called in order, without dask",
    ),
    Patch(
        GraphNode, "__call__", "66127a2bfb6fcf1e", call_node,
        "a node is called without logging what it is given",
    ),
)  # fmt: skip
