"""`python -m bot`: one turn worker."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import secrets
import signal
import socket
import sys
import warnings

import uvloop

from bot import late_imports
from bot.settings import Settings, SettingsError
from bot.tone import read_tone

OURS = ("actions", "bot", "ledger", "shop")
"""Whose loggers tell what goes on; they name conversations, never what was said."""

WRONG_FILES = ("tone_file", "next_steps_file")
"""Codes of mistakes in files that trainers edit; their sentence says which line."""

TRACKER_BYTES = 210_000
"""What a conversation at hand takes, with what its last prediction has left."""


async def serve(settings: Settings) -> None:
    """Loads the model, takes turns and the desk's requests until SIGTERM or SIGINT, finishes those under way."""
    from actions.audit import use as use_audit_trail
    from actions.next_steps_file import next_steps
    from actions.order_tasks import OrderTasks
    from actions.shop import close as close_shop
    from bot.action_endpoint import InProcessActions
    from bot.assistant import Assistant
    from bot.worker import Worker
    from ledger import BotSide, Ledger, connect
    from ledger.audit import AuditTrail
    from ledger.garbage import Garbage
    from ledger.keys import Keys
    from ledger.requests import Requests
    from ledger.sent import SentChanges

    next_steps()  # a mistake in it must not wait for the first shopper who needs a person
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    redis = connect(settings.redis_url)
    store = Ledger(redis, Keys(settings.shards))
    ledger = BotSide(store, name)
    assistant = Assistant(settings.model, ledger, InProcessActions.of_package("actions"), read_tone(settings.tone))
    await assistant.warm_up()
    garbage = Garbage(lambda: assistant.at_hand, TRACKER_BYTES)
    garbage.start()
    use_audit_trail(AuditTrail(store).note)
    order_tasks = OrderTasks(assistant.responses, SentChanges(store))
    worker = Worker(ledger, assistant, settings.shards, settings.concurrency)
    for stop in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(stop, worker.stop)
    if settings.ready_file:
        settings.ready_file.write_text(str(os.getpid()))
    logging.getLogger("bot").info("worker %s takes turns with %s", name, settings.model.name)
    requests = asyncio.create_task(Requests(store).serve(name, order_tasks.answer))
    try:
        await worker.run()
    finally:
        requests.cancel()
        await asyncio.gather(requests, garbage.stop(), return_exceptions=True)
        if settings.ready_file:
            settings.ready_file.unlink(missing_ok=True)
        await close_shop()
        await redis.aclose()


def main() -> None:
    """Settings, logging, then `serve`."""
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        sys.exit(f"bot: {error}")
    late_imports.install()
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # the products of a turn are small: more threads only wait for each other
    gc.disable()  # until all is loaded: nothing of it is garbage
    quiet()
    try:
        asyncio.set_event_loop_policy(
            uvloop.EventLoopPolicy()
        )  # a quarter of the worker's time less than with asyncio's own loop
        asyncio.run(serve(settings))
    except ValueError as error:
        if getattr(error, "code", None) not in WRONG_FILES:
            raise
        sys.exit(f"bot: {error}")


def quiet() -> None:
    """Our logs go to stderr, those of others only from warnings on: Rasa's debug lines hold what shoppers write."""
    with warnings.catch_warnings():  # importing Sanic has Python show every library's deprecation warnings: undone here
        import sanic  # noqa: F401
    # Under uvloop aiohttp takes every proxy for one that is itself asked over TLS.
    warnings.filterwarnings("ignore", message="An HTTPS request is being sent through an HTTPS proxy")
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    shape = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=logging.WARNING, format=shape, stream=sys.stderr, force=True)
    for noisy in ("rasa", "rasa_sdk", "tensorflow", "httpx", "apscheduler", "jieba", "matplotlib"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for ours in OURS:  # not the root's level: TensorFlow's import changes that one
        logging.getLogger(ours).setLevel(logging.INFO)


if __name__ == "__main__":
    main()
