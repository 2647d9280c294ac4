"""The figures for others: measured in a process of its own, in the environment of the doors."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / "web/.venv/bin/python"
LONGEST_S = 240
ENDING_S = 20.0
GOALS = {"handoff_ms_p99": 60.0, "reply_ms_p99": 20.0, "idle_mb": 300.0, "idle_talk_ms_p99": 50.0}
Figures = dict[str, dict[str, float]]


class Failed(Exception):
    """The run ended without figures; its output says why."""


async def figures(model: Path) -> Figures:
    """`handoff_ms_p99`, `reply_ms_p99` (ms) and `idle_mb` (MB), each with p50, p99, n, goal and what else was measured. Raises `Failed`."""
    command = [str(PYTHON), "-m", "bench.people", str(model), "--json"]
    running = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    try:
        async with asyncio.timeout(LONGEST_S + ENDING_S):
            out, _ = await running.communicate()
    except BaseException:
        if running.returncode is None:
            running.terminate()
            await running.wait()
        raise
    if running.returncode != 0:
        raise Failed(f"python -m bench.people ended with {running.returncode}")
    found: Figures = json.loads(out)
    return found
