"""`make conform`: holds a shop's API against the contract; the demo shop's own key is used for the demo shop alone."""

from __future__ import annotations

import os
import subprocess
import sys

from ops.credentials import FILES
from ops.problem import Problem
from ops.settings import Settings

KEY = "SHOP_API_KEY"


def environment(settings: Settings, env: dict[str, str]) -> dict[str, str]:
    """The owner's, completed for the demo shop of this folder when no SHOP_URL is given."""
    if settings.shop_url is not None:
        return env
    kept = settings.var / FILES[KEY]
    key = env.get(KEY) or (kept.read_text(encoding="ascii").strip() if kept.exists() else "")
    return {**env, "SHOP_URL": settings.shop_address, KEY: key}


def main() -> int:
    """The exit code of `python -m shop.conform`."""
    try:
        settings = Settings.from_env(os.environ)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 2
    command = [str(settings.web_python), "-m", "shop.conform"]
    env = environment(settings, dict(os.environ))
    try:
        return subprocess.run(command, cwd=settings.root, env=env, check=False).returncode
    except KeyboardInterrupt:
        return 2


if __name__ == "__main__":
    sys.exit(main())
