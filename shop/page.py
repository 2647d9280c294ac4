"""Renders the shop's pages: language, who is signed in, and the chat that every page carries."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiosqlite
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import HTTPResponse, Request
from sanic.response import html, redirect

from shop.seed.calendar import BEIJING
from shop.settings import ShopSettings
from shop.sign_in import identity, signed_in

PAGES = Path(__file__).parent / "pages"
LANGUAGE_COOKIE = "shop_lang"
LANGUAGES = ("zh", "en")
YEAR_S = 365 * 24 * 3600


@dataclass(frozen=True)
class Visitor:
    """The customer who is signed in."""

    id: str
    name: str


class Pages:
    """The templates of pages/ and their wording."""

    def __init__(self, settings: ShopSettings, db: aiosqlite.Connection) -> None:
        self._settings = settings
        self._db = db
        self._wording: dict[str, dict[str, str]] = json.loads((PAGES / "wording.json").read_text(encoding="utf-8"))
        self.env = Environment(
            loader=FileSystemLoader(PAGES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    async def visitor(self, request: Request) -> Visitor | None:
        """Who is signed in, if they still exist."""
        customer_id = signed_in(request, self._settings.identity_secret)
        async with self._db.execute("SELECT id, name FROM customers WHERE id = ?", (customer_id,)) as rows:
            row = await rows.fetchone()
        return Visitor(*row) if row else None

    async def show(self, request: Request, template: str, status: int = 200, **content: Any) -> HTTPResponse:
        """A page in the visitor's language."""
        lang = language(request)
        visitor = await self.visitor(request)
        secret = self._settings.identity_secret
        answer = html(
            self.env.get_template(template).render(
                lang=lang,
                t=self._wording[lang],
                switch=self._switch(request, lang),
                visitor=visitor,
                identity=identity(visitor.id, visitor.name, secret) if visitor else None,
                gateway_url=self._settings.gateway_url,
                moment=lambda iso: moment(iso, lang),
                **content,
            ),
            status=status,
            headers={"Cache-Control": "no-store"},
        )
        if request.args.get("lang") in LANGUAGES:
            answer.add_cookie(LANGUAGE_COOKIE, lang, path="/", samesite="Lax", secure=False, max_age=YEAR_S)
        return answer

    async def error(self, request: Request, status: int) -> HTTPResponse:
        """The page for what is not there or did not work."""
        return await self.show(request, "error.html", status=status, status_shown=status)

    def _switch(self, request: Request, lang: str) -> str:
        """The address of this page in the other language."""
        kept = [(name, value) for name, value in request.query_args if name != "lang"]
        return f"?{urlencode([*kept, ('lang', 'en' if lang == 'zh' else 'zh')])}"


def pages_of(request: Request) -> Pages:
    """The pages of the running shop."""
    pages: Pages = request.app.ctx.pages
    return pages


def see_other(address: str) -> HTTPResponse:
    """Go on with a GET of another page."""
    return redirect(address, status=303)


def language(request: Request) -> str:
    """Asked for, chosen before, or preferred by the browser; Chinese otherwise."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return str(asked)
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    preferred = request.headers.get("accept-language", "").lower()
    return "en" if preferred.startswith("en") else "zh"


def moment(iso: str, lang: str) -> str:
    """A time as people in Beijing say it: 11月20日 12:11 or 20 Nov, 12:11."""
    at = datetime.fromisoformat(iso).astimezone(BEIJING)
    return f"{day(iso, lang)}, {at:%H:%M}" if lang == "en" else f"{day(iso, lang)} {at:%H:%M}"


def day(iso: str, lang: str) -> str:
    """The day of a time in Beijing: 11月20日 or 20 Nov."""
    at = datetime.fromisoformat(iso).astimezone(BEIJING)
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{at.day} {months[at.month - 1]}" if lang == "en" else f"{at.month}月{at.day}日"
