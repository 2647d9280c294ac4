"""How well messages are understood: figures over predictions, whoever made them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from bot.evaluation.rows import Utterance

OUT_OF_SCOPE = "out_of_scope"
NO_REQUESTS = frozenset({OUT_OF_SCOPE, "greeting", "thanks", "ack"})
BINS = 10


@dataclass(frozen=True)
class Prediction:
    """What the assistant took a message for.

    `confidence` is the reported one, `confident` whether it would answer, `offered` the labels that it would ask back with, `top`
    the three likeliest intents with their scores.
    """

    label: str
    confidence: float
    confident: bool
    offered: tuple[str, ...] = ()
    top: tuple[tuple[str, float], ...] = ()
    ms: float = 0.0


Pair = tuple[Utterance, Prediction]


@dataclass(frozen=True)
class IntentFigures:
    """Shares from 0 to 1; None where no row could be counted. `strict` is the label alone, everything else accepts `also`."""

    rows: int
    strict: float
    lenient: float
    macro_f1: float
    coverage: float
    confident_accuracy: float | None
    confidently_wrong: float
    offered: float | None
    ece: float
    ms: float
    out_of_scope_recall: float | None
    called_out_of_scope: float | None

    FIELDS = tuple("rows strict lenient macro_f1 coverage confident_accuracy confidently_wrong offered ece ms".split())


def figures(pairs: Sequence[Pair]) -> IntentFigures:
    """All figures of a file."""
    right = [gold.accepts(guess.label) for gold, guess in pairs]
    sure = [accepted for accepted, (_, guess) in zip(right, pairs, strict=True) if guess.confident]
    unsure = [pair for pair in pairs if not pair[1].confident]
    foreign = [guess.label == OUT_OF_SCOPE for gold, guess in pairs if gold.label == OUT_OF_SCOPE]
    requests = [
        (gold, guess) for gold, guess in pairs if gold.label not in NO_REQUESTS and not gold.accepts(OUT_OF_SCOPE)
    ]
    return IntentFigures(
        rows=len(pairs),
        strict=mean(gold.label == guess.label for gold, guess in pairs) or 0.0,
        lenient=mean(right) or 0.0,
        macro_f1=macro_f1(pairs),
        coverage=len(sure) / len(pairs),
        confident_accuracy=mean(sure),
        confidently_wrong=sure.count(False) / len(pairs),
        offered=mean(any(gold.accepts(label) for label in guess.offered) for gold, guess in unsure),
        ece=calibration_error([guess.confidence for _, guess in pairs], right),
        ms=median(guess.ms for _, guess in pairs),
        out_of_scope_recall=mean(foreign),
        called_out_of_scope=mean(guess.label == OUT_OF_SCOPE for _, guess in requests),
    )


def mean(values: Iterable[bool | float]) -> float | None:
    """The mean, or None of nothing."""
    counted = [float(value) for value in values]
    return sum(counted) / len(counted) if counted else None


def macro_f1(pairs: Sequence[Pair]) -> float:
    """The mean F1 over the labels that the file has."""
    found, gold = Counter(guess.label for _, guess in pairs), Counter(row.label for row, _ in pairs)
    hits = Counter(row.label for row, guess in pairs if row.label == guess.label)
    return sum(2 * hits[label] / (found[label] + gold[label]) for label in gold) / len(gold)


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error: |accuracy - mean confidence| of ten equally wide bins, weighted by their rows (Guo et al. 2017)."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, accepted in zip(confidences, right, strict=True):
        bins[min(int(confidence * BINS), BINS - 1)].append((confidence, accepted))
    gaps = (abs(sum(accepted for _, accepted in one) - sum(confidence for confidence, _ in one)) for one in bins)
    return sum(gaps) / len(confidences)


def confusions(pairs: Iterable[Pair]) -> Counter[tuple[str, str]]:
    """How often each label was taken for each other; an acceptable one counts as the right one."""
    taken = ((gold.label, gold.label if gold.accepts(guess.label) else guess.label) for gold, guess in pairs)
    return Counter(taken)
