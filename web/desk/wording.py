"""What the desk itself says to agents, in Chinese and English: one sentence for each error code."""

from __future__ import annotations

ERRORS: dict[str, dict[str, str]] = {
    "zh": {
        "bad_frame": "请求的格式不正确。",
        "too_long": "内容太长了，请缩短后再试。",
        "empty": "内容是空的，请填写后再提交。",
        "bad_image": "无法读取这张图片，请换一张 JPEG、PNG 或 WebP 图片。",
        "bad_login": "用户名或密码不正确。",
        "locked": "密码错误次数过多，请过一会儿再登录。",
        "unauthorized": "您还没有登录，或登录已过期，请重新登录。",
        "weak_password": "这个密码太容易被猜到：至少 10 个字符，不能包含用户名，也不能与原密码相同。",
        "forbidden": "您的角色没有权限进行此操作。",
        "forbidden_origin": "这个网页没有权限使用此服务。",
        "not_found": "没有找到您要的内容。",
        "exists": "这个名称已经被使用了。",
        "not_yours": "这个会话现在不由您接待。",
        "taken": "这个会话已被其他同事接待，或邀请已失效。",
        "unknown_target": "没有这个技能组或同事，请重新选择。",
        "too_late": "会话结束已超过 24 小时，不能重新打开。",
        "rate_limited": "操作太快了，请稍等几秒再试。",
        "shop_unavailable": "商城系统暂时没有响应，订单信息请稍后再试。",
        "order_not_found": "没有找到这个单号，或它不属于这位顾客。",
        "unavailable": "服务暂时不可用，请稍后再试。",
    },
    "en": {
        "bad_frame": "The request is not in the right form.",
        "too_long": "That is too long. Please shorten it and try again.",
        "empty": "There is nothing in it. Please fill it in first.",
        "bad_image": "This picture cannot be read. Please choose a JPEG, PNG or WebP picture.",
        "bad_login": "The user name or the password is wrong.",
        "locked": "There were too many wrong passwords. Please wait a while before you sign in again.",
        "unauthorized": "You are not signed in, or no longer. Please sign in again.",
        "weak_password": "This password is too easy to guess: use at least 10 characters, without the user name, "
        "and not the old password.",
        "forbidden": "Your role does not allow this.",
        "forbidden_origin": "This page may not use this service.",
        "not_found": "This was not found.",
        "exists": "This name is in use already.",
        "not_yours": "You are not serving this conversation now.",
        "taken": "A colleague has taken this conversation, or the offer is over.",
        "unknown_target": "There is no such skill or colleague. Please choose again.",
        "too_late": "This was closed more than 24 hours ago and cannot be opened again.",
        "rate_limited": "That was too fast. Please wait a few seconds and try again.",
        "shop_unavailable": "The shop does not answer at the moment. Please try the order again shortly.",
        "order_not_found": "There is no such number, or it is not this shopper's.",
        "unavailable": "The service is not available at the moment. Please try again shortly.",
    },
}


def known(lang: str) -> str:
    """The language to answer in: the one asked for, or Chinese."""
    return lang if lang in ERRORS else "zh"


def error_text(code: str, lang: str) -> str:
    """The sentence for an error code."""
    return ERRORS[known(lang)][code]
