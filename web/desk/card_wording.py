"""The words of the cards that the desk makes, in Chinese and English; a test holds their states to those of domain.yml."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

Pair = tuple[str, str]

# The shop dates by China's clock, which has one zone and no summer time.
SHOP_CLOCK = timezone(timedelta(hours=8))
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

STATES: dict[str, Pair] = {
    "unpaid": ("待付款", "Awaiting payment"),
    "paid": ("待发货", "Being prepared"),
    "packed": ("已打包", "Packed"),
    "shipped": ("已发货", "Shipped"),
    "in_transit": ("运输中", "In transit"),
    "stuck": ("物流停滞", "Held up on the way"),
    "out_for_delivery": ("派送中", "Out for delivery"),
    "delivered": ("已签收", "Delivered"),
    "refused": ("已拒收", "Refused"),
    "returned": ("已退回", "Returned"),
    "refunded": ("已退款", "Refunded"),
    "cancelled": ("已取消", "Cancelled"),
    "partly_shipped": ("部分发货", "Partly shipped"),
    "pre_sale": ("预售中", "Pre-order"),
}
NEXT: dict[str, Pair] = {
    "unpaid": ("付款后安排发货。", "It is prepared once it has been paid."),
    "paid": ("正在备货，发出后会有快递单号。", "It is being prepared; a tracking number follows when it is sent."),
    "paid_dated": ("正在备货，预计 {day}前发货。", "It is being prepared and should be sent by {day}."),
    "paid_late": ("正在备货，已超过原定的 {day}。", "It is being prepared and is past its date of {day}."),
    "packed": ("已打包，等快递揽收。", "It is packed and waits for the carrier."),
    "packed_dated": ("已打包，预计 {day}前交给快递。", "It is packed and goes to the carrier by {day}."),
    "packed_late": ("已打包，已超过原定发货的 {day}。", "It is packed and is past its date of {day}."),
    "shipped": ("已交给快递，等物流更新。", "The carrier has it; the first scans follow."),
    "shipped_dated": ("已交给快递，预计 {day}送达。", "The carrier has it; it should arrive on {day}."),
    "shipped_late": ("已交给快递，已超过预计送达的 {day}。", "The carrier has it; it was due on {day}."),
    "in_transit": ("包裹在路上。", "It is on its way."),
    "in_transit_dated": ("包裹在路上，预计 {day}送达。", "It is on its way and should arrive on {day}."),
    "in_transit_late": ("包裹还在路上，已超过预计送达的 {day}。", "It is still on its way and was due on {day}."),
    "stuck": ("物流有一段时间没有更新。", "It has not been scanned for a while."),
    "out_for_delivery": ("正在派送。", "It is being delivered."),
    "out_for_delivery_dated": ("正在派送，预计 {day}送到。", "It is being delivered, on {day}."),
    "out_for_delivery_late": ("还在派送，已超过预计的 {day}。", "It is still being delivered and was due on {day}."),
    "delivered": ("包裹已签收。", "It has been delivered."),
    "delivered_dated": ("包裹在 {day}签收。", "It was delivered on {day}."),
    "refused": ("包裹被拒收，正在退回。", "It was refused and goes back to the shop."),
    "returned": ("包裹已退回商家。", "It is back at the shop."),
    "refunded": ("这笔订单已退款。", "It has been refunded."),
    "cancelled": ("订单已取消，不会发货。", "It is cancelled and will not be sent."),
    "partly_shipped": ("一部分已发出，其余还在备货。", "Part of it is sent, the rest is being prepared."),
    "partly_shipped_dated": ("一部分已发出，其余预计 {day}前发货。", "Part of it is sent, the rest follows by {day}."),
    "partly_shipped_late": (
        "一部分已发出，其余已超过原定的 {day}。",
        "Part of it is sent, the rest is past its date of {day}.",
    ),
    "pre_sale": ("预售商品，按商品页的时间发货。", "A pre-order, sent when its page says."),
    "pre_sale_dated": ("预售商品，预计 {day}前发货。", "A pre-order that should be sent by {day}."),
    "pre_sale_late": ("预售商品，已超过原定发货的 {day}。", "A pre-order past its date of {day}."),
    "refund_pending": (
        "退款 ¥{amount} 正在处理，{day}提交。",
        "A refund of ¥{amount} is being made, asked for on {day}.",
    ),
    "refund_done": ("退款 ¥{amount} 已在 {day}完成。", "The refund of ¥{amount} was made on {day}."),
    "refund_rejected": ("退款 ¥{amount} 在 {day}没有通过。", "The refund of ¥{amount} was turned down on {day}."),
}
CASE_KINDS: dict[str, Pair] = {
    "return": ("退货", "Return"),
    "exchange": ("换货", "Exchange"),
    "repair": ("维修", "Repair"),
    "damaged": ("商品问题", "Damaged goods"),
    "missing": ("少发了", "Missing goods"),
    "wrong_item": ("发错了", "Wrong goods"),
    "not_received": ("未收到", "Not received"),
    "urge_shipping": ("催发货", "Reminder to send"),
    "urge_delivery": ("催快递", "Reminder to the carrier"),
    "claim": ("价保", "Price protection"),
}
CASE_STATES: dict[str, Pair] = {
    "requested": ("等待商家处理", "Waiting for the shop"),
    "approved": ("已同意，等待寄回", "Approved, to be sent back"),
    "on_its_way": ("退回途中", "On its way back"),
    "received": ("商家已收到，核对中", "Arrived, being checked"),
    "done": ("已完成", "Done"),
    "rejected": ("没有通过", "Turned down"),
    "withdrawn": ("已撤销", "Withdrawn"),
}
APPROVED: Pair = ("已同意", "Approved")
"""The state `approved` of a case in which nothing goes back."""
TEXTS: dict[str, Pair] = {
    "order": ("订单 {number}（{items}）：{state}。{next}", "Order {number} ({items}): {state}. {next}"),
    "carrier_silent": (
        "快递公司暂时没有回应，看不到最新物流。",
        "The carrier is not answering, so the latest scans are missing.",
    ),
    "items_same": ("{name} ×{count}", "{name} ×{count}"),
    "items_several": ("{name} 等 {count} 件", "{name} and more ({count} pieces)"),
    "case": ("{kind} {number}（订单 {order}）：{state}。", "{kind} {number} (order {order}): {state}."),
    "case_amount": ("退款 ¥{amount}。", "Money back: ¥{amount}."),
    "case_by": ("最晚 {day}处理完。", "To be settled by {day}."),
    "product": ("{name}：¥{price}，{stock}。", "{name}: ¥{price}, {stock}."),
    "row_order": ("订单", "Order"),
    "row_state": ("进度", "State"),
    "row_amount": ("退款", "Money back"),
    "row_pickup": ("上门取件", "Collection"),
    "row_send_to": ("寄回地址", "Send it to"),
    "row_created": ("提交时间", "Asked for"),
    "row_by": ("最晚处理", "Settled by"),
    "row_price": ("价格", "Price"),
    "row_spec": ("规格", "Spec"),
    "row_stock": ("库存", "Stock"),
    "row_others": ("其他规格", "Other specs"),
    "photos": ("上传照片", "Add photos"),
    "in_stock": ("有货", "in stock"),
    "sold_out": ("暂时缺货", "out of stock"),
}


class CardWording:
    """The words in one language."""

    def __init__(self, lang: str) -> None:
        self.english = lang == "en"

    def say(self, pair: Pair, /, **values: str) -> str:
        """One of two with its places filled."""
        return pair[self.english].format(**values)

    def text(self, key: str, /, **values: str) -> str:
        """One of `TEXTS`."""
        return self.say(TEXTS[key], **values)

    def day(self, moment: datetime) -> str:
        """11月23日, 23 Nov."""
        local = moment.astimezone(SHOP_CLOCK)
        return f"{local.day} {_MONTHS[local.month - 1]}" if self.english else f"{local.month}月{local.day}日"

    def moment(self, moment: datetime) -> str:
        """11月23日 15:04, by the shop's clock."""
        return f"{self.day(moment)} {moment.astimezone(SHOP_CLOCK):%H:%M}"

    def span(self, day: str, start: str, until: str) -> str:
        """11月26日 09:00–12:00, of a day given as 2026-11-26."""
        return f"{self.day(datetime.fromisoformat(day).replace(hour=12, tzinfo=SHOP_CLOCK))} {start}–{until}"
