"""`make check`: ruff, mypy on both sides, and Rasa's own look at the data."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass

from ops.model import QUIET
from ops.settings import Settings


@dataclass(frozen=True)
class Check:
    """A command that must end well; what it prints is shown when it does not."""

    name: str
    python: str
    arguments: list[str]


CHECKS = (
    Check("ruff", "web", ["ruff", "check", "--quiet", "."]),
    Check("mypy, bot side", "bot", ["mypy"]),
    Check("mypy, web side", "web", ["mypy", "--config-file", "web/pyproject.toml"]),
    Check("rasa data validate", "bot", ["rasa", "data", "validate", "--domain", "domain.yml", "--data", "data"]),
)


def passes(check: Check, settings: Settings) -> bool:
    """Run one check and print a line on it."""
    python = settings.bot_python if check.python == "bot" else settings.web_python
    started = time.monotonic()
    ended = subprocess.run(
        [str(python), "-m", *check.arguments],
        cwd=settings.root,
        env={**os.environ, **QUIET},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "ok" if ended.returncode == 0 else "FAILED"
    print(f"  {check.name:<20} {verdict} ({time.monotonic() - started:.0f} s)", flush=True)
    if ended.returncode != 0:
        print(ended.stdout, flush=True)
    return ended.returncode == 0


def main() -> int:
    """Run all checks, so that one run shows everything that is wrong."""
    settings = Settings.from_env(os.environ)
    failed = [check.name for check in CHECKS if not passes(check, settings)]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
