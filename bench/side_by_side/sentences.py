"""What shoppers say, to both sides the same. Each side must answer each of them properly, or there is nothing to compare.

None is a bare greeting or a fragment: those wait for more at Shopdesk (`bot/burst.py`), which is no work and would only hide it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """What is said, its topic, and a pattern that is in a proper answer of either side; `{order}` is the asker's order number."""

    text: str
    topic: str
    expects: str = "."


def _ways(topic: str, expects: str, *texts: str) -> tuple[Sentence, ...]:
    return tuple(Sentence(text, topic, expects) for text in texts)


VISIT = (
    _ways("order", r"{order}.*运输中", "我的订单到哪了", "查一下我的订单"),
    _ways("returns", "签收后才能申请", "怎么退货", "我想退货", "我要退货"),
    _ways("promotions", "满300减50", "现在有什么优惠活动", "现在有什么活动", "有什么促销活动", "有什么活动"),
    _ways("small talk", "不客气", "谢谢", "谢谢你"),
    _ways("unclear", "没听懂|不太确定", "那个能弄吗", "能弄一下那个吗", "这样那样行吗"),
    _ways("order", "运输中.*预计", "包裹走到哪里了", "我的快递到哪了", "物流到哪了"),
    _ways("promotions", "没有优惠券", "能用优惠券吗", "我有哪些优惠券", "优惠券怎么用"),
    _ways("small talk", "智能助手|不客气|再见", "你是机器人吗", "好的谢谢", "拜拜"),
    _ways("promotions", "99元包邮", "包邮吗", "运费多少", "邮费谁出"),
    _ways("small talk", "再见", "再见", "那先这样,再见"),
)
"""The mixed load, a visit of ten turns: for each turn what may be said. What stock Rasa reads right depends on its training, so the
first that both sides answer properly is taken (`Both.choose`)."""
FIRST_WAYS = tuple(ways[0] for ways in VISIT)
ORDER, SMALL_TALK, PARCEL = 0, 3, 5
"""Places in the visit. The two about an order cost a call of the shop's API, which tells where the parcel is, too."""

OTHERS = (
    Sentence("快递什么时候能到", "order"),
    Sentence("支持哪些付款方式", "payment"),
    Sentence("退货运费谁出", "returns"),
    Sentence("满减怎么算", "promotions"),
    Sentence("月亮上能种土豆吗", "unclear"),
    Sentence("帮我查一下物流", "order"),
    Sentence("怎么开发票", "payment"),
    Sentence("保修多久", "returns"),
    Sentence("好的谢谢", "small talk"),
    Sentence("你们几点发货", "order"),
    Sentence("是正品吗", "products"),
    Sentence("多少天能退货", "unclear"),
    Sentence("有什么促销活动", "promotions"),
    Sentence("快递到哪了", "order"),
    Sentence("能货到付款吗", "payment"),
)
"""What a long chat goes on with: any answer will do, for it is not what is measured."""
WINDOWS = (5, 50, 100, 150, 195, 300)
"""Around these turns a long chat has the ten sentences of the visit, so that like is compared with like."""
HALF = 5


def long_chat(turns: int, visit: Sequence[Sentence] = FIRST_WAYS) -> list[Sentence]:
    """The sentences of a long chat: the visit as turns 1 to 10, 46 to 55 and so on, `OTHERS` in turn between them."""
    starts = {middle - HALF for middle in WINDOWS}
    said: list[Sentence] = []
    other = 0
    while len(said) < turns:
        if len(said) in starts:
            said.extend(visit)
        else:
            said.append(OTHERS[other % len(OTHERS)])
            other += 1
    return said[:turns]
