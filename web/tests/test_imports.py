"""Packages meet only at the ledger, at the shop's client, or over HTTP."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = {"actions", "bot", "ledger", "ops", "shop", "web"}
# The client, and the records that it takes and answers.
SHOPS_CLIENT = ("shop.client", "shop.order", "shop.shipment", "shop.after_sales", "shop.offers")
ALLOWED = {
    "actions": {"actions", "bot.components.normaliser", "bot.components.yaml_lines", *SHOPS_CLIENT},
    "bot": {"bot", "ledger", "actions.audit", "actions.next_steps_file", "actions.order_tasks", "actions.shop"},
    "ledger": {"ledger"},
    "ops": {"ops", "ledger"},
    "shop": {"shop"},
    "web/gateway": {"web.gateway", "web.log", "web.pace", "web.static_files", "web.visitor", "ledger"},
    "web/desk": {
        "web.desk",
        "web.log",
        "web.pace",
        "web.static_files",
        "web.visitor",
        "ledger",
        "bot.components.yaml_lines",
        "shop.client_settings",
        *SHOPS_CLIENT,
    },
}


def imported(path: Path) -> set[str]:
    """The modules of ours that a file imports, also inside functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name for name in names if name.split(".")[0] in OURS}


def sources(folder: str) -> list[Path]:
    """The package's own code: tests and what is made for tests may reach further."""
    found = [path for path in (ROOT / folder).rglob("*.py") if "tests" not in path.parts and path.name != "testing.py"]
    assert found, f"{folder} has moved: correct this test"
    return found


@pytest.mark.parametrize("package", ALLOWED)
def test_packages_meet_only_where_they_may(package: str) -> None:
    strangers = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in sources(package)
        for name in imported(path)
        if not any(name == allowed or name.startswith(f"{allowed}.") for allowed in ALLOWED[package])
    }
    assert strangers == set()
