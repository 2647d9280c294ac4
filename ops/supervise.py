"""Keeps the Procfile's processes running.

Not honcho's own manager: that one ends everything as soon as one process ends, and ends all at the same moment. Here a
process that dies is started again, waiting longer each time, and the end comes in order: who depends on another goes
first, so that Redis sees the last write. Procfile, colours and printing are honcho's.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shlex
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from honcho.environ import parse_procfile

from ops.leftovers import forget, remember
from ops.logs import open_log, write_line

NOTICES = "system"
LONGEST_LINE = 16 * 1024
RELAY_S = 2.0


@dataclass(frozen=True)
class Backoff:
    """Seconds to wait before a process is started again: doubled each time, until one ran for `steady`."""

    first: float = 0.5
    longest: float = 30.0
    steady: float = 60.0


@dataclass(frozen=True)
class Service:
    """A line of the Procfile with what it needs here. `ready_file` is one that the process makes when it is ready."""

    name: str
    command: list[str]
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    grace_s: float = 10.0
    ready_file: Path | None = None


@dataclass
class Running:
    """A service that is kept running, and how often it has ended by itself."""

    service: Service
    log: logging.Handler
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    process: asyncio.subprocess.Process | None = None
    ended: int = 0


def read_procfile(path: Path) -> dict[str, list[str]]:
    """Each process's command by its name, in the file's order."""
    lines: dict[str, str] = parse_procfile(path.read_text(encoding="utf-8")).processes
    return {name: shlex.split(command) for name, command in lines.items()}


class Supervisor:
    """Starts services, relays what they print, starts them again when they die, stops them in order."""

    def __init__(self, root: Path, logs: Path, run: Path, show: Callable[[str, str], None], backoff: Backoff) -> None:
        self._root, self._logs, self._run = root, logs, run
        self._show, self._backoff = show, backoff
        self._running: dict[str, tuple[Running, asyncio.Task[None]]] = {}
        self._hurry = asyncio.Event()

    def start(self, service: Service) -> None:
        """Start a service and keep it running."""
        running = Running(service, open_log(self._logs, service.name))
        self._running[service.name] = running, asyncio.create_task(self._keep(running), name=service.name)

    def ended(self, name: str) -> int:
        """How often that service has ended by itself."""
        return self._running[name][0].ended if name in self._running else 0

    async def stop(self, order: list[str]) -> None:
        """Stop the services one after the other in `order`; those that do not go in their time are killed."""
        for name in order:
            if name in self._running:
                await self._stop_one(*self._running.pop(name))

    def hurry(self) -> None:
        """Stop waiting for services that take their time to end."""
        self._hurry.set()

    async def _keep(self, running: Running) -> None:
        wait = self._backoff.first
        while not running.stop.is_set():
            started = time.monotonic()
            how = await self._run_once(running)
            if running.stop.is_set():
                return
            running.ended += 1
            if time.monotonic() - started >= self._backoff.steady:
                wait = self._backoff.first
            self._notice(f"{running.service.name} {how}; starting it again in {wait:g} s")
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(running.stop.wait(), wait)
            wait = min(wait * 2, self._backoff.longest)

    async def _run_once(self, running: Running) -> str:
        """Run a service until it ends; returns how it ended."""
        service = running.service
        if service.ready_file:
            service.ready_file.unlink(missing_ok=True)
        output, their_end = os.pipe()
        relay = asyncio.create_task(self._relay(running, output))
        try:
            running.process = process = await self._spawn(service, their_end)
        except OSError as error:
            return f"could not be started ({error.strerror})"
        finally:
            os.close(their_end)
        remember(self._run, service.name, process.pid)
        if running.stop.is_set():
            _terminate(process)
        code = await process.wait()
        running.process = None
        _kill_group(process.pid)  # what it left behind
        await asyncio.wait([relay], timeout=RELAY_S)
        relay.cancel()
        forget(self._run, service.name)
        return f"ended (exit code {code})" if code >= 0 else f"was ended by {signal.Signals(-code).name}"

    async def _spawn(self, service: Service, output: int) -> asyncio.subprocess.Process:
        """In a session of its own: Ctrl-C reaches the supervisor alone, which then stops everything in order.

        Its output is a pipe of ours, not asyncio's: with that one, waiting would go on as long as any child of a dead
        process holds it open.
        """
        return await asyncio.create_subprocess_exec(
            *service.command,
            cwd=self._root,
            env=service.env,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )

    async def _relay(self, running: Running, output: int) -> None:
        stream = asyncio.StreamReader()
        pipe = os.fdopen(output, "rb", buffering=0)
        protocol = asyncio.StreamReaderProtocol(stream)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, pipe)
        try:
            async for line in read_lines(stream):
                write_line(running.log, line)
                self._show(running.service.name, line)
        finally:
            transport.close()

    async def _stop_one(self, running: Running, keeping: asyncio.Task[None]) -> None:
        running.stop.set()
        if running.process is not None:
            self._notice(f"stopping {running.service.name}")
            _terminate(running.process)
        hurry = asyncio.create_task(self._hurry.wait())
        await asyncio.wait([keeping, hurry], timeout=running.service.grace_s, return_when=asyncio.FIRST_COMPLETED)
        hurry.cancel()
        if running.process is not None:
            self._notice(f"{running.service.name} did not stop in time: killing it")
            _kill_group(running.process.pid)
        await keeping
        if running.service.ready_file:
            running.service.ready_file.unlink(missing_ok=True)
        running.log.close()

    def _notice(self, text: str) -> None:
        self._show(NOTICES, text)


async def read_lines(stream: asyncio.StreamReader) -> AsyncIterator[str]:
    """Lines of any length: one that is too long comes in pieces."""
    rest = b""
    while chunk := await stream.read(64 * 1024):
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > LONGEST_LINE:
            lines, rest = [*lines, rest], b""
        for line in lines:
            yield line.decode("utf-8", "replace").rstrip("\r")
    if rest:
        yield rest.decode("utf-8", "replace")


def _terminate(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
