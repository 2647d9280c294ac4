"""`make down`: stops the `make up` of this folder from elsewhere, and waits until it has ended."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from ops.claim import holder
from ops.leftovers import end_leftovers
from ops.problem import Problem
from ops.settings import Settings
from ops.supervise import read_procfile

PATIENCE_S = 60.0
LOOK_S = 0.1


def down(run: Path, order: list[str], patience_s: float = PATIENCE_S) -> str:
    """Stop it and say so in a line; harmless when nothing runs."""
    pid = holder(run / "up.pid")
    if pid is None:
        left = end_leftovers(run, order)
        if left:
            return f"Ended what an earlier run had left behind: {', '.join(left)}."
        return "Shopdesk is not running here."
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + patience_s
    while holder(run / "up.pid") == pid:
        if time.monotonic() > deadline:
            raise Problem(
                f"Shopdesk (process {pid}) has not stopped within {patience_s:.0f} s: "
                f"see var/log, or end it at once with kill -9 {pid} and make down."
            )
        time.sleep(LOOK_S)
    return "Shopdesk has stopped."


def main() -> int:
    """Exit code 0 when nothing runs any more."""
    try:
        settings = Settings.from_env(os.environ)
        print(down(settings.run, list(reversed(read_procfile(settings.root / "Procfile")))))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
