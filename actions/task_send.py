"""Sends a change that was agreed to, once, and notes it: for a shopper who says yes to the bot, and for an agent who does it for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from actions import audit
from actions.tasks import End, Step, Topic, Work
from shop.after_sales import Change
from shop.client import OrderNotFound, ShopClientError, ShopRefused, ShopUncertain

Outcome = Literal["done", "refused", "uncertain", "not_done"]


@dataclass(frozen=True)
class Sent:
    """What has come of it, the last word, and the receipt of what was done. After `not_done` it may be tried with any key."""

    outcome: Outcome
    end: End
    receipt: str | None = None


@dataclass(frozen=True)
class Sending:
    """Which change, with its key; `tried` when it was sent under that key before and no answer came."""

    change: dict[str, Any]
    key: str
    conversation: str
    by: str = audit.BOT
    tried: bool = False


async def send_change(topic: Topic, work: Work, step: Step, sending: Sending) -> Sent:
    """Sends it. A request that is run again, and a try after a time-out, have the same key. Raises OrderNotFound.

    It is sent even when `step` says that nothing is left to do, because that may be this very change, done by a worker that was
    killed; the shop answers it with the first receipt, or refuses it.
    """
    change = msgspec.convert(sending.change, type=topic.change_type)
    proof = "customer" if work.proof.customer_id else "phone"
    note = audit.Note(sending.conversation, sending.key, topic.name, work.order.number, proof, sending.by)
    await audit.write(note, "asked")
    try:
        receipt = await topic.send(work, change, sending.key)
    except ShopRefused as error:
        await audit.write(note, f"refused: {error.code}", error.case)
        return Sent("refused", step if isinstance(step, End) else topic.refused(error, work))
    except ShopUncertain:
        await audit.write(note, "uncertain")
        return Sent("uncertain", End("utter_task_uncertain"))
    except OrderNotFound:
        raise
    except ShopClientError:
        await audit.write(note, "uncertain" if sending.tried else "not done")
        if sending.tried:
            return Sent("uncertain", End("utter_task_uncertain"))
        return Sent("not_done", End("utter_task_not_done"))
    await audit.write(note, "done", receipt.number)
    return Sent("done", topic.done(work, receipt), receipt.number)


def plain(change: Change) -> dict[str, Any]:
    """A change as JSON can hold it."""
    known: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(change))
    return known
