"""The products' pictures: a drawing for each kind of product, in the product's own colours."""

from dataclasses import dataclass
from typing import Any

from jinja2 import Environment
from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound
from sanic.response import text

pictures = Blueprint("pictures", url_prefix="/pictures")


@dataclass(frozen=True)
class Colours:
    """Everything in a picture is a shade of one hue."""

    wall: str
    wall_far: str
    pale: str
    light: str
    main: str
    dark: str
    ink: str
    turn: int


def colours(hue: int) -> Colours:
    """The shades of a hue (0 to 359)."""
    return Colours(
        wall=f"hsl({hue}, 42%, 93%)",
        wall_far=f"hsl({(hue + 24) % 360}, 40%, 83%)",
        pale=f"hsl({hue}, 58%, 94%)",
        light=f"hsl({hue}, 52%, 76%)",
        main=f"hsl({hue}, 46%, 58%)",
        dark=f"hsl({hue}, 42%, 40%)",
        ink=f"hsl({hue}, 28%, 20%)",
        turn=hue % 60 - 30,
    )


def draw(env: Environment, category: str, drawing: str, hue: int) -> str:
    """The picture as an SVG document."""
    module: Any = env.get_template(f"pictures/{category}.svg").module
    shades = colours(hue)
    return env.get_template("pictures/frame.svg").render(c=shades, drawing=getattr(module, drawing)(shades))


@pictures.get("/<file:str>")
async def get_picture(request: Request, file: str) -> HTTPResponse:
    """The picture of a product, `<product id>.svg`."""
    query = "SELECT category, drawing, hue FROM products WHERE id = ?"
    async with request.app.ctx.db.execute(query, (file.removesuffix(".svg"),)) as rows:
        product = await rows.fetchone()
    if product is None:
        raise NotFound("No product has this picture.")
    svg = draw(request.app.ctx.pages.env, *product)
    return text(svg, content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=3600"})
