"""What shoppers say, to both sides the same. Each side must answer each of them properly, or there is nothing to compare.

None is a bare greeting or a fragment: those wait for more at Shopdesk (`bot/burst.py`), which is no work and would only hide it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """What is said, its topic, and a pattern that is in a proper answer of either side; `{order}` is the asker's order number."""

    text: str
    topic: str
    expects: str = "."


ORDER = Sentence("我的订单到哪了", "order", r"{order}.*运输中")
"""One call of the shop's API for the customer's orders, one for the parcel."""
PARCEL = Sentence("包裹走到哪里了", "order", "运输中.*预计")
OPENING = Sentence("你是机器人吗", "small talk", "我是智能助手")

DIALOGUE = (
    ORDER,
    Sentence("怎么退货", "returns", "签收后才能申请"),
    Sentence("现在有什么优惠活动", "promotions", "满300减50"),
    Sentence("谢谢", "small talk", "不客气"),
    Sentence("那个能弄吗", "unclear", "没听懂|不太确定"),
    PARCEL,
    Sentence("能用优惠券吗", "promotions", "没有优惠券"),
    OPENING,
    Sentence("包邮吗", "promotions", "99元包邮"),
    Sentence("再见", "small talk", "再见"),
)
"""The mixed load: a visit of ten turns."""

OTHERS = (
    Sentence("快递什么时候能到", "order"),
    Sentence("支持哪些付款方式", "payment", "支付宝"),
    Sentence("退货运费谁出", "returns", "签收后才能申请"),
    Sentence("满减怎么算", "promotions", "满300减50"),
    Sentence("月亮上能种土豆吗", "unclear"),
    Sentence("帮我查一下物流", "order"),
    Sentence("怎么开发票", "payment", "开发票"),
    Sentence("保修多久", "returns", "保修期"),
    Sentence("好的谢谢", "small talk", "不客气"),
    Sentence("你们几点发货", "order", "48小时"),
    Sentence("是正品吗", "products", "正品|真伪"),
    Sentence("多少天能退货", "unclear"),
    Sentence("有什么促销活动", "promotions", "满300减50"),
    Sentence("快递到哪了", "order", "运输中"),
    Sentence("能货到付款吗", "payment"),
)
"""What a long chat goes on with."""
WINDOWS = (5, 50, 195, 300)
"""Around these turns a long chat has the ten sentences of the dialogue, so that like is compared with like."""
HALF = 5


def long_chat(turns: int) -> list[Sentence]:
    """The sentences of a long chat: `DIALOGUE` as turns 1 to 10, 46 to 55 and so on, `OTHERS` in turn between them."""
    starts = {middle - HALF: middle for middle in WINDOWS}
    said: list[Sentence] = []
    other = 0
    while len(said) < turns:
        if len(said) in starts:
            said.extend(DIALOGUE)
        else:
            said.append(OTHERS[other % len(OTHERS)])
            other += 1
    return said[:turns]
