"""How a parcel travels: its scans, consistent with its state and never later than now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from shop.seed.calendar import Calendar, by_day, spell
from shop.seed.stock import Carrier, Customer, Routes


@dataclass(frozen=True)
class Scan:
    """One scan of a parcel."""

    at: datetime
    text: str
    place: str


@dataclass(frozen=True)
class Journey:
    """What happened to a parcel, oldest first, and when it is expected."""

    scans: tuple[Scan, ...]
    estimated_delivery: datetime | None


@dataclass(frozen=True)
class _Stop:
    kind: str
    hours: tuple[float, float]
    text: str
    place: str


SIGNED = (
    "快件已签收，签收人：本人",
    "快件已签收：已放在家门口",
    "快件已签收：已放入小区快递柜",
    "快件已由物业前台代签收",
)


def travel(
    rng: Random, calendar: Calendar, state: str, customer: Customer, carrier: Carrier, routes: Routes
) -> Journey:
    """The journey of a parcel that is now in `state`: one of SHIPMENT_STATES except `packed`, or `delivered_lately`."""
    stops = _way(rng, customer, carrier, routes) + _end(rng, state, customer, carrier, routes)
    stops = stops[: _reached(rng, state, stops) + 1]
    moment = _last_scan(rng, calendar, state)
    scans = []
    for stop in reversed(stops):
        if stop.kind == "picked_up":
            moment = by_day(moment)
        at = min(moment, calendar.now - timedelta(minutes=5)).replace(microsecond=0)
        scans.append(Scan(at, stop.text, stop.place))
        moment -= spell(rng, *stop.hours)
    return Journey(tuple(reversed(scans)), _estimate(rng, calendar, state))


def _way(rng: Random, customer: Customer, carrier: Carrier, routes: Routes) -> list[_Stop]:
    """From the warehouse to the station near the customer."""
    origin, between = routes.cities[customer.city]
    hubs = [origin, *between]
    if customer.city != origin:
        hubs.append(customer.city)
    names = [f"{hub}{carrier.hub}" for hub in hubs]
    station = f"{customer.city}{customer.district}营业部"
    stops = [_Stop("picked_up", (0, 0), f"{carrier.name}已从 {routes.warehouses[origin]} 揽收快件", origin)]
    for index, (hub, name) in enumerate(zip(hubs, names, strict=True)):
        following = names[index + 1] if index + 1 < len(names) else station
        stops.append(_Stop("arrived", (2.5, 5.5) if index == 0 else (8, 14), f"快件到达 {name}", hub))
        stops.append(_Stop("departed", (1.5, 4.5), f"快件离开 {name}，发往 {following}", hub))
    stops.append(_Stop("station", (2, 4), f"快件到达 {station}", customer.city))
    return stops


def _end(rng: Random, state: str, customer: Customer, carrier: Carrier, routes: Routes) -> list[_Stop]:
    """From the station to the door, and back to the warehouse where it was not taken."""
    city, origin = customer.city, routes.cities[customer.city][0]
    surname = rng.choice("王李张刘陈杨赵周")
    stops = [_Stop("out_for_delivery", (10, 13), f"快递员 {surname}师傅 正在派送，请保持电话畅通", city)]
    if state in ("refused", "returned"):
        stops.append(_Stop("refused", (1.5, 4), "收件人拒收，快件将退回寄件人", city))
    else:
        stops.append(_Stop("delivered", (1.5, 4), rng.choice(SIGNED), city))
    if state == "returned":
        stops.append(_Stop("going_back", (4, 6), f"快件离开 {city}{carrier.hub}，退回途中", city))
        stops.append(_Stop("returned", (42, 44), f"快件已退回 {routes.warehouses[origin]}，仓库已签收", origin))
    return stops


def _reached(rng: Random, state: str, stops: list[_Stop]) -> int:
    """Index of the last stop that a parcel in this state has got to."""
    kinds = [stop.kind for stop in stops]
    station = kinds.index("station")
    if state == "shipped":
        return 0
    if state == "in_transit":
        return rng.randrange(2, station + 1)
    if state == "stuck":
        return rng.choice([index for index in range(1, station) if kinds[index] == "arrived"])
    return kinds.index(state.removesuffix("_lately"))


def _last_scan(rng: Random, calendar: Calendar, state: str) -> datetime:
    """When the last scan was. Only a parcel that is out for delivery has one today."""
    if state == "shipped":
        return calendar.at(-1, rng.uniform(16, 20))
    if state == "in_transit":
        return calendar.at(-1, rng.uniform(19, 23))
    if state == "out_for_delivery":
        return calendar.at(0, rng.uniform(7.6, 9.2))
    if state == "stuck":
        return calendar.at(-rng.randint(4, 7), rng.uniform(6, 22))
    days = {"delivered": (1, 24), "delivered_lately": (1, 2), "refused": (1, 3), "returned": (1, 9)}[state]
    return calendar.at(-rng.randint(*days), rng.uniform(11, 18))


def _estimate(rng: Random, calendar: Calendar, state: str) -> datetime | None:
    """The end of the day that a moving parcel is expected on; nobody knows for one that is stuck."""
    if state == "out_for_delivery":
        return max(calendar.at(0, 21), (calendar.now + timedelta(hours=1)).replace(microsecond=0))
    if state == "in_transit":
        return calendar.at(rng.randint(1, 2), 21)
    if state == "shipped":
        return calendar.at(rng.randint(2, 4), 21)
    return None
