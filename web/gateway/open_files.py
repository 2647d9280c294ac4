"""How many sockets this process may hold: a shopper is an open file, and an owner's default of 1024 would stop at a thousand."""

from __future__ import annotations

import logging
import resource

logger = logging.getLogger(__name__)


def allow_all() -> int:
    """Raises the soft limit of open files to the hard one, as far as the system lets it; returns what holds then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (ValueError, OSError) as error:  # some systems call the hard limit endless and mean less
        logger.warning("open_files limit=%s cause=%s", soft, type(error).__name__)
        return soft
    logger.info("open_files limit=%s before=%s", hard, soft)
    return hard
