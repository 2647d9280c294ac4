"""What a run was made on and with, so that its figures can be compared with others."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.side_by_side.processes import BOT_PYTHON, ROOT

OF_BOT = ("rasa", "rasa-sdk", "tensorflow", "redis", "sanic", "numpy", "scikit-learn")
OF_WEB = ("sanic", "redis", "uvloop", "websockets", "msgspec")


def about(command: str, rounds: int) -> dict[str, Any]:
    """Date, machine, versions, command, commit; a commit with `+` had changes that are not committed."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "command": command,
        "rounds": rounds,
        "commit": _commit(),
        "machine": {
            "cores": len(os.sched_getaffinity(0)),
            "cpu": _cpu(),
            "kernel": platform.release(),
            "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3),
        },
        "versions": {"bot": _bot_versions(), "doors": {name: version(name) for name in OF_WEB}},
    }


def _commit() -> str:
    git = ["git", "-C", str(ROOT)]
    said = subprocess.run([*git, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False).stdout
    changed = subprocess.run(
        [*git, "status", "--porcelain", "-uno", "--", ":!bench/results"], capture_output=True, text=True, check=False
    ).stdout
    return (said.strip() or "unknown") + ("+" if changed.strip() else "")


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _bot_versions() -> dict[str, str]:
    asked = f"from importlib.metadata import version; print(*map(version, {OF_BOT!r}))"
    said = subprocess.run([str(BOT_PYTHON), "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    return dict(zip(OF_BOT, said, strict=True))
