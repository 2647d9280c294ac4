"""`python -m web.desk`: one process that serves agents until it is told to stop."""

from __future__ import annotations

import logging
import socket
import sys

from web.desk.app import create_app
from web.desk.database import BadDatabaseUrl
from web.desk.rules import RulesError, read_rules
from web.desk.settings import Settings, SettingsError
from web.log import configure

BACKLOG = 256
logger = logging.getLogger("web.desk")


def main() -> int:
    """Runs the desk; 2 when a setting or desk.yml is wrong, 1 when its port is taken."""
    try:
        settings = Settings.from_env()
        rules = read_rules(settings.rules)
        app = create_app(settings, rules)
    except (SettingsError, RulesError, BadDatabaseUrl) as error:
        print(f"desk: {error}", file=sys.stderr)
        return 2
    configure()
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listening = socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        print(f"desk: cannot listen on {settings.host}:{settings.port}: {error.strerror}", file=sys.stderr)
        return 1
    logger.info("listening host=%s port=%s", settings.host, settings.port)
    app.run(sock=listening, single_process=True, access_log=False, motd=False, backlog=BACKLOG)
    return 0


if __name__ == "__main__":
    sys.exit(main())
