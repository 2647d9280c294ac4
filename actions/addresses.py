"""Changes who and where an order is sent to, as long as it has not been sent."""

from __future__ import annotations

import re
from typing import Any

from actions.order_lines import NOT_SENT, ON_THE_WAY
from actions.shop import the_shop
from actions.tasks import Ask, Confirm, End, Facts, Option, Step, Topic, Work, row, summary
from shop.after_sales import Receipt, ReceiverChange
from shop.client import Order, ShopRefused

_LED = r"(?:(?:电话|手机号?码?|号码|phone(?: number)?|tel)[^\d\n]{0,8})?"
_PHONE = re.compile(rf"{_LED}(?<!\d)(?:\+?86[ -]?)?(?P<number>1\d{{2}}[ -]?\d{{4}}[ -]?\d{{4}})(?!\d)", re.IGNORECASE)
# A phone number that has too few digits, or too many.
_MISTYPED = re.compile(rf"{_LED}(?<![A-Za-z\d])(?P<number>1(?:\d{{7,9}}|\d{{11,12}}))(?!\d)", re.IGNORECASE)
_BREAK = re.compile(r"[,，;；。\n]+")
_PART = re.compile(r"[^\s,，;；。、\n]+")
_PLACE = re.compile(
    r"省|市|区|县|镇|乡|村|街|路|道|巷|弄|胡同|号|栋|幢|座|楼|层|单元|室|小区|花园|公寓|大厦"
    r"|\b(?:road|street|avenue|lane|district|building|room|apartment|floor|block|unit|rd|st|ave|apt)\b\.?|\bno\.",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:收货人|收件人|姓名|名字|联系人|receiver|name)\s*(?:改成|改为|换成|是|is|to|:|：)?\s*"
    r"(?P<name>[\u4e00-\u9fff·]{2,8}|[A-Za-z][A-Za-z' .-]{1,38})",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:(?:新的?)?(?:收货)?地址(?:是|改成|改为|改到|换成|:|：)?|改成|改到|寄到|送到"
    r"|address(?: is| to|:)?|(?:send|ship|deliver)(?: it)? to)\s*(?P<address>.+)",
    re.IGNORECASE | re.DOTALL,
)
_LEAD = re.compile(r"^(?:不对|不是|请|麻烦|帮我|把|电话|手机号?|号码|phone|tel|and|和|是|[:：,，\s])+", re.IGNORECASE)
_CHINESE_NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}$")
SHORTEST_ADDRESS = 6
MISTYPED = "mistyped_phone"
KEEP_PHONE = "keep_phone"
NO_NAMES = re.compile(r"地址|电话|手机|号码|姓名|收货|改|谢谢|麻烦|你好|好的|订单|不对|不是|就是|这个|新的")


class ChangeReceiver(Topic):
    """改地址、改收货人、改电话."""

    name = "address"
    intents = ("change_address",)
    facts = ("receiver",)
    free = frozenset({"receiver"})
    change_type = ReceiverChange
    states = NOT_SENT

    async def next(self, work: Work) -> Step:
        """The new details, then the summary; or why they cannot be changed."""
        order = work.order
        if order.state not in NOT_SENT:
            said = "utter_address_sent" if order.state in ON_THE_WAY else "utter_address_over"
            return End(said, {"number": order.number})
        receiver = work.facts.get("receiver")
        if receiver and MISTYPED in receiver:
            keep = Option(KEEP_PHONE, work.wording.text("utter_address_keep_phone"))
            return Ask("receiver", "utter_address_phone_wrong", (keep,), {"phone": receiver[MISTYPED]})
        if not receiver:
            return Ask("receiver", "utter_address_ask", values={"number": order.number})
        rows = [
            row(work.wording, f"utter_row_{name}", masked_phone(value) if name == "phone" else value)
            for name, value in receiver.items()
        ]
        card = summary(
            "confirm", "utter_address_title", work.wording, [row(work.wording, "utter_row_order", order.number), *rows]
        )
        return Confirm("utter_address_confirm", card, ReceiverChange(**receiver), {"number": order.number})

    def read(self, fact: str, text: str) -> Any | None:
        """Whatever of name, phone and address a message holds."""
        if fact != "receiver":
            return None
        mistyped = None if _PHONE.search(text) else _MISTYPED.search(text)
        if mistyped is None:
            return receiver_in(text)
        rest = receiver_in(text.replace(mistyped.group(), "，", 1))
        return {**(rest or {}), MISTYPED: mistyped["number"]}

    def merged(self, fact: str, old: Any, new: Any) -> Any:
        """What is told anew takes the place of what was told; the rest stays."""
        if new == KEEP_PHONE or "phone" in new:
            old = {name: value for name, value in old.items() if name != MISTYPED}
        return old if new == KEEP_PHONE else {**old, **new}

    def begin(self, text: str, order: Order) -> Facts:
        """A first message counts when it holds an address or a phone number."""
        found = self.read("receiver", text)
        return {"receiver": found} if found and set(found) & {"address", "phone", MISTYPED} else {}

    async def send(self, work: Work, change: Any, key: str) -> Receipt:
        """Changes it."""
        return await the_shop().change_receiver(work.order.number, work.proof, change, key)

    def done(self, work: Work, receipt: Receipt) -> End:
        """The receipt."""
        rows = [row(work.wording, "utter_row_order", receipt.order)]
        card = summary("receipt", "utter_address_done_title", work.wording, rows, number=receipt.number)
        return End("utter_address_done", {"order": receipt.order, "number": receipt.number}, card)

    def refused(self, error: ShopRefused, work: Work) -> End:
        """It was sent between the summary and the yes."""
        return End("utter_address_sent", {"number": work.order.number})


def receiver_in(text: str) -> dict[str, str] | None:
    """Name, phone and address in a message, each when it is there; None when none is."""
    found: dict[str, str] = {}
    if phone := _PHONE.search(text):
        found["phone"] = re.sub(r"\D", "", phone["number"])
        text = text.replace(phone.group(), "，", 1)
    if named := _NAMED.search(text):
        found["name"] = named["name"].strip()
        text = text.replace(named.group(), "，", 1)
    address, rest = _address(text)
    if address:
        found["address"] = address
    if "name" not in found and found and (name := _name_alone(rest)):
        found["name"] = name
    return found or None


def masked_phone(phone: str) -> str:
    """138****1234."""
    return f"{phone[:3]}****{phone[-4:]}"


def _address(text: str) -> tuple[str | None, str]:
    """The part of a message that names a place well enough to be delivered to, and the rest of the message."""
    led = _ADDRESS.search(text)
    said = led["address"] if led else text
    parts = [part for one in _BREAK.split(said) for part in _with_name_apart(_LEAD.sub("", one).strip()) if part]
    places = [at for at, part in enumerate(parts) if _PLACE.search(part)]
    if not places:
        return None, text
    last = len(parts) - 1 if said.isascii() or all(part.isascii() for part in parts) else places[-1]
    address = (", " if all(part.isascii() for part in parts) else "").join(parts[places[0] : last + 1])
    needed = 1 if re.search(r"\d", address) else 2
    if len(address) < SHORTEST_ADDRESS or len(_PLACE.findall(address)) < needed:
        return None, text
    rest = [*parts[: places[0]], *parts[last + 1 :]]
    return address, "，".join([text[: led.start()] if led else "", *rest])


def _with_name_apart(part: str) -> list[str]:
    """科华北路77号 李雷 is an address and a name."""
    before, _, last = part.rpartition(" ")
    return [before, last] if before and _CHINESE_NAME.fullmatch(last) and not _PLACE.search(last) else [part]


def _name_alone(text: str) -> str | None:
    """A word of two to four signs that stands beside a phone or an address."""
    for part in _PART.findall(text):
        part = _LEAD.sub("", part)
        if _CHINESE_NAME.fullmatch(part) and not _PLACE.search(part) and not NO_NAMES.search(part):
            return part
    return None
