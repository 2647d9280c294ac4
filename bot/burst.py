"""Joins what a shopper sends in pieces ("在吗" "我的快递" "怎么还没到") into one request.

A complete request is answered at once. A bare greeting or a fragment is held back for a moment, longer while the
shopper goes on typing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ledger import Entry, Turn

FRAGMENT_MS = 800
"""How long a greeting or fragment waits for more."""
TYPING_MS = 1_500
"""A typing signal is believed for so long; clients repeat it every second."""
LONGEST_MS = 5_000
"""Nobody is kept waiting longer than this, however long they type."""
LONGEST_TEXT = 2_000
"""As many characters go into one turn as one message may have: the cost of reading grows faster than a text does."""
LONG_ENOUGH = 12
"""A Chinese text of so many characters is a request; an English one of a third as many words."""

GREETING = re.compile(
    r"(?:在吗|在么|在不在|在不|在嘛|有人吗|有人在吗|有人么|你好|您好|哈喽|哈罗|嗨|喂|早|早上好|上午好|中午好|下午好|晚上好|客服|小助手|亲(?:爱的)?"
    r"|hi|hello|hey|hiya|anyone there|anybody there|are you there|good morning|good afternoon|good evening)+[啊呀哦哈么吗呢~]*",
    re.IGNORECASE,
)
SAYS_SOMETHING = re.compile(
    # Chinese: a question word, a predicate, a particle that ends a sentence, a wish
    r"[吗呢吧啊嘛么啦了没不哪咋谁几]|怎|什么|多少|多久|为啥|为何|何时|能否|是否|可以|能|要|想|帮|请|查|看|催|退|换|改|取消|转|找|投诉|谢|再见|算|好的|行|对|是的|嗯"
    # English: a verb or a question word
    r"|\b(?:where|what|when|why|how|who|which|can|could|do|does|did|is|are|was|has|have|will|would|want|need|help|cancel"
    r"|return|refund|change|track|check|talk|speak|thanks?|thank|bye|yes|no|ok|okay|stop|never)\b",
    re.IGNORECASE,
)
BREAKS_OFF = re.compile(r"(?:怎么?|咋|我想|我要|我的|请问)$")
"""How a sentence ends that goes on in the next message."""
DIGITS = re.compile(r"[0-90-9零一二三四五六七八九〇幺]{4,}")
ENDS = "。.?？!！…"


def trimmed(text: str) -> str:
    """The text without surrounding space, punctuation and emoji."""
    kept = [char if unicodedata.category(char)[0] in "LN" else " " for char in unicodedata.normalize("NFKC", text)]
    return " ".join("".join(kept).split())


def is_greeting(text: str) -> bool:
    """Nothing but a greeting or a call ("在吗", "hello??")."""
    words = trimmed(text).replace(" ", "")
    return bool(GREETING.fullmatch(words) or GREETING.fullmatch(trimmed(text)))


def is_complete(text: str) -> bool:
    """Whether a message can stand alone; what holds no letter or digit ("?", "😭") can."""
    bare = trimmed(text)
    if not bare:
        return True
    if is_greeting(text):
        return False
    if text.rstrip()[-1] in ENDS:
        return True
    if BREAKS_OFF.search(bare):
        return False
    if DIGITS.search(bare) or SAYS_SOMETHING.search(bare):
        return True
    return len(bare) >= LONG_ENOUGH if not bare.isascii() else len(bare.split()) >= LONG_ENOUGH // 3


def batch_of(turn: Turn) -> list[Entry]:
    """The messages that one turn answers: a chosen button alone, or the texts before the next button, not too long together.

    A turn that an earlier worker had begun holds just what that one saw.
    """
    unread = [entry for entry in turn.unread if not turn.upto or _place(entry.id) <= _place(turn.upto)]
    if unread[0].payload is not None:
        return unread[:1]
    texts: list[Entry] = []
    length = 0
    for entry in unread:
        length += len(_text_of(entry))
        if entry.payload is not None or (texts and length > LONGEST_TEXT):
            break
        texts.append(entry)
    return texts


def wait_ms(turn: Turn) -> int:
    """How long to wait for more before the turn is answered; 0 when it is time."""
    batch = batch_of(turn)
    if turn.upto or len(batch) < len(turn.unread) or batch[0].payload is not None:
        return 0
    if is_complete(joined(batch)):
        return 0
    until = batch[-1].at_ms + FRAGMENT_MS
    if turn.typing_at_ms:
        until = max(until, turn.typing_at_ms + TYPING_MS)
    return max(0, min(until, batch[0].at_ms + LONGEST_MS) - turn.now_ms)


def joined(batch: Sequence[Entry]) -> str:
    """One text out of a burst; greetings are left out once something else is said."""
    texts = [_text_of(entry).strip() for entry in batch]
    said = [text for text in texts if not is_greeting(text)] or texts[:1]
    if all(text.isascii() for text in said):
        return " ".join(said)
    return "".join(f"{text}," if not BREAKS_OFF.search(trimmed(text)) else text for text in said[:-1]) + said[-1]


def _text_of(entry: Entry) -> str:
    return str(entry.body.get("text", ""))


def _place(entry_id: str) -> tuple[int, int]:
    ms, _, n = entry_id.partition("-")
    return int(ms), int(n)
