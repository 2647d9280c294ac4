"""The embedded Redis listens on loopback only and keeps what it was told, through a stop and through a kill."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil
import pytest
from redis.asyncio import Redis

from ops.credentials import make_private
from ops.embedded_redis import arguments, server
from ops.readiness import redis_answers, until
from ops.settings import Settings


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[tuple[subprocess.Popen[bytes], Redis]]:
    """The server, ready, and a client."""
    make_private(settings.var / "redis")
    process = subprocess.Popen([str(server()), *arguments(settings)], stdout=subprocess.DEVNULL)
    client = Redis.from_url(settings.redis_address, decode_responses=True)
    try:
        await asyncio.wait_for(until(lambda: redis_answers(settings.redis_port)), 20)
        yield process, client
    finally:
        await client.aclose()
        process.kill()
        process.wait()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_what_was_written_is_there_after_a_restart(settings: Settings, how: signal.Signals) -> None:
    async with running(settings) as (process, client):
        await client.xadd("log", {"text": "在吗"}, id="1-1")
        process.send_signal(how)
        await asyncio.to_thread(process.wait, 20)
    async with running(settings) as (_, client):
        assert await client.xrange("log") == [("1-1", {"text": "在吗"})]


async def test_listens_on_loopback_only(settings: Settings) -> None:
    async with running(settings) as (process, _):
        listening = psutil.Process(process.pid).net_connections(kind="tcp")
        addresses = {each.laddr.ip for each in listening if each.status == psutil.CONN_LISTEN}
        assert addresses == {"127.0.0.1"}


async def test_acknowledged_means_on_disk_and_nothing_is_thrown_away(settings: Settings) -> None:
    """What a `kill -9` cannot show: the system's own cache outlives a process, but not a power cut."""
    async with running(settings) as (_, client):
        for name, setting in (("appendonly", "yes"), ("appendfsync", "always"), ("maxmemory-policy", "noeviction")):
            assert await client.config_get(name) == {name: setting}


async def test_is_not_ready_when_nobody_listens(settings: Settings) -> None:
    assert not await redis_answers(settings.redis_port)


def test_module_becomes_the_server_with_private_data(settings: Settings) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom dataclasses import replace\nimport ops.embedded_redis as own\n"
        "from ops.settings import Settings\n"
        "class Here(Settings):\n"
        "    @classmethod\n"
        "    def from_env(cls, env):\n"
        "        return replace(Settings.from_env(env), root=Path(sys.argv[1]))\n"
        "own.Settings = Here\nown.main()\n"
    )
    env = {**os.environ, "REDIS_PORT": str(settings.redis_port)}
    process = subprocess.Popen([sys.executable, "-c", code, str(settings.root)], env=env, stdout=subprocess.DEVNULL)
    try:
        asyncio.run(asyncio.wait_for(until(lambda: redis_answers(settings.redis_port)), 20))
        assert psutil.Process(process.pid).exe() == str(server().resolve())
        data = settings.var / "redis"
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        assert [stat.S_IMODE(file.stat().st_mode) for file in data.iterdir()] == [0o600]
    finally:
        process.terminate()
        assert process.wait(20) == 0
