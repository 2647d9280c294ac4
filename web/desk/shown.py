"""An entry of the log as the desk shows it: all of it, but for what buttons stand for."""

from __future__ import annotations

from typing import Any

from ledger import Entry
from web.desk.times import iso


def shown(cid: str, entry: Entry) -> dict[str, Any]:
    """The `message` frame of docs/frames.md."""
    frame: dict[str, Any] = {
        "type": "message",
        "conversation": cid,
        "id": entry.id,
        "kind": entry.kind,
        "from": entry.sender,
        "at": iso(entry.at_ms),
        "body": entry.body,
    }
    if entry.name:
        frame["name"] = entry.name
    if entry.mid:
        frame["mid"] = entry.mid
    return frame
