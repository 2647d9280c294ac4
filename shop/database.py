"""The demo shop's SQLite file: made and filled when it is missing, out of date, or made from other seed files."""

import hashlib
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import aiosqlite

from shop.seed.calendar import Calendar
from shop.seed.goods import insert_terms
from shop.seed.offers import insert_offers
from shop.seed.orders import make_orders
from shop.seed.prices import at_their_prices, make_prices
from shop.seed.rows import insert_orders, insert_stock
from shop.seed.stock import read_stock

HERE = Path(__file__).parent
SCHEMA = HERE / "schema.sql"


def prepare(path: Path, now: datetime) -> bool:
    """Make sure that the file holds today's seed (its dates are relative to today); returns whether it was made."""
    calendar = Calendar(now)
    wanted = {"seed": seed_version(), "day": calendar.today.isoformat()}
    if _meta(path) == wanted:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    with closing(sqlite3.connect(fresh)) as db, db:
        db.executescript(SCHEMA.read_text(encoding="utf-8"))
        stock = read_stock()
        insert_stock(db, stock)
        prices = make_prices(stock, calendar)
        orders = [at_their_prices(order, prices) for order in make_orders(stock, calendar)]
        insert_orders(db, orders)
        insert_terms(db, orders, calendar)
        insert_offers(db, stock, calendar, orders, prices)
        db.executemany("INSERT INTO meta VALUES (?, ?)", wanted.items())
    for leftover in ("-journal", "-wal", "-shm"):
        path.with_name(path.name + leftover).unlink(missing_ok=True)
    fresh.replace(path)
    return True


async def connect(path: Path) -> aiosqlite.Connection:
    """The one connection of the shop, with rows that are read by name."""
    db = await aiosqlite.connect(path)
    db.row_factory = aiosqlite.Row
    await db.execute("PRAGMA journal_mode = WAL")
    return db


def seed_version() -> str:
    """Changes with anything that the file is made from."""
    digest = hashlib.sha256(SCHEMA.read_bytes())
    for source in sorted((HERE / "seed").iterdir()):
        if source.suffix in (".py", ".json"):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _meta(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    with closing(sqlite3.connect(path)) as db:
        try:
            return dict(db.execute("SELECT name, value FROM meta"))
        except sqlite3.DatabaseError:
            return {}
