"""What of name, phone and address a message holds."""

from __future__ import annotations

import pytest

from actions.addresses import KEEP_PHONE, ChangeReceiver, masked_phone, receiver_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "改成 北京市海淀区中关村大街1号院3号楼502，张三，13812345678",
            {"address": "北京市海淀区中关村大街1号院3号楼502", "name": "张三", "phone": "13812345678"},
        ),
        ("收货人：李四", {"name": "李四"}),
        ("电话换成13900001111", {"phone": "13900001111"}),
        ("地址改到上海市徐汇区漕宝路66弄9号803室", {"address": "上海市徐汇区漕宝路66弄9号803室"}),
        ("把地址改成四川省成都市武侯区科华北路77号 李雷 13600002222",
         {"address": "四川省成都市武侯区科华北路77号", "name": "李雷", "phone": "13600002222"}),
        ("王小明 13812345678 广东省深圳市南山区科技园南路8号",
         {"name": "王小明", "phone": "13812345678", "address": "广东省深圳市南山区科技园南路8号"}),
        ("收货人改成王芳，其他不变", {"name": "王芳"}),
        ("please change the address to Room 5, 123 Nanjing Road, Shanghai, name is Tom Lee, phone 13812345678",
         {"address": "Room 5, 123 Nanjing Road, Shanghai", "name": "Tom Lee", "phone": "13812345678"}),
        ("Actually the phone is 13700001111", {"phone": "13700001111"}),
        ("电话 139 0000 1111", {"phone": "13900001111"}),
        ("+86 139-0000-1111", {"phone": "13900001111"}),
    ],
)  # fmt: skip
def test_what_is_there_is_found(text: str, found: dict[str, str]) -> None:
    assert receiver_in(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "我要改地址",
        "帮我把订单20261120000042的地址改一下",
        "等下，先问个优惠券的事",
        "寄到我公司",
        "不知道",
        "1381234567",
        "change my address please",
    ],
)
def test_nothing_is_made_up(text: str) -> None:
    assert receiver_in(text) is None


def test_a_phone_is_shown_masked() -> None:
    assert masked_phone("13812345678") == "138****5678"


def test_a_mistyped_phone_is_noticed_until_it_is_told_again_or_kept() -> None:
    topic = ChangeReceiver()
    told = topic.read("receiver", "苏州市姑苏区平江路 12 号 电话 1380000888")
    assert told == {"address": "苏州市姑苏区平江路 12 号", "mistyped_phone": "1380000888"}
    assert topic.merged("receiver", told, {"phone": "13800008888"}) == {
        "address": "苏州市姑苏区平江路 12 号",
        "phone": "13800008888",
    }
    assert topic.merged("receiver", told, KEEP_PHONE) == {"address": "苏州市姑苏区平江路 12 号"}


def test_a_tracking_number_is_no_mistyped_phone() -> None:
    assert ChangeReceiver().read("receiver", "SF1234567890") is None
