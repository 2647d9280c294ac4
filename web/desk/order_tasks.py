"""What an agent does for a shopper about an order: each step is asked of the bot's worker, which decides by the bot's own checks."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType
from sanic import HTTPResponse, Request

from ledger import Ledger
from ledger.requests import NoAnswer, Requests
from shop.client import ShopClient, ShopClientError
from web.desk.accounts import Account
from web.desk.audit import Audit
from web.desk.customer_api import NUMBER, TAIL
from web.desk.errors import BadFrame, NotFound, NotHeld, OrderNotFound, Refused, ShopUnavailable, Unavailable
from web.desk.login_api import account_of
from web.desk.logins import Logins
from web.desk.requests import answer, read_body
from web.desk.shopper import Shopper
from web.desk.shopper_orders import ShopperOrders

ANSWER_S, TOPICS_S = 15.0, 5.0
"""A change may take as long as the shop's client gives it."""
AT_ONCE = 16
"""Each waits on a connection to Redis of its own, and the dispatch needs some, too."""

_MID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TOPIC = re.compile(r"[a-z_]{1,32}")
LONGEST_VERSION = 64
NO_CONVERSATION = ""
"""What can be done is the same in all."""
REFUSALS: dict[str, type[Refused]] = {one.code: one for one in (BadFrame, NotFound, OrderNotFound, ShopUnavailable)}
"""What the worker refuses, by its code; another code counts as no answer."""


class Answer(Struct, frozen=True):
    """What the agent answers to a question of the last step."""

    fact: str
    value: str


class TaskStep(Struct, frozen=True):
    """One step: what is known so far, and an answer, or the version of the summary that is agreed to."""

    mid: str
    topic: str
    order: str
    phone_tail: str | None = None
    facts: dict[str, Any] = {}
    answer: Answer | UnsetType = UNSET
    confirm: str | UnsetType = UNSET


class OrderTasksApi:
    """`/api/desk/order-tasks` and `/api/desk/conversations/<cid>/order-tasks`."""

    def __init__(self, ledger: Ledger, shop: ShopClient, bot: Requests, logins: Logins, audit: Audit) -> None:
        self._ledger, self._bot, self._logins, self._audit = ledger, bot, logins, audit
        self._orders = ShopperOrders(ledger, shop)
        self._places = asyncio.Semaphore(AT_ONCE)

    async def topics(self, request: Request) -> HTTPResponse:
        """`GET /api/desk/order-tasks`: what can be done, as the bot has it. Raises `Unavailable`."""
        await account_of(request, self._logins)
        return answer(await self._ask(NO_CONVERSATION, {"what": "topics"}, TOPICS_S))

    async def step(self, request: Request, cid: str) -> HTTPResponse:
        """`POST …/order-tasks`. Raises `NotHeld`, `OrderNotFound`, `ShopUnavailable`, `Unavailable`, `BadFrame`."""
        who = await account_of(request, self._logins)
        step = _checked(read_body(request, TaskStep))
        state = await self._ledger.state(cid)
        _must_hold(who, state)
        if step.phone_tail is not None:
            # Whoever guesses at phone endings leaves a trace, here as in the customer column.
            await self._audit.note(who.username, "order_proof", cid, order=step.order)
        body = await self._body(who, step, Shopper.of(cid, state))
        confirms = step.confirm is not UNSET
        about = {"topic": step.topic, "order": step.order, "mid": step.mid}
        if confirms:
            # Noted first: a change whose answer is lost has left its trace.
            await self._audit.note(who.username, "order_task_confirmed", cid, **about)
        told = await self._ask(cid, body, ANSWER_S)
        if confirms or told.get("step") == "end":
            outcome = str(told.get("outcome") or told.get("step") or "")
            await self._audit.note(who.username, "order_task", cid, **about, outcome=outcome)
        return answer(told)

    async def _body(self, who: Account, step: TaskStep, shopper: Shopper) -> dict[str, Any]:
        """What the worker gets; the order has been proved to the shop, and the worker proves it again."""
        try:
            proved = await self._orders.one(shopper, step.order, step.phone_tail)
        except ShopClientError as error:
            raise ShopUnavailable(error.code) from None
        owner = {"customer": proved.proof.customer_id} if proved.proof.customer_id else {}
        body = {"what": "order_task", "agent": who.username, "lang": who.lang, **owner}
        if proved.proof.phone_tail is not None:
            body["phone_tail"] = proved.proof.phone_tail
        told: dict[str, Any] = msgspec.to_builtins(step)
        return {**body, **{name: value for name, value in told.items() if name != "phone_tail"}}

    async def _ask(self, cid: str, body: dict[str, Any], timeout_s: float) -> dict[str, Any]:
        try:
            async with asyncio.timeout(timeout_s):
                await self._places.acquire()
        except TimeoutError:
            raise Unavailable("the bot's worker is silent, and many ask") from None
        try:
            told = await self._bot.ask(cid, body, timeout_s)
        except NoAnswer as error:
            raise Unavailable(str(error)) from None
        finally:
            self._places.release()
        if isinstance(refused := told.get("error"), dict):
            raise REFUSALS.get(str(refused.get("code")), Unavailable)(str(refused.get("message")))
        return told


def _must_hold(who: Account, state: dict[str, str]) -> None:
    """Whoever serves the conversation acts for the shopper; a supervisor may at any time."""
    who.must("agent")
    holds = state.get("mode") == "human" and state.get("agent") == who.username
    if not holds and not who.may("supervisor"):
        raise NotHeld("not this agent's conversation")


def _checked(step: TaskStep) -> TaskStep:
    if not _MID.fullmatch(step.mid) or not _TOPIC.fullmatch(step.topic) or not NUMBER.fullmatch(step.order):
        raise BadFrame("`mid`, `topic` or `order` is none")
    if step.phone_tail is not None and not TAIL.fullmatch(step.phone_tail):
        raise BadFrame("`phone_tail` is not the ending of a phone")
    if step.confirm is not UNSET and not 0 < len(step.confirm) <= LONGEST_VERSION:
        raise BadFrame("`confirm` is no version of a summary")
    return step
