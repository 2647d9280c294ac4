"""Stock Rasa as its documentation has it run: `rasa run` with the REST channel, `rasa run actions` beside it, Redis behind it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from bench.side_by_side.answers import Answer, card_of
from bench.side_by_side.http import Connection, HttpError
from bench.side_by_side.processes import BOT_PYTHON, Measured, environment
from ledger.testing import RedisServer, free_port
from shop.testing import RunningShop

START_S = 300.0
LOOK_AGAIN_S = 0.05
WEBHOOK = "/webhooks/rest/webhook"


class StockRasa:
    """The server, its action server and its Redis. With `in_memory` conversations are in the server's memory, and lost with it."""

    def __init__(self, folder: Path, model: Path, shop: RunningShop, in_memory: bool = False) -> None:
        self.model = model
        self._folder, self._shop, self._in_memory = folder, shop, in_memory
        self._senders = 0
        folder.mkdir(parents=True, exist_ok=True)
        self.redis = RedisServer(folder / "redis")
        self.server: Measured | None = None
        self.actions: Measured | None = None

    def start(self) -> None:
        """Redis, and the two processes; `ready` says when they answer."""
        self.redis.start()
        self.launch()

    def launch(self) -> None:
        """The two processes only, at new ports."""
        self.port, actions_port = free_port(), free_port()
        credentials, endpoints = self._folder / "credentials.yml", self._folder / "endpoints.yml"
        credentials.write_text("rest:\n", "utf-8")
        endpoints.write_text(yaml.safe_dump(self._endpoints(actions_port)), "utf-8")
        asking = {"SHOP_URL": self._shop.url, "SHOP_API_KEY": self._shop.api_key, "SANIC_HOST": "127.0.0.1"}
        rasa = [str(BOT_PYTHON), "-m", "rasa", "run"]
        self.actions = Measured(
            [*rasa, "actions", "--actions", "actions", "--port", str(actions_port)],
            environment(self._folder, **asking),
            self._folder / "actions.log",
        )
        self.server = Measured(
            [
                *rasa, "--model", str(self.model), "--interface", "127.0.0.1", "--port", str(self.port),
                "--credentials", str(credentials), "--endpoints", str(endpoints),
            ],
            environment(self._folder),
            self._folder / "server.log",
        )  # fmt: skip

    def _endpoints(self, actions_port: int) -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = {"action_endpoint": {"url": f"http://127.0.0.1:{actions_port}/webhook"}}
        if not self._in_memory:
            for number, name in enumerate(("tracker_store", "lock_store")):
                found[name] = {"type": "redis", "url": "127.0.0.1", "port": self.redis.port, "db": number}
        return found

    async def first_answer(self, customer: str, text: str) -> Answer:
        """Asks again and again until there is an answer. RuntimeError when a process ends or it takes too long."""
        one = self.shopper(customer)
        began = time.monotonic()
        while time.monotonic() < began + START_S:
            for process in (self.server, self.actions):
                if process is None or not process.runs:
                    raise RuntimeError(f"stock Rasa did not start:\n{process.last_words() if process else ''}")
            try:
                return await one.say(text)
            except (OSError, asyncio.IncompleteReadError, HttpError):
                await asyncio.sleep(LOOK_AGAIN_S)
        raise RuntimeError(f"stock Rasa does not answer after {START_S:.0f} s")

    def shopper(self, customer: str) -> StockShopper:
        """A new conversation."""
        self._senders += 1
        return StockShopper(self.port, f"shopper-{time.time_ns()}-{self._senders}", customer)

    def halt(self) -> None:
        """Ends the two processes; what Redis holds stays."""
        for process in (self.server, self.actions):
            if process is not None:
                process.stop()
        self.server = self.actions = None

    def stop(self) -> None:
        """Ends everything."""
        self.halt()
        self.redis.stop()


class StockShopper:
    """One conversation over the REST channel; who the customer is comes as metadata, as a shop's own server would send it."""

    def __init__(self, port: int, sender: str, customer: str) -> None:
        self._connection = Connection(port)
        self._customer = customer
        self._said = 0
        self.sender = sender

    async def say(self, text: str) -> Answer:
        """Says something; the response holds the whole answer."""
        self._said += 1
        about = {"customer": self._customer, "lang": "zh", "conversation": self.sender, "mid": f"m{self._said}"}
        began = time.perf_counter()
        found = await self._connection.post(WEBHOOK, {"sender": self.sender, "message": text, "metadata": about})
        seconds = time.perf_counter() - began
        return Answer([(str(one.get("text") or ""), card_of(one.get("custom") or {})) for one in found], seconds)

    async def close(self) -> None:
        """Goes away."""
        self._connection.close()


@contextmanager
def stock_rasa(folder: Path, model: Path, shop: RunningShop, in_memory: bool = False) -> Iterator[StockRasa]:
    """A running one, ended afterwards also when it has not come up."""
    side = StockRasa(folder, model, shop, in_memory)
    try:
        side.start()
        yield side
    finally:
        side.stop()
