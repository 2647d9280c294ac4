"""`python -m bench [--rounds N] [--only PART,PART]`: stock Rasa and Shopdesk side by side, in one run.

From the project's root, in the doors' environment; `make bench` does it. A whole run writes `bench/results/`: `latest.json`, the table
and the charts. With `--only`, the parts that are named are measured, and written to `var/bench/only/` instead. Stock Rasa is trained
when there is no model of the present data in `var/bench/`, which takes a quarter of an hour; everything else about as long again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import uvloop

from bench.side_by_side.about import about
from bench.side_by_side.processes import BOT_PYTHON, ROOT
from bench.side_by_side.run import PART_OF, PARTS, run
from bench.side_by_side.table import page, table
from ops.model import ensure_model
from ops.settings import Settings

RESULTS, ONLY = ROOT / "bench/results", ROOT / "var/bench/only"
ROUNDS = 3


def main(given: Sequence[str] | None = None) -> int:
    """Exit code 0 when everything was measured, whether the goals are reached or not."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Stock Rasa and Shopdesk side by side.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", metavar="PART,PART", help=f"of {', '.join(PARTS)}, or names of rows")
    asked = parser.parse_args(given)
    parts = [PART_OF.get(name, name) for name in asked.only.split(",")] if asked.only else list(PARTS)
    if unknown := sorted(set(parts) - set(PARTS)):
        parser.error(f"there is no part {', '.join(unknown)}")
    command = "make bench" if not asked.only and asked.rounds == ROUNDS else _command(asked)
    try:
        found = uvloop.run(_measured(asked.rounds, parts))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 130
    write({"about": about(command, asked.rounds), **found}, ONLY if asked.only else RESULTS)
    print(table(found))
    return 0


async def _measured(rounds: int, parts: Sequence[str]) -> dict[str, Any]:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    settings = Settings.from_env(os.environ)
    model = settings.model or await ensure_model(settings, lambda step, detail: None)
    return await run(model, rounds, parts)


def write(found: dict[str, Any], folder: Path) -> None:
    """`latest.json`, the table beside it, and the charts."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "latest.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    (folder / "latest.md").write_text(page(found), "utf-8")
    subprocess.run([str(BOT_PYTHON), "-W", "ignore", "-m", "bench.charts", str(folder)], cwd=ROOT, check=True)


def _command(asked: argparse.Namespace) -> str:
    return f"python -m bench --rounds {asked.rounds}" + (f" --only {asked.only}" if asked.only else "")


if __name__ == "__main__":
    sys.exit(main())
