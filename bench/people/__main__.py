"""`python -m bench.people [MODEL] [options]`: how quickly people reach people, and how many shoppers fit.

From the project's root, in the doors' environment. A real Redis that writes through to the disk, the demo shop, gateway,
desk and one bot worker are started and ended; nothing else of this machine is touched. The table, or JSON, goes to the output.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop

from bench.people.figures import LONGEST_S, Figures
from bench.people.measure import measured
from bench.people.stage import VAR
from bench.people.steps import STEPS

SECONDS, IDLE = 60.0, 5_000


def table(found: Figures) -> str:
    """The figures as rows of Markdown."""
    idle, rate = found["idle_mb"], found["messages_per_s"]
    rows = [
        "| | p50 | p99 | worst | n | goal |",
        "|---|---|---|---|---|---|",
        _row("handoff: angry message → agent's socket, ms", found["handoff_ms_p99"], f"p99 ≤ {found['handoff_ms_p99']['goal']:.0f}"),
        _row("agent's reply → shopper's socket, ms", found["reply_ms_p99"], f"p99 ≤ {found['reply_ms_p99']['goal']:.0f}"),
        _row("shopper's message → ack, ms", found["ack_ms"], ""),
        _row("shopper's message → bot's answer, ms", found["bot_ms"], ""),
        _row(f"with {idle['sockets']:.0f} idle: message → ack, ms", _part(idle, "ack_"), f"p99 ≤ {idle['talk_goal']:.0f}"),
        _row(f"with {idle['sockets']:.0f} idle: reply → socket, ms", _part(idle, "reply_"), f"p99 ≤ {idle['talk_goal']:.0f}"),
        _row("one synchronous write of this disk, ms", found["disk_ms"], ""),
        *(_row(f"handoff, step: {step}, ms", found[f"step_{step}_ms"], "") for step in STEPS),
        "",
        "Share of a core: " + ", ".join(f"{name} {share:.2f}" for name, share in found["cores"].items()) + ".",
        f"Other traffic: {rate['value']:.1f} messages/s, of which the bot handed {rate['handed_over']:.0f} over.",
        f"Gateway: {idle['mb']:.0f} MB with {idle['sockets']:.0f} idle sockets (goal {idle['goal']:.0f}), {idle['before_mb']:.0f} before, "
        f"{idle['kb_a_socket']:.1f} kB a socket; they came at {idle['came_per_s']:.0f} a second.",
    ]  # fmt: skip
    return "\n".join(rows)


def _row(name: str, parts: dict[str, float], goal: str) -> str:
    return f"| {name} | {parts['p50']:.1f} | {parts['p99']:.1f} | {parts['max']:.1f} | {parts['n']:.0f} | {goal} |"


def _part(parts: dict[str, float], prefix: str) -> dict[str, float]:
    return {name.removeprefix(prefix): value for name, value in parts.items() if name.startswith(prefix)}


async def _bounded(model: Path, seconds: float, idle: int, folder: Path) -> Figures:
    """Ends in time, and what it has started ends with it, also when it is told to stop."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async with asyncio.timeout(LONGEST_S):
        return await measured(model, seconds, idle, folder)


def main(arguments: Sequence[str]) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m bench.people")
    parser.add_argument("model", nargs="?", type=Path, default=os.environ.get("SHOPDESK_MODEL"))
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--idle", type=int, default=IDLE)
    parser.add_argument(
        "--folder", type=Path, default=VAR, help="where Redis writes; one in memory shows what the disk costs"
    )
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    if asked.model is None or not Path(asked.model).is_file():
        print("name a trained model: models/<fingerprint>.tar.gz (make train prints its path)", file=sys.stderr)
        return 2
    found = uvloop.run(_bounded(Path(asked.model), asked.seconds, asked.idle, asked.folder))
    print(json.dumps(found) if asked.json else table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
