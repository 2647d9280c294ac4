"""The likeliest action of a prediction is looked for once, not at each of twenty questions about it."""

from __future__ import annotations

from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.policy import PolicyPrediction

from bot.rasa_patches.patch import Patch


def max_confidence(self: PolicyPrediction) -> float:
    """The highest score. Of a prediction's scores Rasa only ever sets one to nought, so a highest that still stands is it."""
    place, score = self.__dict__.get("_likeliest", (0, -1.0))
    if score < 0 or self.probabilities[place] != score:
        score = max(self.probabilities, default=0.0)
        place = self.probabilities.index(score) if self.probabilities else 0
        self.__dict__["_likeliest"] = (place, score)
    return float(score)


def max_confidence_index(self: PolicyPrediction) -> int:
    """Where the highest score stands, the first of several."""
    if not self.probabilities:
        return self.probabilities.index(max_confidence(self))
    max_confidence(self)
    place: int = self.__dict__["_likeliest"][0]
    return place


PATCHES = tuple(
    Patch(
        PolicyPrediction, name, "a0ed479f38fa73ff", property(made), "the likeliest action is looked for once",
        reads=(PolicyPrediction, DefaultPolicyPredictionEnsemble),
    )
    for name, made in (("max_confidence", max_confidence), ("max_confidence_index", max_confidence_index))
)  # fmt: skip
