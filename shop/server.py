"""The demo shop as one Sanic app: the three APIs, their contract, and the shop's pages."""

import asyncio
from datetime import datetime, timezone
from pathlib import Path

from sanic import HTTPResponse, Request, Sanic

from shop.api_docs import api_docs
from shop.attempts import Attempts
from shop.changes_api import orders_api
from shop.database import connect, prepare
from shop.errors import answer_errors, json_answer
from shop.faults import Faults, faults_switch
from shop.headers import add_headers
from shop.logistics_api import logistics_api
from shop.my_cart import my_cart
from shop.my_orders import my_orders
from shop.order_book import OrderBook
from shop.page import PAGES, Pages
from shop.photos import photos
from shop.pictures import pictures
from shop.price_book import PriceBook
from shop.promotions_api import promotions_api
from shop.reading import Reading
from shop.settings import ShopSettings
from shop.storefront import storefront


def create_app(settings: ShopSettings) -> Sanic:
    """The app, ready to be run."""
    app = Sanic("shop", configure_logging=False)
    app.config.update(GRACEFUL_SHUTDOWN_TIMEOUT=2.0, REQUEST_MAX_SIZE=64 * 1024, FALLBACK_ERROR_FORMAT="json")
    app.ctx.settings = settings
    app.ctx.faults = Faults()
    app.blueprint([orders_api, logistics_api, promotions_api])
    app.blueprint([storefront, my_orders, my_cart, photos, pictures, api_docs])
    if settings.faults:
        app.blueprint(faults_switch)
    app.static("/assets", Path(PAGES) / "assets", name="assets")
    app.add_route(healthz, "/healthz", methods=["GET"])
    app.register_middleware(add_headers, "response")
    app.register_listener(open_database, "before_server_start")
    app.register_listener(close_database, "after_server_stop")
    answer_errors(app)
    return app


async def healthz(request: Request) -> HTTPResponse:
    """200 when the database answers."""
    async with request.app.ctx.db.execute("SELECT 1 FROM orders LIMIT 1") as rows:
        await rows.fetchone()
    return json_answer({"status": "ok"})


async def open_database(app: Sanic) -> None:
    """Make today's data where it is missing, then open it."""
    settings: ShopSettings = app.ctx.settings
    await asyncio.to_thread(prepare, settings.db, datetime.now(timezone.utc))
    app.ctx.db = await connect(settings.db)
    app.ctx.reading = Reading(settings.db)
    app.ctx.attempts = Attempts(app.ctx.db, app.ctx.reading)
    app.ctx.order_book = OrderBook(app.ctx.reading, settings.public_url)
    app.ctx.price_book = PriceBook(app.ctx.reading, settings.public_url)
    app.ctx.photos_lock = asyncio.Lock()
    app.ctx.pages = Pages(settings, app.ctx.db)


async def close_database(app: Sanic) -> None:
    """Close what open_database opened."""
    app.ctx.reading.close()
    await app.ctx.db.close()
