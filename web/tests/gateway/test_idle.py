"""Shoppers who leave the chat open and say nothing: they cost little, and there may be thousands of them."""

from __future__ import annotations

import asyncio
import resource
from pathlib import Path

import websockets

from ledger import Ledger, ShopperSide
from ledger.testing import RedisServer
from web.gateway.sessions import Sessions, new_cid
from web.gateway.settings import Settings
from web.gateway.testing import RunningGateway, start_gateway

SOCKETS, WARM = 300, 100
MOST_KB = 40
"""5,000 of them in 300 MB, less what the process takes by itself. With compression on, a socket would take far more."""

FEW_FILES = 256


def held_kb(gateway: RunningGateway) -> int:
    """What the process holds, without what it shares."""
    lines = Path(f"/proc/{gateway.pid}/smaps_rollup").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


async def idle(gateway: RunningGateway, ledger: Ledger, count: int) -> list[websockets.ClientConnection]:
    """Browsers that offer compression, as all do, and have been told where they stand."""
    sessions, opened = Sessions(Settings(gateway.secret, gateway.identity_secret)), []
    for _ in range(count):
        cid = new_cid()
        await ShopperSide(ledger).open(cid, "zh")
        socket = await websockets.connect(
            f"{gateway.socket_url}?token={sessions.issue(cid, 'zh')}", proxy=None, ping_interval=None
        )
        await socket.recv()
        opened.append(socket)
    return opened


async def test_a_silent_shopper_costs_little(ledger: Ledger, redis_server: RedisServer) -> None:
    gateway = start_gateway(redis_server.url)
    sockets = []
    try:
        sockets += await idle(gateway, ledger, WARM)
        before = held_kb(gateway)
        sockets += await idle(gateway, ledger, SOCKETS)
        each = (held_kb(gateway) - before) / SOCKETS
        assert each < MOST_KB, f"{each:.0f} kB a socket"
        assert all(not socket.protocol.extensions for socket in sockets), "compression keeps a window for each socket"
    finally:
        await asyncio.gather(*(socket.close() for socket in sockets))
        gateway.stop()


async def test_the_gateway_takes_all_the_sockets_that_the_system_allows(redis_server: RedisServer) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (FEW_FILES, hard))  # inherited
    try:
        gateway = start_gateway(redis_server.url)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    try:
        limits = Path(f"/proc/{gateway.pid}/limits").read_text("ascii")
        allowed = next(line.split()[3] for line in limits.splitlines() if line.startswith("Max open files"))
        assert allowed == str(hard)
        assert f"open_files limit={hard} before={FEW_FILES}" in gateway.log
    finally:
        gateway.stop()
