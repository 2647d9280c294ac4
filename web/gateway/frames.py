"""The frames of docs/frames.md: what comes in, strictly read, and what goes out."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from web.gateway.errors import BadFrame, Refused, TooLong
from web.gateway.wording import error_text

FRAME_BYTES = 16 * 1024
ENTRY_ID = re.compile(r"[0-9]{1,16}-[0-9]{1,16}")
START = "0-0"
"""Before the first entry of every conversation."""

Mid = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
Reason = Literal["solved", "fast", "friendly", "unsolved", "slow", "unfriendly", "not_understood", "repeated"]
"""Why somebody is content or not."""


class Say(Struct, frozen=True, tag_field="type", tag="message"):
    """A message; `image` is the id of a picture that was handed in, and `text` may then be empty."""

    mid: Mid
    text: str
    image: Annotated[str, Meta(pattern=r"^[0-9a-f]{40}\Z")] | None = None


class Choose(Struct, frozen=True, tag_field="type", tag="choose"):
    """A button of an earlier message."""

    mid: Mid
    choice: Annotated[str, Meta(min_length=1)]


class Typing(Struct, frozen=True, tag_field="type", tag="typing"):
    """The shopper is typing."""


class Rate(Struct, frozen=True, tag_field="type", tag="rate"):
    """Satisfaction, 1 to 5, with the assistant or with the person; without `of` with whoever served last."""

    score: Annotated[int, Meta(ge=1, le=5)]
    of: Literal["bot", "agent"] | None = None
    reasons: Annotated[tuple[Reason, ...], Meta(max_length=8)] = ()
    comment: str | None = None


class Contact(Struct, frozen=True, tag_field="type", tag="contact"):
    """How the shopper can be reached when nobody is there now."""

    contact: str


class Read(Struct, frozen=True, tag_field="type", tag="read"):
    """The shopper has seen everything up to this entry."""

    id: Annotated[str, Meta(pattern=r"^[0-9]{1,16}-[0-9]{1,16}\Z")]


class Human(Struct, frozen=True, tag_field="type", tag="human"):
    """A person, please."""


class End(Struct, frozen=True, tag_field="type", tag="end"):
    """The shopper is done."""


InFrame = Say | Choose | Typing | Rate | Contact | Read | Human | End


class Ack(Struct, frozen=True, tag_field="type", tag="ack"):
    """The message is stored as entry `id`."""

    mid: str
    id: str


class Message(Struct, frozen=True, tag_field="type", tag="message", omit_defaults=True):
    """An entry of the log, as the shopper sees it; `at` is ISO 8601 in UTC."""

    id: str
    sender: str = msgspec.field(name="from")
    at: str
    body: dict[str, Any]
    mid: str | None = None
    name: str | None = None


class State(Struct, frozen=True, tag_field="type", tag="state", omit_defaults=True):
    """Where the conversation stands; `wait_s` in seconds, `back_at` in ISO 8601, `read` an entry id."""

    mode: str
    position: int | None = None
    wait_s: int | None = None
    agent: str | None = None
    away: bool = False
    back_at: str | None = None
    contact: bool = False
    read: str | None = None
    rate: list[str] | None = None


class TypingSeen(Struct, frozen=True, tag_field="type", tag="typing"):
    """The bot or an agent is typing."""

    sender: Literal["bot", "agent"] = msgspec.field(name="from")


class Error(Struct, frozen=True, tag_field="type", tag="error", omit_defaults=True):
    """A frame was refused."""

    code: str
    message: str
    mid: str | None = None


OutFrame = Ack | Message | State | TypingSeen | Error


class _Named(Struct):
    mid: Mid


_READER = msgspec.json.Decoder(InFrame)
_MID_READER = msgspec.json.Decoder(_Named)
_WRITER = msgspec.json.Encoder()


def read_frame(raw: bytes) -> InFrame:
    """The frame that `raw` is. Raises `TooLong`, `BadFrame`."""
    if len(raw) > FRAME_BYTES:
        raise TooLong(f"a frame of {len(raw)} bytes")
    try:
        frame: InFrame = _READER.decode(raw)
        return frame
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise BadFrame("not a frame") from None


def mid_of(raw: bytes) -> str | None:
    """The `mid` of a frame that was refused, if one can be made out."""
    try:
        return _MID_READER.decode(raw).mid
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None


def write_frame(frame: OutFrame) -> str:
    """The frame as it goes over the wire."""
    return _WRITER.encode(frame).decode()


def kind_of(frame: Struct) -> str:
    """The frame's `type`, for counting."""
    return str(frame.__struct_config__.tag)


def error_frame(refused: Refused, lang: str, mid: str | None = None) -> Error:
    """What the socket says about a refusal."""
    return Error(refused.code, error_text(refused.code, lang), mid)


def read_after(after: str | None) -> str | None:
    """The entry id that a client has seen last, checked. Raises `BadFrame`."""
    if after is not None and not ENTRY_ID.fullmatch(after):
        raise BadFrame("`after` is no entry id")
    return after


def order_of(entry_id: str) -> tuple[int, int]:
    """A key that sorts entry ids in the order of the conversation."""
    ms, _, n = entry_id.partition("-")
    return int(ms), int(n)
