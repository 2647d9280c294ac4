"""The tone of the shop: opens a turn's Chinese replies as shops in China do and swaps some words, both from `data/tone.yml`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from bot.components.yaml_lines import YamlLines
from ledger import Reply

FILE = Path(__file__).resolve().parents[1] / "data" / "tone.yml"
PARTS = frozenset({"opening", "replacements"})
_APOLOGY = re.compile(r"抱歉|对不起|不好意思|道歉|致歉")
_SENTENCE = re.compile(r"[^。！？!?\n]*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_ENGLISH_WORDS = re.compile(r"[a-z]+(?: [a-z]+){2}")


class ToneFileError(ValueError):
    """The file of tones cannot be used; the sentence names the line."""

    code = "tone_file"


@dataclass(frozen=True)
class Tone:
    """What stands before the first reply of a turn, and which words are said instead of which."""

    opening: str = ""
    replacements: tuple[tuple[str, str], ...] = ()


PLAIN = Tone()
"""The wording as it is."""


def read_tone(name: str, path: Path = FILE) -> Tone:
    """The tone of this name; `plain` needs no file. ToneFileError when the file is wrong or does not have it."""
    if name == "plain":
        return PLAIN
    lines = YamlLines(path.name, ToneFileError)
    root = lines.root(path.read_text(encoding="utf-8"))
    tones = {called: _tone(lines, node) for called, _, node in lines.mapping(root)}
    if name not in tones:
        raise lines.wrong(root, f"there is no tone {name}")
    return tones[name]


def _tone(lines: YamlLines, node: Any) -> Tone:
    parts = {name: value for name, _, value in lines.mapping(node, PARTS)}
    if missing := sorted(PARTS - set(parts)):
        raise lines.wrong(node, f"{missing[0]} is missing")
    replacements = [(said, lines.text(instead)) for said, _, instead in lines.mapping(parts["replacements"])]
    return Tone(lines.text(parts["opening"]), tuple(sorted(replacements, key=lambda pair: -len(pair[0]))))


def in_tone(replies: Sequence[Reply], tone: Tone) -> list[Reply]:
    """The replies of a turn in a tone: only their texts change, and only Chinese ones; a turn that apologises stays as it is."""
    first = next((reply for reply in replies if reply.text), None)
    if tone == PLAIN or first is None or _APOLOGY.search(_SENTENCE.match(str(first.text))[0]):  # type: ignore[index]
        return list(replies)
    return [_said(reply, tone, opens=reply is first) for reply in replies]


def _said(reply: Reply, tone: Tone, opens: bool) -> Reply:
    if not reply.text or not is_chinese(reply.text):
        return reply
    text = _replaced(reply.text, tone.replacements)
    if opens and not text.startswith(tone.opening):
        text = tone.opening + text
    return msgspec.structs.replace(reply, text=text)


def is_chinese(text: str) -> bool:
    """Whether a reply is in Chinese: an English one may name Chinese goods, a Chinese one goods with a Latin name."""
    letter = _LETTER.search(text)
    return bool(letter and _CHINESE.match(letter[0]) and not _ENGLISH_WORDS.search(text))


def _replaced(text: str, replacements: Sequence[tuple[str, str]]) -> str:
    """All in one go, so that what was put in is not replaced again."""
    if not replacements:
        return text
    said = dict(replacements)
    return re.sub("|".join(re.escape(word) for word in said), lambda found: said[found[0]], text)
