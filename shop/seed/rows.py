"""Writes the seed into the tables of schema.sql."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from shop.seed.calendar import iso
from shop.seed.goods import SOLD_OUT
from shop.seed.orders import Parcel, SeedOrder
from shop.seed.stock import Stock


def insert_stock(db: sqlite3.Connection, stock: Stock) -> None:
    """Customers, products and their skus."""
    db.executemany(
        "INSERT INTO customers VALUES (?, ?, ?, ?, ?)",
        [(one.id, one.name, one.phone, one.city, one.address) for one in stock.customers],
    )
    db.executemany(
        "INSERT INTO products VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (one.id, position, one.category, one.name, one.name_en, one.badge, one.drawing, one.hue)
            for position, one in enumerate(stock.products)
        ],
    )
    db.executemany(
        "INSERT INTO skus VALUES (?, ?, ?, ?, ?, ?)",
        [
            (sku.sku, one.id, sku.spec, sku.spec_en, sku.fen, sku.sku not in SOLD_OUT)
            for one in stock.products
            for sku in one.skus
        ],
    )


def insert_orders(db: sqlite3.Connection, orders: Iterable[SeedOrder]) -> None:
    """Orders with their lines, parcels and refunds."""
    for order in orders:
        _insert_order(db, order)
        for parcel in order.parcels:
            _insert_parcel(db, order, parcel)
        if order.refund:
            refund = (order.number, order.refund.state, order.refund.amount, iso(order.refund.at))
            db.execute("INSERT INTO refunds VALUES (?, ?, ?, ?)", refund)


def _insert_order(db: sqlite3.Connection, order: SeedOrder) -> None:
    customer, times, money = order.customer, order.times, order.money
    receiver = (customer.name, customer.phone, customer.city, customer.address)
    amounts = (money.discount, money.shipping, money.total if times.paid else 0)
    sent = (times.packed, times.shipped, times.delivered)
    moments = (times.created, times.paid, *sent, times.cancelled, times.expected_ship)
    row = (order.number, customer.id, order.state, *receiver, *amounts, *map(_iso_or_none, moments))
    db.execute(f"INSERT INTO orders VALUES ({', '.join('?' * len(row))})", row)
    items = [
        (order.number, index, one.sku.sku, one.product.id, one.product.name, one.sku.spec, one.quantity, one.sku.fen)
        for index, one in enumerate(order.lines, start=1)
    ]
    db.executemany("INSERT INTO order_items VALUES (?, ?, ?, ?, ?, ?, ?, ?)", items)


def _insert_parcel(db: sqlite3.Connection, order: SeedOrder, parcel: Parcel) -> None:
    number, journey = parcel.tracking_number, parcel.journey
    carrier = (parcel.carrier.name, parcel.carrier.code)
    shipped_at = iso(journey.scans[0].at)
    row = (number, order.number, *carrier, parcel.state, shipped_at, _iso_or_none(journey.estimated_delivery))
    db.execute("INSERT INTO shipments VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    db.executemany("INSERT INTO shipment_skus VALUES (?, ?)", [(number, line.sku.sku) for line in parcel.lines])
    scans = [(number, iso(scan.at), scan.text, scan.place) for scan in journey.scans]
    db.executemany("INSERT INTO shipment_events VALUES (?, ?, ?, ?)", scans)


def _iso_or_none(moment: datetime | None) -> str | None:
    return iso(moment) if moment else None
