"""`make shell`: `rasa shell` in this terminal, with the action server beside it for as long as it lasts."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from ops import model
from ops.credentials import make_private
from ops.environment import shared_environment
from ops.ports import Wanted, check_ports, next_free
from ops.problem import Problem
from ops.readiness import http_answers, until
from ops.settings import Settings

ACTIONS_PORT = 5055
"""The one that endpoints.yml names."""
SHELL_PORT = 5005
READY_WITHIN_S = 60.0


@contextmanager
def action_server(settings: Settings, env: Mapping[str, str]) -> Iterator[None]:
    """Run `rasa run actions` with its output in var/log/actions.log; end it afterwards, whatever happens."""
    command = [str(settings.bot_python), "-m", "rasa", "run", "actions", "--port", str(ACTIONS_PORT)]
    make_private(settings.logs)
    path = settings.logs / "actions.log"
    with path.open("wb") as log:
        server = subprocess.Popen(
            command,
            cwd=settings.root,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            asyncio.run(_wait_for(server, path.relative_to(settings.root)))
            yield
        finally:
            _end(server)


async def _wait_for(server: subprocess.Popen[bytes], log: Path) -> None:
    async def ready() -> bool:
        if server.poll() is not None:
            raise Problem(f"The action server has ended (exit code {server.returncode}): see {log}.")
        return await http_answers(f"http://127.0.0.1:{ACTIONS_PORT}/health")

    try:
        await asyncio.wait_for(until(ready), READY_WITHIN_S)
    except TimeoutError:
        raise Problem(f"The action server was not ready within {READY_WITHIN_S:.0f} s: see {log}.") from None


def _end(server: subprocess.Popen[bytes]) -> None:
    """The whole group: Rasa's action server has helpers of its own."""
    for number, grace_s in ((signal.SIGTERM, 10.0), (signal.SIGKILL, None)):
        try:
            os.killpg(server.pid, number)
            server.wait(grace_s)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
    server.wait()


def talk(settings: Settings, env: Mapping[str, str], trained: Path) -> int:
    """Run `rasa shell` in the terminal; Ctrl-C is its own business, and ends it."""
    port = next_free("127.0.0.1", SHELL_PORT - 1, {ACTIONS_PORT})
    arguments = ["--model", str(trained), "--endpoints", "endpoints.yml", "--port", str(port)]
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = subprocess.Popen(
            [str(settings.bot_python), "-m", "rasa", "shell", *arguments],
            cwd=settings.root,
            env=dict(env),
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )
        try:
            return process.wait()
        finally:
            process.terminate()
    finally:
        signal.signal(signal.SIGINT, before)


def shell(settings: Settings, env: Mapping[str, str]) -> int:
    """Train when needed, start the actions, talk."""
    check_ports([Wanted("rasa run actions", "127.0.0.1", ACTIONS_PORT)])
    shared = {**model.QUIET, **shared_environment(settings, env)}
    trained = settings.model or asyncio.run(model.run(settings, force=False))
    if not asyncio.run(http_answers(f"{settings.shop_address}/healthz")):
        print(f"The shop at {settings.shop_address} does not answer: for orders, run make up in another terminal.")
    print("Loading the bot. /stop or Ctrl-C ends it.", flush=True)
    with action_server(settings, shared):
        talk(settings, shared, trained)
    return 0


def main() -> int:
    """Exit code 0 when the conversation was ended."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))  # an exception, so that nothing is left running
    try:
        return shell(Settings.from_env(os.environ), os.environ)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
