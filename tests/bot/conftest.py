"""The ledger on a real Redis, as in the ledger's own tests."""

from ledger.tests.conftest import bot, desk, ledger, redis_server, shopper

__all__ = ["bot", "desk", "ledger", "redis_server", "shopper"]
