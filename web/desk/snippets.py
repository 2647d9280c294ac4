"""Shows where something was found: the surroundings of the place, as HTML in which only `<mark>` is not escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from web.desk.search_words import CJK, Term, fold, plain

BEFORE, LENGTH = 24, 120
MORE = "…"


def snippet(text: str, wanted: Sequence[Term]) -> str | None:
    """The place with `<mark>` around what was looked for; None where it cannot be shown."""
    text = " ".join(plain(text).split())
    places = sorted(_places(fold(text), wanted))
    if not places:
        return None
    start = max(0, places[0][0] - BEFORE)
    end = min(len(text), start + LENGTH)
    shown, at = [MORE if start else ""], start
    for first, last in places:
        if first < at or last > end:
            continue
        shown += [html.escape(text[at:first]), "<mark>", html.escape(text[first:last]), "</mark>"]
        at = last
    shown += [html.escape(text[at:end]), MORE if end < len(text) else ""]
    return "".join(shown)


def _places(folded: str, wanted: Sequence[Term]) -> Iterator[tuple[int, int]]:
    """Chinese anywhere; other words at their beginning only, as the index finds them."""
    for term in wanted:
        begins = "" if re.match(f"[{CJK}]", term.shown) else rf"(?<![^\W_{CJK}])"
        for found in re.finditer(begins + re.escape(term.shown), folded):
            yield found.span()
