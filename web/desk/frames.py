"""What comes in at the agents' socket, strictly read; docs/frames.md says what each means. What goes out is made where it is known."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from web.desk.errors import BadFrame, TooLong

FRAME_BYTES = 16 * 1024
TEXT_CHARACTERS = 2_000
START = "0-0"

Cid = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
Mid = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
EntryId = Annotated[str, Meta(pattern=r"^[0-9]{1,16}-[0-9]{1,16}\Z")]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Brief = Annotated[str, Meta(max_length=TEXT_CHARACTERS)]


class Presence(Struct, frozen=True, tag_field="type", tag="presence"):
    """I am here, have a break, or go."""

    status: Literal["online", "away", "offline"]


class Claim(Struct, frozen=True, tag_field="type", tag="claim"):
    """I take it."""

    conversation: Cid


class Decline(Struct, frozen=True, tag_field="type", tag="decline"):
    """Not me."""

    conversation: Cid


class Open(Struct, frozen=True, tag_field="type", tag="open"):
    """I look at it."""

    conversation: Cid
    after: EntryId | None = None


class Close(Struct, frozen=True, tag_field="type", tag="close"):
    """I look at it no longer."""

    conversation: Cid


class WantedCard(Struct, frozen=True):
    """A card that the server is to make."""

    kind: Literal["order", "case", "product"]
    number: Name


class Say(Struct, frozen=True, tag_field="type", tag="message"):
    """To the shopper."""

    conversation: Cid
    mid: Mid
    text: str | None = None
    image: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,80}\Z")] | None = None
    card: WantedCard | None = None


class Note(Struct, frozen=True, tag_field="type", tag="note"):
    """To colleagues."""

    conversation: Cid
    text: str
    mid: Mid | None = None
    to: Annotated[list[Name], Meta(max_length=20)] = []
    whisper: bool = False


class Transfer(Struct, frozen=True, tag_field="type", tag="transfer"):
    """To a skill or a colleague."""

    conversation: Cid
    to: Name
    comment: Brief = ""


class Resolve(Struct, frozen=True, tag_field="type", tag="resolve"):
    """My part is done."""

    conversation: Cid
    to: Literal["bot", "closed"]
    summary: Brief | None = None
    category: Name | None = None
    solution: Brief | None = None
    order: Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{1,64}\Z")] | None = None


class Reopen(Struct, frozen=True, tag_field="type", tag="reopen"):
    """Mine again."""

    conversation: Cid


class Typing(Struct, frozen=True, tag_field="type", tag="typing"):
    """I am writing."""

    conversation: Cid


class Read(Struct, frozen=True, tag_field="type", tag="read"):
    """I have seen it up to there."""

    conversation: Cid
    id: EntryId


class TakeOver(Struct, frozen=True, tag_field="type", tag="take_over"):
    """A supervisor takes it."""

    conversation: Cid


class Reassign(Struct, frozen=True, tag_field="type", tag="reassign"):
    """A supervisor gives it to somebody else."""

    conversation: Cid
    to: Name
    comment: Brief = ""


class BoardOn(Struct, frozen=True, tag_field="type", tag="board"):
    """A supervisor watches the whole floor."""

    on: bool


InFrame = (
    Presence | Claim | Decline | Open | Close | Say | Note | Transfer | Resolve | Reopen | Typing | Read
    | TakeOver | Reassign | BoardOn
)  # fmt: skip


class _Named(Struct):
    conversation: str | None = None
    mid: str | None = None


_READER = msgspec.json.Decoder(InFrame)
_NAMED = msgspec.json.Decoder(_Named)
_WRITER = msgspec.json.Encoder()


def read_frame(raw: bytes) -> Any:
    """The frame that `raw` is. Raises `TooLong`, `BadFrame`."""
    if len(raw) > FRAME_BYTES:
        raise TooLong(f"a frame of {len(raw)} bytes")
    try:
        return _READER.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise BadFrame("not a frame") from None


def about(raw: bytes) -> dict[str, str]:
    """Which conversation and message a refused frame was about, as far as that can be made out."""
    try:
        named = _NAMED.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return {}
    found = {"conversation": named.conversation, "mid": named.mid}
    return {name: text for name, text in found.items() if text}


def write(frame: dict[str, Any]) -> str:
    """A frame as it goes over the wire, without what is None."""
    return _WRITER.encode({name: value for name, value in frame.items() if value is not None}).decode()
