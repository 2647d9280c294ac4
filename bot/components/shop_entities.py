"""Puts what a shopper names on the message: amounts, dates, carriers, products, coupons, sizes, colours.

The wordings are in `data/entities/`; spaCy's EntityRuler finds fixed words by its PhraseMatcher and patterns by its Matcher. Of finds
that overlap, the longest counts, then the one whose entity stands first in `ORDER`, then the first in the text. Order numbers and
phone tails, which are known already, are nothing else. No model is loaded, and the vocabulary does not grow: a word that is in no
wording is the same to the matchers as any other.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Optional

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from spacy.matcher import Matcher
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc

from bot.components import entity_patterns, entity_pieces, normaliser, shop_dates, yaml_lines
from bot.components.entity_patterns import Part, Slot, Wording, wordings
from bot.components.entity_pieces import Piece, pieces_of
from bot.components.normaliser import normal_text_of
from bot.components.shop_dates import resolve
from bot.components.sources import PROJECT, fingerprint_of

ORDER = ("date", "amount", "size", "coupon", "carrier", "product", "colour")
"""Who comes first where finds of the same length overlap; an entity that is not here comes last."""
LONGEST = 2000  # characters that are read
OTHER = "□"
BEGINNING = 3
"""By so many words of a wording is seen whether a message may hold it."""

_KNOWN = ("order_number", "phone_tail")
_LEAP_DAY = date(2024, 2, 29)


@dataclass(frozen=True)
class Find:
    """An entity found: its value, and where it stands in the plain text."""

    entity: str
    value: str
    start: int
    end: int


class _Ruler(EntityRuler):
    """spaCy counts all patterns before each match, to warn of none; that took longer than the match."""

    def _require_patterns(self) -> None:
        pass


class ShopWordings:
    """The wordings, ready for reading."""

    def __init__(self, listed: list[Wording]) -> None:
        self._wordings = listed
        self._words = frozenset(part for wording in listed for part in wording.parts if isinstance(part, str))
        self._nlp = spacy.blank("xx")
        self._nlp.tokenizer = lambda text: self._document(list(pieces_of(text)))
        self._ruler = _Ruler(self._nlp)
        self._matcher = Matcher(self._nlp.vocab)
        fixed = {str(index): wording for index, wording in enumerate(listed) if not wording.has_slots}
        self._ruler.add_patterns([{"label": name, "pattern": wording.text} for name, wording in fixed.items()])
        self._beginnings = _beginnings([wording.parts for wording in fixed.values()])
        for index, pattern in _patterns(listed):
            self._matcher.add(str(index), [pattern])

    @classmethod
    def from_folder(cls, folder: Path) -> "ShopWordings":
        """Reads the pattern files; EntityFileError says what is wrong with them."""
        return cls(wordings(folder))

    def read(self, text: str, taken: Iterable[tuple[int, int]] = ()) -> list[Find]:
        """What a plain text names, in the order of the text; nothing that touches a span in `taken`."""
        pieces = list(pieces_of(text[:LONGEST]))
        finds: list[Find] = []
        exceptions: list[Find] = []
        for wording, first, last in self._matches(pieces):
            find = _find(wording, pieces[first:last])
            if wording.value is None:
                exceptions.append(find)
            elif find.entity != "date" or resolve(find.value, _LEAP_DAY):
                finds.append(find)
        covered = bytearray(len(text))
        for start, end in taken:
            covered[start:end] = b"\1" * (end - start)
        return _counted(finds, exceptions, covered)

    def _matches(self, pieces: list[Piece]) -> Iterator[tuple[Wording, int, int]]:
        has_fixed = self._may_hold_fixed(self._words_of(pieces))
        has_slots = len(self._matcher) and any(piece.fills for piece in pieces)
        if not has_fixed and not has_slots:
            return
        document = self._document(pieces)
        matches = self._ruler.match(document) if has_fixed else []
        if has_slots:
            matches += self._matcher(document)
        for match, first, last in matches:
            yield self._wordings[int(self._nlp.vocab.strings[match])], first, last

    def _may_hold_fixed(self, words: list[str]) -> bool:
        """Whether a wording of fixed words begins somewhere: where none does, spaCy need not look."""
        return any(
            not beginnings.isdisjoint(zip(*(words[first:] for first in range(size)), strict=False))
            for size, beginnings in self._beginnings.items()
        )

    def _words_of(self, pieces: list[Piece]) -> list[str]:
        return [piece.word if piece.word in self._words else OTHER for piece in pieces]

    def _document(self, pieces: list[Piece]) -> Doc:
        words = self._words_of(pieces)
        lemmas = [" ".join(piece.fills) for piece in pieces]
        return Doc(self._nlp.vocab, words=words, spaces=[False] * len(words), lemmas=lemmas)


def _beginnings(fixed: Iterable[tuple[Part, ...]]) -> dict[int, set[tuple[Part, ...]]]:
    """The first words of wordings, by how many they are: three, or all of a shorter one."""
    found: dict[int, set[tuple[Part, ...]]] = {}
    for parts in fixed:
        found.setdefault(min(len(parts), BEGINNING), set()).add(parts[:BEGINNING])
    return found


def _patterns(listed: list[Wording]) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Token patterns with the number of their wording. What a piece can fill stands in its lemma.

    The Matcher tries every pattern at every piece, so the wordings of a value that differ in their only word are one pattern.
    """
    alike: dict[Any, list[int]] = {}
    for index, wording in enumerate(listed):
        if wording.has_slots:
            shape = [part if isinstance(part, Slot) else None for part in wording.parts]
            one_word = shape.count(None) == 1
            alike.setdefault((wording.entity, wording.value, *(shape if one_word else wording.parts)), []).append(index)
    for indices in alike.values():
        columns = zip(*(listed[index].parts for index in indices), strict=True)
        yield indices[0], [_token(column) for column in columns]


def _token(parts: tuple[Part, ...]) -> dict[str, Any]:
    words = [part for part in parts if isinstance(part, str)]
    if words:
        return {"ORTH": {"IN": words}} if len(words) > 1 else {"ORTH": words[0]}
    (slot,) = {part.name for part in parts if isinstance(part, Slot)}
    return {"LEMMA": {"REGEX": rf"\b{slot}\b"}}


def _find(wording: Wording, pieces: list[Piece]) -> Find:
    fills = {
        part.name: piece.fills[part.name]
        for part, piece in zip(wording.parts, pieces, strict=True)
        if isinstance(part, Slot)
    }
    return Find(wording.entity, wording.filled(fills), pieces[0].start, pieces[-1].end)


def _counted(finds: list[Find], exceptions: list[Find], taken: bytearray) -> list[Find]:
    """The finds that count. One does not where an exception of its entity overlaps it and reaches beyond it."""
    at: dict[tuple[str, int], list[Find]] = {}
    for exception in exceptions:
        for place in range(exception.start, exception.end):
            at.setdefault((exception.entity, place), []).append(exception)
    counted: list[Find] = []
    for find in sorted(finds, key=_rank):
        places = range(find.start, find.end)
        over = (exception for place in places for exception in at.get((find.entity, place), ()))
        if any(taken[find.start : find.end]) or any(_reaches_beyond(exception, find) for exception in over):
            continue
        taken[find.start : find.end] = b"\1" * len(places)
        counted.append(find)
    return sorted(counted, key=lambda find: find.start)


def _rank(find: Find) -> tuple[int, int, int]:
    place = ORDER.index(find.entity) if find.entity in ORDER else len(ORDER)
    return find.start - find.end, place, find.start


def _reaches_beyond(exception: Find, find: Find) -> bool:
    return exception.start < find.start or find.end < exception.end


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ShopEntities(GraphComponent, EntityExtractorMixin):
    """Adds the entities of `data/entities`; put it behind `OrderEntities`."""

    def __init__(self, shop_wordings: ShopWordings) -> None:
        self._wordings = shop_wordings

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`patterns`: the folder of pattern files, seen from the project's root."""
        return {"patterns": "data/entities"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ShopEntities":
        """Creates the component; the pattern files are read here, not in the first turn."""
        return cls(ShopWordings.from_folder(PROJECT / config["patterns"]))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> Optional[str]:
        """The rules, the pattern files, and the plain form they are looked for in."""
        folder = PROJECT / {**cls.get_default_config(), **config}["patterns"]
        modules = [sys.modules[__name__], entity_patterns, entity_pieces, normaliser, shop_dates, yaml_lines]
        return fingerprint_of(modules, sorted(folder.glob("*.yml")))

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the entities to messages that name something."""
        for message in messages:
            normal = normal_text_of(message)
            known = message.get(ENTITIES, [])
            spans = [(entity["start"], entity["end"]) for entity in known if entity["entity"] in _KNOWN]
            taken = [
                (place, place + 1)
                for place, (start, end) in enumerate(normal.origins if spans else ())
                if any(start < last and first < end for first, last in spans)
            ]
            found = []
            for find in self._wordings.read(normal.text, taken):
                start, end = normal.span(find.start, find.end)
                found.append(
                    {"entity": find.entity, "value": find.value, "start": start, "end": end, "confidence": 1.0}
                )
            if found:
                message.set(ENTITIES, known + self.add_extractor_name(found), add_to_output=True)
        return messages

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["spacy"]
