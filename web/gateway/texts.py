"""What a shopper may write: how long, and with which characters."""

from __future__ import annotations

import unicodedata

from web.gateway.errors import Empty, TooLong

TEXT_CHARACTERS = 2_000
CONTACT_CHARACTERS = 100
KEPT_CONTROLS = "\n\t"
BLANKS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Fillers that Unicode counts as letters or symbols, but that show nothing."""

VARIATION_SELECTORS = (("\ufe00", "\ufe0f"), ("\U000e0100", "\U000e01ef"))


def clean(text: str) -> str:
    """The text without control characters other than newline and tab. Raises `TooLong` (counted in code points)."""
    if len(text) > TEXT_CHARACTERS:
        raise TooLong(f"a text of {len(text)} characters")
    return "".join(c for c in text if c in KEPT_CONTROLS or unicodedata.category(c) != "Cc")


def clean_message(text: str) -> str:
    """A message's text. Raises `TooLong`, and `Empty` when nothing in it can be seen."""
    cleaned = clean(text)
    if not any(visible(c) for c in cleaned):
        raise Empty("nothing visible")
    return cleaned


def clean_contact(contact: str) -> str:
    """How somebody can be reached, in one line. Raises `TooLong`, `Empty`."""
    line = " ".join("".join(c if unicodedata.category(c) != "Cf" else " " for c in contact).split())
    if len(line) > CONTACT_CHARACTERS:
        raise TooLong(f"a contact of {len(line)} characters")
    return clean_message(line)


def visible(character: str) -> bool:
    """Whether a character shows by itself: no space, no zero-width or format character, no variation selector."""
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp"):
        return False
    return character not in BLANKS and not any(first <= character <= last for first, last in VARIATION_SELECTORS)
