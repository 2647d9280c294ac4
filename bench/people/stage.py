"""Where it is played: all of Shopdesk on free ports, shoppers with tokens, agents who are signed in."""

from __future__ import annotations

import asyncio
import json
import resource
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from ledger import Ledger, ShopperSide, connect
from tests.e2e.stack import ROOT, Stack
from web.gateway.sessions import Sessions, new_cid
from web.gateway.settings import Settings

AGENTS, CAPACITY = 6, 40
SKILLS = ["general", "orders", "logistics", "after_sales", "promotions", "complaint", "english"]
AT_ONCE = 50
VAR = ROOT / "var"
CUSTOMERS = ROOT / "shop/seed/customers.json"


class Stage:
    """A running Shopdesk, and the keys to its doors."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        gateway = stack.gateway
        self._sessions = Sessions(Settings(gateway.secret, gateway.identity_secret))
        self._customers = json.loads(CUSTOMERS.read_text("utf-8"))

    async def shoppers(self, count: int, signed_in: bool = True) -> list[tuple[str, str]]:
        """New conversations, each with its token. Made in the ledger: the door opens thirty a minute for one address."""
        client = connect(self.stack.redis.url)
        side, gate = ShopperSide(Ledger(client)), asyncio.Semaphore(AT_ONCE)

        async def one(number: int) -> tuple[str, str]:
            customer = self._customers[number % len(self._customers)]
            who = (customer["id"], customer["name"]) if signed_in else ("", "")
            cid = new_cid()
            async with gate:
                await side.open(cid, "zh", *who)
            return cid, self._sessions.issue(cid, "zh")

        try:
            return await asyncio.gather(*(one(number) for number in range(count)))
        finally:
            await client.aclose()

    async def agents(self) -> list[str]:
        """Signs new agents in; their cookies."""
        password, cookies = secrets.token_urlsafe(16), []
        async with httpx.AsyncClient(base_url=self.stack.desk.url, trust_env=False) as admin:
            login = {"username": "admin", "password": self.stack.desk.password}
            (await admin.post("/api/login", json=login)).raise_for_status()
            for number in range(1, AGENTS + 1):
                account = {
                    "username": f"bench{number}", "name": f"客服{number}", "role": "agent", "password": password,
                    "skills": SKILLS, "capacity": CAPACITY,
                }  # fmt: skip
                (await admin.post("/api/desk/accounts", json=account)).raise_for_status()
        for number in range(1, AGENTS + 1):
            async with httpx.AsyncClient(base_url=self.stack.desk.url, trust_env=False) as client:
                login = {"username": f"bench{number}", "password": password}
                (await client.post("/api/login", json=login)).raise_for_status()
                cookies.append(f"shopdesk_desk={client.cookies['shopdesk_desk']}")
        return cookies


@asynccontextmanager
async def stage(model: Path, place: Path = VAR) -> AsyncIterator[Stage]:
    """Starts everything and ends it. Redis writes to the disk that an installation's would: in var/."""
    allow_many_files()
    place.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-people-", dir=place))
    stack = Stack(folder, model)
    try:
        await asyncio.to_thread(stack.start)
        yield Stage(stack)
    finally:
        await asyncio.to_thread(stack.stop)
        shutil.rmtree(folder, ignore_errors=True)


def allow_many_files() -> None:
    """As many sockets as this process may have at all."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
