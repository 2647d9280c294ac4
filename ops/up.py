"""`make up`: starts everything, says when it is ready and where, and stays until Ctrl-C or `make down`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TextIO
from urllib.parse import urlsplit

from ledger.connection import connect
from ops.banner import banner
from ops.claim import claim
from ops.credentials import DEMO, make_private
from ops.environment import bot_environment, shared_environment
from ops.leftovers import end_leftovers
from ops.logs import last_lines, terminal
from ops.model import ensure_model
from ops.ports import Wanted, check_ports
from ops.problem import Problem
from ops.progress import Progress
from ops.readiness import file_exists, http_answers, redis_answers, until
from ops.settings import Settings
from ops.supervise import NOTICES, Backoff, Service, Supervisor, read_procfile

READY_WITHIN_S = 120.0
GIVE_UP_AFTER = 3


class Up:
    """One run of everything: start, wait, stay, stop."""

    def __init__(self, settings: Settings, env: Mapping[str, str], output: TextIO) -> None:
        self._settings, self._output = settings, output
        self._env = shared_environment(settings, env)
        self._commands = read_procfile(settings.root / "Procfile")
        self._show = terminal(output, list(self._commands), NOTICES)
        self._supervisor = Supervisor(settings.root, settings.logs, settings.run, self._show_when_ready, Backoff())
        self._progress = Progress(output)
        self._stop = asyncio.Event()
        self._ready = False

    async def run(self) -> None:
        """Run until told to stop; a `Problem` when it does not come up."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._asked_to_stop)
        starting = asyncio.create_task(self._start())
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait([starting, stopping], return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                self._say(banner(self._settings, self._progress.elapsed(), self._env[DEMO]))
                self._ready = True
                await stopping
        finally:
            starting.cancel()
            stopping.cancel()
            await asyncio.gather(starting, stopping, return_exceptions=True)
            await self._supervisor.stop(list(reversed(self._commands)))
        self._say("Shopdesk has stopped.")

    async def _start(self) -> None:
        """Redis first, then the rest at the same time; the bot as soon as there is a model."""
        settings = self._settings
        async with self._progress.shown():
            if settings.redis_url is None:
                await self._bring_up("redis", partial(redis_answers, settings.redis_port))
            try:
                async with asyncio.TaskGroup() as group:
                    if settings.shop_url is None:
                        group.create_task(self._bring_up("shop", self._healthy(settings.shop_address)))
                    group.create_task(self._bring_up("gateway", self._healthy(settings.gateway_address)))
                    group.create_task(self._bring_up("desk", self._healthy(settings.desk_address)))
                    group.create_task(self._bring_up_bot())
            except* Problem as problems:
                raise problems.exceptions[0] from None

    async def _bring_up_bot(self) -> None:
        model = self._settings.model or await ensure_model(self._settings, partial(self._progress.step, "bot"))
        ready_file = self._settings.run / "bot.ready"
        service = Service(
            "bot",
            self._commands["bot"],
            bot_environment(self._env, model, ready_file),
            grace_s=20.0,
            ready_file=ready_file,
        )
        await self._wait_for(service, partial(file_exists, ready_file))

    async def _bring_up(self, name: str, ready: Callable[[], Awaitable[bool]]) -> None:
        await self._wait_for(Service(name, self._commands[name], self._env), ready)

    async def _wait_for(self, service: Service, ready: Callable[[], Awaitable[bool]]) -> None:
        """Start a service and wait until it is ready; give up when it keeps ending or takes too long."""
        name = service.name
        self._progress.step(name, "starting")
        self._supervisor.start(service)

        async def ready_or_lost() -> bool:
            if self._supervisor.ended(name) >= GIVE_UP_AFTER:
                raise self._failure(name, "ends as soon as it is started")
            return await ready()

        try:
            await asyncio.wait_for(until(ready_or_lost), READY_WITHIN_S)
        except TimeoutError:
            raise self._failure(name, f"was not ready within {READY_WITHIN_S:.0f} s") from None
        self._progress.step(name, "ready")

    def _failure(self, name: str, what: str) -> Problem:
        log = self._settings.logs / f"{name}.log"
        said = "\n".join(f"  {line}" for line in last_lines(log, 12))
        where = log.relative_to(self._settings.root)
        return Problem(f"{name} {what}. Its last lines:\n{said}\nAll of it is in {where}.")

    @staticmethod
    def _healthy(address: str) -> Callable[[], Awaitable[bool]]:
        return partial(http_answers, f"{address}/healthz")

    def _asked_to_stop(self) -> None:
        if self._stop.is_set():
            self._supervisor.hurry()
            return
        self._stop.set()
        self._say("\nStopping. Press Ctrl-C again to end it at once.")

    def _show_when_ready(self, name: str, line: str) -> None:
        """Until everything is ready the terminal belongs to the progress line; the logs have it all."""
        if self._ready:
            self._show(name, line)

    def _say(self, text: str) -> None:
        try:
            print(text, file=self._output, flush=True)
        except OSError:
            self._ready = False  # the terminal has gone


def ports(settings: Settings) -> list[Wanted]:
    """The ports of what is started here."""
    wanted = [
        Wanted("gateway", settings.gateway_host, settings.gateway_port, "GATEWAY_PORT"),
        Wanted("desk", settings.desk_host, settings.desk_port, "DESK_PORT"),
    ]
    if settings.shop_url is None:
        wanted.append(Wanted("demo shop", settings.shop_host, settings.shop_port, "SHOP_PORT"))
    if settings.redis_url is None:
        wanted.append(Wanted("Redis", "127.0.0.1", settings.redis_port, "REDIS_PORT"))
    return wanted


async def check_redis(url: str) -> None:
    """A `Problem` when the owner's Redis does not answer."""
    try:
        client = connect(url)
        try:
            await client.ping()
        finally:
            await client.aclose()
    except Exception as error:  # redis-py raises dozens of kinds here, and each means the same to the owner
        parts = urlsplit(url)
        where = f"{parts.hostname}:{parts.port or 6379}" if parts.hostname else parts.path
        raise Problem(
            f"Redis at {where} (REDIS_URL) cannot be used: {str(error).rstrip('.')}. Start it, or unset REDIS_URL."
        ) from error


async def up(settings: Settings, env: Mapping[str, str], output: TextIO) -> None:
    """Check that it can start, then run it."""
    for folder in (settings.var, settings.logs, settings.run):
        make_private(folder)
    with claim(settings.run / "up.pid"):
        left = end_leftovers(settings.run, list(reversed(read_procfile(settings.root / "Procfile"))))
        if left:
            print(f"Ended what an earlier run had left behind: {', '.join(left)}.", file=output)
        check_ports(ports(settings))
        if settings.redis_url is not None:
            await check_redis(settings.redis_url)
        print("Starting Shopdesk. Ctrl-C stops it.", file=output, flush=True)
        await Up(settings, env, output).run()


def main() -> int:
    """Start, stay, stop; a problem is one line and exit code 1."""
    try:
        asyncio.run(up(Settings.from_env(os.environ), os.environ, sys.stdout))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
