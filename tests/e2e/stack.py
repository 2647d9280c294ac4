"""All of Shopdesk on free ports: a real Redis, the demo shop, the gateway, the desk, the bot. Each part can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from ledger import DeskSide, Ledger, ShopperSide, connect
from ledger.testing import RedisServer, free_port
from shop.testing import RunningShop, start_shop
from web.desk.testing import RunningDesk, start_desk
from web.gateway.testing import RunningGateway, start_gateway

ROOT = Path(__file__).resolve().parents[2]
BOT_READY_S = 60.0


class RunningBot:
    """One worker process."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self._folder, self._env = folder, env
        self._ready = folder / "bot.ready"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """Everything it has printed."""
        return (self._folder / "bot.log").read_text("utf-8", "replace")

    @property
    def pid(self) -> int:
        """Of the running process. RuntimeError when there is none."""
        if self._process is None:
            raise RuntimeError("the bot does not run")
        return self._process.pid

    def start(self) -> RunningBot:
        """Starts it and waits until it takes turns."""
        self.launch()
        return self.wait()

    def launch(self) -> None:
        """Starts it without waiting."""
        self._ready.unlink(missing_ok=True)
        env = {**self._env, "SHOPDESK_READY_FILE": str(self._ready)}
        command = [str(ROOT / ".venv/bin/python"), "-m", "bot"]
        with (self._folder / "bot.log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)

    def wait(self) -> RunningBot:
        """Until it takes turns. RuntimeError when it ends or takes too long."""
        deadline = time.monotonic() + BOT_READY_S
        while not self._ready.exists():
            if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the bot did not start:\n{self.log[-3000:]}")
            time.sleep(0.05)
        return self

    def kill(self) -> None:
        """`kill -9`."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Lets it finish its turns."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


class Stack:
    """Start it, use its parts, stop it."""

    def __init__(self, folder: Path, model: Path) -> None:
        self._folder, self._model = folder, model

    def start(self) -> Stack:
        """Everything, until it is ready."""
        self.redis: RedisServer = RedisServer(self._folder / "redis").start()
        shop_port, gateway_port = free_port(), free_port()
        gateway_url = f"http://127.0.0.1:{gateway_port}"
        images = str(self._folder / "images")
        self.shop: RunningShop = start_shop(self._folder, SHOP_PORT=str(shop_port), GATEWAY_URL=gateway_url)
        self.gateway: RunningGateway = start_gateway(
            self.redis.url,
            GATEWAY_PORT=str(gateway_port),
            SHOPDESK_IDENTITY_SECRET=self.shop.identity_secret,
            SHOPDESK_ORIGINS=self.shop.url,
            SHOPDESK_IMAGES=images,
        )
        self.desk: RunningDesk = start_desk(
            self.redis.url,
            self._folder,
            SHOP_URL=self.shop.url,
            SHOP_API_KEY=self.shop.api_key,
            SHOPDESK_ORIGINS=self.shop.url,
            SHOPDESK_IMAGES=images,
        )
        self.bot = self.another_bot("bot").start()
        return self

    def another_bot(self, name: str) -> RunningBot:
        """A worker that is not started yet."""
        folder = self._folder / name
        folder.mkdir()
        env = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": os.environ.get("HOME", str(folder)),
            "REDIS_URL": self.redis.url,
            "SHOP_URL": self.shop.url,
            "SHOP_API_KEY": self.shop.api_key,
            "SHOPDESK_MODEL": str(self._model),
            "TF_CPP_MIN_LOG_LEVEL": "2",
            "PYTHONWARNINGS": "ignore",
        }
        return RunningBot(folder, env)

    def stop(self) -> None:
        """Everything that was started, also after half a start."""
        for part in ("bot", "desk", "gateway", "shop", "redis"):
            if hasattr(self, part):
                getattr(self, part).stop()

    def ledger(self) -> Ledger:
        """The ledger as another process sees it; close its `redis`."""
        return Ledger(connect(self.redis.url))


__all__ = ["DeskSide", "RunningBot", "ShopperSide", "Stack"]
