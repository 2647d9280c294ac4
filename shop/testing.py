"""Starts a real demo shop for tests: a process of its own, on a free port, with its own database."""

import json
import os
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger.testing import free_port
from shop.seed.new_order import new_customer, new_order
from shop.seed.shown import QUERY, ShownOrder

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / "web/.venv/bin/python"
READY_WITHIN_S = 30.0
STOPPED_WITHIN_S = 5.0


@dataclass
class RunningShop:
    """A demo shop that is being served."""

    url: str
    api_key: str
    identity_secret: str
    db: Path
    process: "subprocess.Popen[bytes]"

    def fault(
        self,
        target: str,
        mode: str,
        *,
        delay_s: float | None = None,
        carrier: str | None = None,
        only: str | None = None,
    ) -> None:
        """Switch a fault: target orders, logistics or promotions; mode ok, slow, down, rubbish, reset or late; only reads or writes."""
        wanted = {"target": target, "mode": mode, "delay_s": delay_s, "carrier": carrier, "only": only}
        body = json.dumps({name: value for name, value in wanted.items() if value is not None}).encode()
        with _direct.open(f"{self.url}/admin/faults", body, timeout=5):
            pass

    def heal(self) -> None:
        """End all faults."""
        for target in ("orders", "logistics", "promotions"):
            self.fault(target, "ok")

    def orders(self, *, state: str | None = None, customer_id: str | None = None) -> list[ShownOrder]:
        """Orders of the seed with their proofs, newest first."""
        with closing(sqlite3.connect(self.db)) as db:
            every = [ShownOrder(*row) for row in db.execute(QUERY)]
        return [one for one in every if state in (None, one.state) and customer_id in (None, one.customer_id)]

    def add_customer(self) -> str:
        """Make a new customer in the running shop; their id."""
        with closing(sqlite3.connect(self.db, timeout=10)) as db, db:
            return new_customer(db)

    def add_order(self, state: str, customer_id: str | None = None, **facts: Any) -> ShownOrder:
        """Make a new order in the running shop: `new_order` says which facts can be given."""
        with closing(sqlite3.connect(self.db, timeout=10)) as db, db:
            return new_order(db, state, customer_id, **facts)

    def order_row(self, number: str) -> dict[str, Any]:
        """An order as it stands in the database."""
        return self._rows("SELECT * FROM orders WHERE number = ?", number)[0]

    def cases(self, number: str) -> list[dict[str, Any]]:
        """The after-sales cases of an order, newest first."""
        return self._rows("SELECT * FROM cases WHERE order_number = ? ORDER BY created_at DESC, number DESC", number)

    def audit(self, number: str) -> list[dict[str, Any]]:
        """What was asked to be changed about an order, oldest first."""
        return self._rows("SELECT * FROM audit WHERE order_number = ? ORDER BY id", number)

    def _rows(self, query: str, number: str) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(self.db, timeout=10)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(query, (number,))]

    def stop(self) -> None:
        """Stop the process, by force if it takes too long."""
        self.process.terminate()
        try:
            self.process.wait(STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_shop(tmp_path: Path, **env: str) -> RunningShop:
    """Start a shop with its fault switch on and wait until it answers; `env` overrides any of its settings."""
    port = env.get("SHOP_PORT") or str(free_port())
    settings: dict[str, Any] = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "SHOP_HOST": "127.0.0.1",
        "SHOP_PORT": port,
        "SHOP_DB": str(tmp_path / "shop.sqlite"),
        "SHOP_API_KEY": "key-of-the-shop-under-test",
        "SHOPDESK_IDENTITY_SECRET": "identity-secret-of-the-shop-under-test",
        "SHOP_FAULTS": "1",
        **env,
    }
    log_path = tmp_path / f"shop-{port}.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen([str(PYTHON), "-m", "shop"], cwd=ROOT, env=settings, stdout=log, stderr=log)
    shop = RunningShop(
        url=f"http://127.0.0.1:{port}",
        api_key=settings["SHOP_API_KEY"],
        identity_secret=settings["SHOPDESK_IDENTITY_SECRET"],
        db=Path(settings["SHOP_DB"]),
        process=process,
    )
    try:
        _wait_until_ready(shop)
    except Exception:
        shop.stop()
        raise RuntimeError(f"the shop did not start:\n{log_path.read_text(errors='replace')}") from None
    return shop


def _wait_until_ready(shop: RunningShop) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while shop.process.poll() is None and time.monotonic() < deadline:
        try:
            with _direct.open(f"{shop.url}/healthz", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError


_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
