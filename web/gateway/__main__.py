"""`python -m web.gateway`: one process that serves shoppers until it is told to stop."""

from __future__ import annotations

import logging
import socket
import sys

from web.gateway.app import create_app
from web.gateway.open_files import allow_all
from web.gateway.settings import Settings, SettingsError
from web.log import configure

BACKLOG = 1024
logger = logging.getLogger("web.gateway")


def main() -> int:
    """Runs the gateway; 2 when a setting is wrong, 1 when its port is taken."""
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        print(f"gateway: {error}", file=sys.stderr)
        return 2
    configure()
    try:
        listening = listen(settings.host, settings.port)
    except OSError as error:
        print(f"gateway: cannot listen on {settings.host}:{settings.port}: {error.strerror}", file=sys.stderr)
        return 1
    allow_all()
    logger.info("listening host=%s port=%s", settings.host, settings.port)
    create_app(settings).run(sock=listening, single_process=True, access_log=False, motd=False, backlog=BACKLOG)
    return 0


def listen(host: str, port: int) -> socket.socket:
    """A socket that accepts connections. Raises `OSError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


if __name__ == "__main__":
    sys.exit(main())
