"""Makes an API slow, failing or wrong on purpose. For tests: the routes exist only with SHOP_FAULTS=1."""

import asyncio
from typing import Annotated, Literal, cast, get_args

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw

from shop.errors import BadRequest, Unavailable, json_answer

Target = Literal["orders", "logistics", "promotions"]
Mode = Literal["ok", "slow", "down", "rubbish", "reset", "late"]
Only = Literal["reads", "writes"]

BROKEN_JSON = b'{"number": "2026112'
WRONG_SHAPE = b'{"number": 42, "state": "somewhere", "events": "none"}'


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is wrong with an API; `carrier` (code or name) leaves the parcels of all others alone, `only` reads or writes.

    `late` makes a change of an order and then holds its answer back; it leaves reads alone.
    """

    target: Target
    mode: Mode
    delay_s: Annotated[float, msgspec.Meta(ge=0, le=60)] = 10.0
    carrier: str | None = None
    only: Only | None = None


class Faults:
    """The faults that are switched on; at most one for each API."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}
        self._rubbish_served = 0

    def switch(self, fault: Fault) -> None:
        """Set the fault of an API; the mode `ok` ends it."""
        self._faults.pop(fault.target, None)
        if fault.mode != "ok":
            self._faults[fault.target] = fault

    def shown(self) -> dict[str, Fault]:
        """The fault of each API."""
        return {target: self._faults.get(target, Fault(target, "ok")) for target in get_args(Target)}

    def spare(self, target: Target, carrier: tuple[str, ...] = ()) -> bool:
        """Whether a read of this API would be answered as ever."""
        return self._fault(target, "reads", carrier) is None

    def _fault(self, target: Target, kind: Only, carrier: tuple[str, ...]) -> Fault | None:
        fault = self._faults.get(target)
        if fault is None or fault.mode == "late" or (fault.carrier is not None and fault.carrier not in carrier):
            return None
        return fault if fault.only in (None, kind) else None

    async def meet(self, request: Request, target: Target, carrier: tuple[str, ...] = ()) -> HTTPResponse | None:
        """Suffer the fault of this API: wait, raise Unavailable, or return what is to be answered instead."""
        fault = self._fault(target, "writes" if request.method == "POST" else "reads", carrier)
        if fault is None:
            return None
        if fault.mode == "down":
            raise Unavailable
        if fault.mode == "slow":
            await asyncio.sleep(fault.delay_s)
            return None
        if fault.mode == "reset":
            cast(asyncio.WriteTransport, request.transport).abort()
            return raw(b"", status=503)
        self._rubbish_served += 1
        return raw(BROKEN_JSON if self._rubbish_served % 2 else WRONG_SHAPE, content_type="application/json")

    async def hold_back(self, target: Target) -> None:
        """Suffer the fault `late`: what was asked for is done, but the answer waits."""
        fault = self._faults.get(target)
        if fault is not None and fault.mode == "late" and fault.only != "reads":
            await asyncio.sleep(fault.delay_s)


faults_switch = Blueprint("faults_switch", url_prefix="/admin/faults")


@faults_switch.post("/")
async def set_fault(request: Request) -> HTTPResponse:
    """Switch a fault on, or off with the mode `ok`."""
    try:
        fault = msgspec.json.decode(request.body, type=Fault)
    except msgspec.MsgspecError as error:
        raise BadRequest(str(error)) from None
    if fault.carrier is not None and fault.target != "logistics":
        raise BadRequest("Only a fault of logistics can be for one carrier.")
    request.app.ctx.faults.switch(fault)
    return json_answer(request.app.ctx.faults.shown())


@faults_switch.get("/")
async def get_faults(request: Request) -> HTTPResponse:
    """The faults that are on."""
    return json_answer(request.app.ctx.faults.shown())
