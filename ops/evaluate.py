"""`make eval`: brings the model up to date and measures it on every file of labelled utterances."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

from ops import model
from ops.credentials import make_private
from ops.problem import Problem
from ops.settings import Settings


def main() -> int:
    """The exit code of the measuring itself."""
    settings = Settings.from_env(os.environ)
    try:
        trained = settings.model or asyncio.run(model.run(settings, force=False))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    make_private(settings.var)
    command = [str(settings.bot_python), "-m", "bot.evaluation", "--model", str(trained)]
    return subprocess.run(command, cwd=settings.root, env={**os.environ, **model.QUIET}).returncode


if __name__ == "__main__":
    sys.exit(main())
