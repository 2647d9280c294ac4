"""Decides whether a person should take over, and says why in words that an agent can read. Pure: exchanges in, decision out.

Each rule looks at the shopper's latest message in the light of what came before it. All rules that hold are named; the one with
the highest priority names the handoff. The same exchanges give the same decision.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from bot.components.anger import carried
from bot.components.yaml_lines import YamlLines

LISTS = frozenset(
    {"asks_person", "rejected", "complaint", "authority", "asked_before", "answer_unsure", "answer_failed"}
)
PERSON, COMPLAINT, AGREED = "human_agent", "complaint", "ask_agreed"
ANNOYED, ANGRY = 1, 2
CLOSING = frozenset({"thanks", "ack", "affirm", "goodbye", "stop", "greet", "feedback"})
"""What shoppers say who need nothing more."""
HANDLED = frozenset({"stop", "another_order", "deny"})
"""A no that the dialogue itself knows what to do with."""
GIVES_DETAILS = frozenset(
    {"provide_order_details", "correct_number", "choose_order", "dont_know_number", "phone_question", "try_again"}
)
"""Answers to a question of the bot's: saying them again is no repeated question."""
LASTING = frozenset({"asked", "angry", "rejected"})
"""Rules that still hold a message later, when nobody took over (as in transcripts of other bots)."""
UNCLEAR = "nlu_fallback"
SHOWN = 3
ASKED_BACK, ADMITTED = 0.5, 1.0
SAME_ANSWER = 0.9
_NO_WORD = re.compile(r"[^\w]|_")
_FILLERS = re.compile(
    r"请问|你好|您好|在吗|亲|麻烦|帮我|我想|一下|到底|怎么还|怎么|什么时候|[我你您们的了吗呢啊呀吧哦嘛么就都还又再]"
)


class EscalationFileError(ValueError):
    """The lists cannot be used; the sentence names the line."""

    code = "escalation_file"


@dataclass(frozen=True)
class Thresholds:
    """When a rule holds. `unclear` messages in a row (one that was asked back counts half), the `same_question` so many times.

    The last four are probabilities of what was learnt from examples.
    """

    unclear: float = 2.0
    same_question: int = 3
    alike: float = 0.5
    mood: float = 3.0
    rejected: float = 0.6
    authority: float = 0.4
    complaint: float = 0.5
    person: float = 0.4


@dataclass(frozen=True)
class Exchange:
    """A message of the shopper's, how it was read, and what was answered to it (nothing yet, for the latest).

    `text` is the plain form in lower case of what was `said`; `anger` is 0 to 2 and `score` its weight. `unsure` and `failed` are
    about the answer: 0.5 when it asked back, 1 when it admitted that it did not understand; whether it could not be done. `person`
    is the probability that a person is asked for, `in_task` whether the message may answer a question of the bot's about something under
    way, `likely` the likeliest intent (`intent` may be unsettled), `details` whether the
    message holds a number that was asked for, `signals` the learnt ones with their evidence.
    """

    text: str
    intent: str = ""
    anger: int = 0
    score: float = 0.0
    evidence: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    unsure: float = 0.0
    failed: bool = False
    typed: bool = True
    said: str = ""
    details: bool = False
    in_task: bool = False
    likely: str = ""
    person: float = 0.0
    signals: Mapping[str, tuple[float, tuple[str, ...]]] = field(default_factory=dict)

    @cached_property
    def pairs(self) -> frozenset[str]:
        """The pairs of characters by which messages are compared; they are looked at again with each later message."""
        return _pairs(self.text)


@dataclass(frozen=True)
class Finding:
    """One rule that holds: `score` is what it counted or weighed, `evidence` the shopper's own words."""

    rule: str
    reason: str
    priority: int
    score: float
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """A person should take over. `reason` names every rule that holds, the weightiest first."""

    rule: str
    reason: str
    priority: int
    score: float
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Phrases:
    """The lists of `data/escalation.yml`."""

    patterns: dict[str, re.Pattern[str]] = field(default_factory=dict)

    @classmethod
    def from_file(cls, path: Path) -> Phrases:
        """Reads the lists; EscalationFileError says what is wrong with them."""
        lines = YamlLines(path.name, EscalationFileError)
        root = lines.root(path.read_text(encoding="utf-8"))
        parts = lines.mapping(root, LISTS)
        if missing := sorted(LISTS - {name for name, _, _ in parts}):
            raise lines.wrong(root, f"{', '.join(missing)} is missing")
        return cls({name: lines.any_of(node) for name, _, node in parts})

    def found(self, name: str, text: str) -> tuple[str, ...]:
        """What of a list stands in a text, at most three finds."""
        finds = (match.group().strip(" ,。!?") for match in self.patterns[name].finditer(text))
        return tuple(dict.fromkeys(finds))[:SHOWN]


class Escalation:
    """The rules with their lists and thresholds."""

    def __init__(self, phrases: Phrases, thresholds: Thresholds) -> None:
        self.phrases, self._thresholds = phrases, thresholds
        self._rules: list[Callable[[Sequence[Exchange]], Iterator[Finding]]] = [
            self._asked,
            self._angry,
            self._complaint,
            self._authority,
            self._failed,
            self._rejected,
            self._unclear,
            self._asked_again,
            self._answered_again,
        ]

    def decide(self, exchanges: Sequence[Exchange]) -> Decision | None:
        """Whether a person should take over after the latest of the exchanges (oldest first)."""
        found = sorted(self._findings(exchanges), key=lambda one: -one.priority)
        if not found:
            return None
        first = found[0]
        evidence = tuple(dict.fromkeys(word for one in found for word in one.evidence))
        reason = "；".join(dict.fromkeys(one.reason for one in found))
        return Decision(first.rule, reason, first.priority, first.score, evidence)

    def _findings(self, exchanges: Sequence[Exchange]) -> list[Finding]:
        """What holds now; or else what held a message ago, when no person came and the shopper goes on."""
        found = [one for rule in self._rules for one in rule(exchanges)]
        if found or len(exchanges) < 2 or exchanges[-1].intent in CLOSING:
            return found
        before = [one for rule in self._rules for one in rule(exchanges[:-1])]
        return [replace(one, reason=f"上一句就该转人工: {one.reason}") for one in before if one.rule in LASTING]

    def _asked(self, exchanges: Sequence[Exchange]) -> Iterator[Finding]:
        latest = exchanges[-1]
        words = self.phrases.found("asks_person", latest.text)
        if latest.intent == PERSON or latest.person >= self._thresholds.person or words:
            let_down = any(one.failed or one.unsure >= ADMITTED for one in exchanges[:-1])
            evidence = (latest.said or latest.text,) if latest.typed else ()
            yield Finding("asked", "顾客要求人工", 5 if let_down else 3, 1.0, evidence)

    def _angry(self, exchanges: Sequence[Exchange]) -> Iterator[Finding]:
        latest = exchanges[-1]
        if latest.anger == ANGRY:
            yield Finding("angry", f"生气: {', '.join(latest.evidence)}", 8, latest.score, latest.evidence)
        elif latest.anger == ANNOYED and (mood := mood_of(exchanges)) >= self._thresholds.mood:
            words = tuple(dict.fromkeys(word for one in exchanges[-SHOWN:] for word in one.evidence))
            yield Finding("angry", f"越来越不满: {', '.join(words)}", 7, mood, words)

    def _complaint(self, exchanges: Sequence[Exchange]) -> Iterator[Finding]:
        """Means to complain; or goes on complaining, not calmly, after an answer."""
        latest = exchanges[-1]
        score, evidence = latest.signals.get("annoyed", (0.0, ()))
        goes_on = latest.intent == COMPLAINT and any(one.answers for one in exchanges[:-1])
        found = self.phrases.found("complaint", latest.text)
        if not found and goes_on and (latest.anger or score >= self._thresholds.complaint):
            found = latest.evidence or evidence or (latest.text,)
        if found:
            yield Finding("complaint", f"投诉: {', '.join(found)}", 7, 1.0, found)

    def _authority(self, exchanges: Sequence[Exchange]) -> Iterator[Finding]:
        latest = exchanges[-1]
        found = self.phrases.found("authority", latest.text) if latest.in_task else self._signalled("authority", latest)
        if latest.intent not in (PERSON, AGREED) and found:
            yield Finding("authority", f"需要人工决定: {', '.join(found)}", 6, 1.0, found)

    def _failed(self, exchanges: Sequence[Exchange]) -> Iterator[Finding]:
        """It failed again, or the shopper does not put up with the first failure; a calm first try again is let through."""
        latest, failures = exchanges[-1], sum(one.failed for one in exchanges)
        if len(exchanges) < 2 or not exchanges[-2].failed or latest.intent in CLOSING or not latest.typed:
            return
        if failures > 1 or latest.anger or (latest.intent == UNCLEAR and not latest.details):
            yield Finding("failed", f"操作失败后仍未解决（{failures} 次）", 6, float(failures))

    def _rejected(self, exchanges: Sequence[Exchange]) -> Iterator[Finding]:
        latest = exchanges[-1]
        if latest.details or latest.in_task or latest.intent in GIVES_DETAILS | HANDLED | CLOSING | {AGREED}:
            return
        found = self._signalled("rejected", latest)
        if found and any(one.answers for one in exchanges[:-1]):
            yield Finding("rejected", f"不接受机器人的答复: {', '.join(found)}", 5, 1.0, found)

    def _signalled(self, name: str, latest: Exchange) -> tuple[str, ...]:
        """What shows a signal: finds of the list of its name, or the words that weighed most in what was learnt."""
        score, evidence = latest.signals.get(name, (0.0, ()))
        learnt = (evidence or (latest.text,)) if score >= getattr(self._thresholds, name) else ()
        return self.phrases.found(name, latest.text) or learnt

    def _unclear(self, exchanges: Sequence[Exchange]) -> Iterator[Finding]:
        latest = exchanges[-1]
        if latest.details or latest.intent in CLOSING:
            return
        total, times = latest.unsure, int(latest.unsure > 0)
        for one in reversed(exchanges[:-1]):
            if not one.answers:
                continue
            if not one.unsure:
                break
            total += one.unsure
            times += 1
        if total >= self._thresholds.unclear:
            yield Finding("unclear", f"第{_chinese(times)}次没听懂", 4, total, (latest.text,))

    def _asked_again(self, exchanges: Sequence[Exchange]) -> Iterator[Finding]:
        latest = exchanges[-1]
        if latest.details or latest.intent in CLOSING | GIVES_DETAILS or not latest.typed:
            return
        earlier = [one for one in exchanges[:-1] if self._same(one, latest)]
        times = 1 + len(earlier)
        says_so = self.phrases.found("asked_before", latest.text)
        if times >= self._thresholds.same_question:
            yield Finding("asked_again", f"同一问题第{_chinese(times)}次问", 5, float(times), (latest.text,))
        elif times > 1 and (says_so or latest.anger):
            yield Finding("asked_again", f"同一问题第{_chinese(times)}次问", 5, float(times), says_so or (latest.text,))

    def _same(self, one: Exchange, other: Exchange) -> bool:
        """Whether two messages ask the same; a like intent lets them differ more in their words."""
        if one.intent in CLOSING | GIVES_DETAILS or not one.answers:
            return False
        enough = self._thresholds.alike
        intent = one.likely or one.intent
        if intent == (other.likely or other.intent) and intent not in ("", UNCLEAR, "out_of_scope"):
            enough *= 0.5
        return _alike(one.pairs, other.pairs) >= enough

    def _answered_again(self, exchanges: Sequence[Exchange]) -> Iterator[Finding]:
        """The bot said the same twice running, and the shopper minds or asks once more."""
        latest, before = exchanges[-1], [one.answers[-1] for one in exchanges[:-1] if one.answers]
        if latest.details or latest.intent in CLOSING | GIVES_DETAILS or len(before) < 2 or not latest.typed:
            return
        minds = latest.anger or any(self._same(one, latest) for one in exchanges[:-1])
        if minds and _alike(_pairs(before[-2]), _pairs(before[-1])) >= SAME_ANSWER:
            yield Finding("answered_again", "机器人重复了同样的答复", 5, 2.0, (latest.text,))


def mood_of(exchanges: Sequence[Exchange]) -> float:
    """The mood after the latest exchange: scores carried over with decay (see `anger.carried`)."""
    mood = 0.0
    for one in exchanges:
        mood = carried(mood, one.score)
    return mood


def plain_text(text: str) -> str:
    """The form that the lists are looked for in, of a text that no normaliser has seen (an answer)."""
    return unicodedata.normalize("NFKC", text).lower()


def _alike(pairs: frozenset[str], others: frozenset[str]) -> float:
    """Shared pairs of characters (Dice), 0 to 1."""
    return 2 * len(pairs & others) / (len(pairs) + len(others))


def _pairs(text: str) -> frozenset[str]:
    """The pairs of characters in what a text says, without politeness and filling words."""
    core = _FILLERS.sub("", _NO_WORD.sub("", text)) or text
    return frozenset(core[at : at + 2] for at in range(max(1, len(core) - 1)))


def _chinese(number: int) -> str:
    return "零一二三四五六七八九十"[number] if number <= 10 else str(number)
