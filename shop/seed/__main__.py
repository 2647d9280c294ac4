"""Shows the demo's orders: `python -m shop.seed --show`."""

import argparse
import os
import sqlite3
from contextlib import closing
from datetime import datetime, timezone

from shop.database import prepare
from shop.seed.shown import shown_orders
from shop.settings import db_from_env


def main() -> None:
    """Print number, phone tail, state and customer of the orders to try."""
    parser = argparse.ArgumentParser(prog="python -m shop.seed", description="The demo shop's fixed data.")
    parser.add_argument("--show", action="store_true", required=True, help="list orders to try, with their proofs")
    parser.parse_args()
    path = db_from_env(os.environ)
    if not path.exists():
        prepare(path, datetime.now(timezone.utc))
    with closing(sqlite3.connect(path)) as db:
        orders = shown_orders(db)
    print(f"{'number':<16}{'phone tail':<12}{'state':<18}{'customer'}")
    for order in orders:
        print(f"{order.number:<16}{order.phone_tail:<12}{order.state:<18}{order.customer_id} {order.customer_name}")


if __name__ == "__main__":
    main()
