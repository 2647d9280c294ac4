"""Each environment variable that the code reads has its line in docs/operations.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = ("actions", "bot", "ledger", "ops", "shop", "terms", "web")
READS = [
    re.compile(r"""env(?:iron)?(?:\.get\(|\[|\.pop\()\s*["']([A-Z][A-Z0-9_]+)["']"""),
    re.compile(r"""getenv\(\s*["']([A-Z][A-Z0-9_]+)["']"""),
    re.compile(r"""\(env(?:iron)?,\s*["']([A-Z][A-Z0-9_]+)["']"""),
    re.compile(r"""["'](SHOPDESK_[A-Z0-9_]+)["']"""),
]
FOREIGN = {"PYENV_ROOT", "PIP_INDEX_URL", "VIRTUAL_ENV"}
"""Those of other programs."""


def modules() -> list[Path]:
    """Every module that runs; tests, and what starts services for them, set what they like."""
    found = [path for folder in CODE for path in (ROOT / folder).rglob("*.py") if path.name != "testing.py"]
    return [path for path in found if not {"tests", ".venv", "static"} & set(path.relative_to(ROOT).parts)]


def variables(source: str) -> set[str]:
    """Names of variables that a module reads, or that its `from_env` mentions in its first line."""
    found = {name for pattern in READS for name in pattern.findall(source)}
    for described in re.findall(r"def from_env\(.*?\).*?:\n\s+\"\"\"(.*?)\"\"\"", source, re.DOTALL):
        found |= set(re.findall(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b", described))
    return found - FOREIGN


def documented() -> set[str]:
    """Names in the first column of the tables of docs/operations.md."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| *((?:`[A-Z][A-Z0-9_]+`[ ,]*)+) *\|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z0-9_]+)`", row)}


@pytest.mark.parametrize("module", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_each_variable_is_documented(module: Path) -> None:
    missing = variables(module.read_text(encoding="utf-8")) - documented()
    assert not missing, f"write them into the table of docs/operations.md: {', '.join(sorted(missing))}"


@pytest.mark.parametrize(
    "line",
    [
        'env.get("NEW_ONE")',
        "os.environ['NEW_ONE']",
        'os.getenv("NEW_ONE", "")',
        '_port(env, "NEW_ONE", 1)',
        'env["NEW_ONE"]',
        'def from_env(cls, env):\n    """Reads NEW_ONE."""',
    ],
)
def test_every_way_of_reading_is_seen(line: str) -> None:
    assert variables(line) == {"NEW_ONE"}
