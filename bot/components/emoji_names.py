"""Names of emoji, from `data/emoji.yml`: all emoji of a name, and the codes that platforms write for them, say the same.

What stands for a name is its first emoji. So a message that was taught with one angry face is understood with any other, in
Chinese and English alike; it is one character, hence no n-gram of a language; and what a person reads of it is still a face.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.components.yaml_lines import YamlLines

JOINER, SELECTOR = "\u200d", "\ufe0f"
TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
FILE = "emoji.yml"
_CODE = re.compile(r"\[([^\[\]\s]{1,16})\]")


class EmojiFileError(ValueError):
    """The names cannot be used; the sentence names the line."""

    code = "emoji_file"


@dataclass(frozen=True)
class EmojiNames:
    """`signs` gives the first emoji of the name for each emoji, `codes` for what stands between square brackets."""

    signs: Mapping[str, str]
    codes: Mapping[str, str]

    def without_codes(self, text: str, origins: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
        """A plain text with an emoji for each code ("[怒]"), and the origins of its characters."""
        parts: list[str] = []
        places: list[tuple[int, int]] = []
        done = 0
        for match in _CODE.finditer(text) if self.codes else ():
            sign = self.codes.get(match.group(1).lower())
            if sign is not None:
                parts += [text[done : match.start()], sign]
                places += [*origins[done : match.start()], (origins[match.start()][0], origins[match.end() - 1][1])]
                done = match.end()
        return "".join([*parts, text[done:]]), [*places, *origins[done:]]


NO_NAMES = EmojiNames({}, {})


def emoji_names(text: str, file: str = FILE) -> EmojiNames:
    """Reads the text of a file; EmojiFileError says what is wrong with it."""
    lines = YamlLines(file, EmojiFileError)
    signs: dict[str, str] = {}
    codes: dict[str, str] = {}
    owners: dict[str, str] = {}
    for name, key, node in lines.mapping(lines.root(text)):
        parts = {part: value for part, _, value in lines.mapping(node, frozenset({"emoji", "codes"}))}
        if "emoji" not in parts:
            raise lines.wrong(key, f"{name} has no emoji")
        listed = _listed(lines, parts["emoji"], owners, name)
        if len(listed[0]) != 1:
            raise lines.wrong(parts["emoji"], f"the first emoji of {name} must be a single one, not {listed[0]}")
        signs.update(dict.fromkeys(listed, listed[0]))
        if "codes" in parts:
            for code in _listed(lines, parts["codes"], owners, name):
                if not _CODE.fullmatch(f"[{code}]"):
                    raise lines.wrong(parts["codes"], f"{code} is no code, which is written without brackets and short")
                codes[code.lower()] = listed[0]
    return EmojiNames(signs, codes)


def bare(emoji: str) -> str:
    """An emoji without the colour of its skin and without signs for how it is drawn."""
    return "".join(character for character in emoji if character not in TONES and character != SELECTOR)


def _listed(lines: YamlLines, node: Any, owners: dict[str, str], name: str) -> list[str]:
    """What stands in a line, apart from spaces; each may stand in the file once."""
    listed = [bare(one) or one for one in lines.text(node).split()]
    for one in listed:
        if one.lower() in owners:
            raise lines.wrong(node, f"{one} stands in {owners[one.lower()]} already")
        owners[one.lower()] = name
    return listed
