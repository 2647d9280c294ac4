"""What may be written on the desk: how long, and with something to see in it."""

from __future__ import annotations

import unicodedata

from web.desk.errors import BadFrame, Empty, TooLong

KEPT_CONTROLS = "\n\t"
LONGEST_TEXT = 2_000


def clean_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text of some lines, trimmed. Raises `TooLong` (counted in code points), `Empty`."""
    cleaned = "".join(c for c in text if c in KEPT_CONTROLS or unicodedata.category(c) not in ("Cc", "Cs")).strip()
    if len(cleaned) > longest:
        raise TooLong(f"a text of {len(cleaned)} characters")
    if not any(unicodedata.category(c)[0] not in "CZ" for c in cleaned):
        raise Empty("nothing visible")
    return cleaned


def clean_name(name: str, longest: int) -> str:
    """One line, trimmed. Raises `TooLong`, `Empty`, `BadFrame`."""
    cleaned = clean_text(name, longest)
    if "\n" in cleaned or "\t" in cleaned:
        raise BadFrame("more than one line")
    return cleaned
