"""What the door itself says, in Chinese and English: errors, and the sentences that tell a change of mode."""

from __future__ import annotations

ERRORS: dict[str, dict[str, str]] = {
    "zh": {
        "bad_frame": "请求的格式不正确。",
        "too_long": "内容太长了，一条消息最多 2000 个字，请分几条发送。",
        "empty": "消息是空的，请输入内容后再发送。",
        "unknown_choice": "这个选项不可用，请重新选择。",
        "rate_limited": "操作太快了，请稍等几秒再试。",
        "unauthorized": "会话无效，请重新打开聊天窗口。",
        "session_expired": "会话已过期，请重新打开聊天窗口。",
        "bad_identity": "登录信息未能通过验证，请在商城重新登录后再试。",
        "forbidden_origin": "这个网页没有权限使用此服务。",
        "not_found": "没有这个地址。",
        "unavailable": "服务暂时不可用，请稍后再试。",
    },
    "en": {
        "bad_frame": "The request is not in the right form.",
        "too_long": "That is too long: a message can have up to 2,000 characters. Please send it in parts.",
        "empty": "The message is empty. Please write something first.",
        "unknown_choice": "This option is not available. Please choose again.",
        "rate_limited": "That was too fast. Please wait a few seconds and try again.",
        "unauthorized": "This session is not valid. Please open the chat again.",
        "session_expired": "This session has expired. Please open the chat again.",
        "bad_identity": "We could not verify your sign-in. Please sign in to the shop again.",
        "forbidden_origin": "This page may not use this service.",
        "not_found": "There is no such address.",
        "unavailable": "The service is not available at the moment. Please try again shortly.",
    },
}

MODES: dict[str, dict[str, str]] = {
    "zh": {
        "queued": "已为您转接人工客服，正在排队。您可以继续留言，客服接入后会看到。",
        "agent_vanished": "客服的连接中断了，正在为您寻找另一位客服，您的排队位置已保留。",
        "transferred": "正在为您转接到更合适的客服，请稍候，您的排队位置已保留。",
        "joined": "客服 {name} 已接入。",
        "joined_unnamed": "客服已接入。",
        "back": "智能助手继续为您服务。",
        "closed": "本次咨询已结束。如有需要，直接发送消息即可继续。",
    },
    "en": {
        "queued": "You are in the queue for a member of our team. Keep writing: they will see it when they join.",
        "agent_vanished": "We lost your agent and are looking for another one. Your place in the queue is kept.",
        "transferred": "We are passing you on to a colleague who can help you better. Your place in the queue is kept.",
        "joined": "{name} has joined the chat.",
        "joined_unnamed": "An agent has joined the chat.",
        "back": "The assistant continues to help you.",
        "closed": "This chat has ended. Just send a message if you need anything else.",
    },
}

BACK_TO_BOT_LABEL = {"zh": "不等了，继续问智能助手", "en": "Stop waiting, back to the assistant"}
ASKED_REASON = {"zh": "顾客点了“转人工”", "en": "The shopper asked for a person"}


def known(lang: str) -> str:
    """The language to answer in: the one asked for, or Chinese."""
    return lang if lang in ERRORS else "zh"


def error_text(code: str, lang: str) -> str:
    """The sentence for an error code."""
    return ERRORS[known(lang)][code]


def mode_text(change: str, lang: str, name: str | None = None) -> str:
    """The sentence for a change of mode; `name` is the agent's."""
    if change == "joined" and not name:
        change = "joined_unnamed"
    return MODES[known(lang)][change].replace("{name}", name or "")


def preferred_lang(accept_language: str | None) -> str:
    """`zh` or `en`, whichever an `Accept-Language` (RFC 9110, 12.5.4) puts first; Chinese when it names neither."""
    ranked: list[tuple[float, str]] = []
    for part in (accept_language or "").split(","):
        tag, _, weight = part.strip().partition(";")
        lang = tag.strip().lower().split("-")[0]
        if lang in ERRORS:
            ranked.append((_weight(weight), lang))
    best = max(ranked, key=lambda item: item[0], default=(0.0, "zh"))
    return best[1] if best[0] > 0 else "zh"


def _weight(text: str) -> float:
    name, _, number = text.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(number)
    except ValueError:
        return 0.0
