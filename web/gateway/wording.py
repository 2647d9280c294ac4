"""What the door itself says, in Chinese and English: errors, and the sentences that tell a change of mode."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

ERRORS: dict[str, dict[str, str]] = {
    "zh": {
        "bad_frame": "请求的格式不正确。",
        "too_long": "内容太大了：一条消息最多 2000 个字，一张图片最多 8 MB。",
        "empty": "消息是空的，请输入内容后再发送。",
        "unknown_choice": "这个选项不可用，请重新选择。",
        "bad_image": "这张图片无法使用，请换一张 JPEG、PNG 或 WebP 图片。",
        "too_many": "本次会话的图片已达上限，无法继续发送图片。",
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
        "too_long": "That is too large: a message can have up to 2,000 characters, a picture up to 8 MB.",
        "empty": "The message is empty. Please write something first.",
        "unknown_choice": "This option is not available. Please choose again.",
        "bad_image": "This picture cannot be used. Please choose another one (JPEG, PNG or WebP).",
        "too_many": "This chat holds as many pictures as it can. Please describe it in words.",
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
        "agent_offline": "刚才的客服暂时离开了，正在为您安排另一位客服，您的排队位置已保留。",
        "transferred": "正在为您转接到更合适的客服，请稍候，您的排队位置已保留。",
        "joined": "客服 {name} 已接入。",
        "joined_unnamed": "客服已接入。",
        "taken_over": "接下来由客服 {name} 为您服务。",
        "taken_over_unnamed": "接下来由另一位客服为您服务。",
        "rejoined": "客服 {name} 重新接入。",
        "rejoined_unnamed": "客服重新接入。",
        "back": "智能助手继续为您服务。",
        "handed_back": "客服 {name} 的服务到此结束，接下来由智能助手继续为您服务，需要时可以随时再转人工。",
        "handed_back_unnamed": "客服的服务到此结束，接下来由智能助手继续为您服务，需要时可以随时再转人工。",
        "closed": "本次咨询已结束。如有需要，直接发送消息即可继续。",
        "closed_by_agent": "客服 {name} 已结束本次咨询。如有需要，直接发送消息即可继续。",
        "closed_by_agent_unnamed": "客服已结束本次咨询。如有需要，直接发送消息即可继续。",
    },
    "en": {
        "queued": "You are in the queue for a member of our team. Keep writing: they will see it when they join.",
        "agent_vanished": "We lost your agent and are looking for another one. Your place in the queue is kept.",
        "agent_offline": "Your agent had to leave, and we are finding you another one. Your place in the queue is kept.",
        "transferred": "We are passing you on to a colleague who can help you better. Your place in the queue is kept.",
        "joined": "{name} has joined the chat.",
        "joined_unnamed": "An agent has joined the chat.",
        "taken_over": "{name} is helping you from here on.",
        "taken_over_unnamed": "Another agent is helping you from here on.",
        "rejoined": "{name} is back in the chat.",
        "rejoined_unnamed": "An agent is back in the chat.",
        "back": "The assistant continues to help you.",
        "handed_back": "{name} has left the chat. The assistant continues to help you; you can ask for a person at any time.",
        "handed_back_unnamed": "The agent has left the chat. The assistant continues to help you; "
        "you can ask for a person at any time.",
        "closed": "This chat has ended. Just send a message if you need anything else.",
        "closed_by_agent": "{name} has ended this chat. Just send a message if you need anything else.",
        "closed_by_agent_unnamed": "The agent has ended this chat. Just send a message if you need anything else.",
    },
}

NOTICES: dict[str, dict[str, str]] = {
    "zh": {
        "away": "现在没有客服在线。您可以留言并留下联系方式，客服上班后会第一时间回复您。",
        "away_until": "现在没有客服在线，客服将于 {month}月{day}日 {time}（北京时间）上班。"
        "您可以留言并留下联系方式，上班后会第一时间回复您。",
        "back": "客服已上线，正在按顺序为您接入。",
    },
    "en": {
        "away": "No agent is online right now. Leave a message and how to reach you, and we will answer first thing "
        "when we are back.",
        "away_until": "No agent is online right now. We are back on {day} {name} at {time} (China time). "
        "Leave a message and how to reach you, and we will answer first thing then.",
        "back": "Our agents are online again and are joining the chats in order.",
    },
}
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
CHINA = timezone(timedelta(hours=8))
"""The log is read at any time and from anywhere: a notice names day, hour and whose clock. No daylight saving since 1991."""

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
    sentences = MODES[known(lang)]
    if not name and f"{change}_unnamed" in sentences:
        change = f"{change}_unnamed"
    return sentences[change].replace("{name}", name or "")


def notice_text(notice: object, lang: str, back_at: object = None) -> str | None:
    """The sentence for a notice, None for one that is not known; `back_at` (ISO 8601) is when somebody will be there."""
    sentences = NOTICES[known(lang)]
    moment = _moment(back_at)
    if notice == "away" and moment is not None:
        named = {"month": moment.month, "day": moment.day, "name": MONTHS[moment.month - 1]}
        return sentences["away_until"].format(time=f"{moment:%H:%M}", **named)
    return sentences.get(str(notice)) if notice in ("away", "back") else None


def _moment(at: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(at))
    except ValueError:
        return None
    return moment.astimezone(CHINA) if moment.tzinfo else None
