"""The likeliest of 568 actions is known from where its score was set, instead of being looked for some seven times in a turn."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.shared.core.domain import Domain

from bot.rasa_patches.patch import Patch


class Scores(list[float]):
    """A score for each action, all nought at first. `likeliest` is the place of the highest, the first of several; None when unknown."""

    likeliest: int | None = 0

    def __setitem__(self, place: Any, score: Any) -> None:
        best = self.likeliest
        if type(place) is not int or place < 0:
            self.likeliest = None
        elif best == place:
            self.likeliest = place if score >= self[place] else None
        elif best is not None and (score > self[best] or (score == self[best] and place < best)):
            self.likeliest = place
        super().__setitem__(place, score)


def default_predictions(self: Policy, domain: Domain) -> list[float]:
    """Nought for each action."""
    return Scores([0.0] * domain.num_actions)


def likeliest(self: PolicyPrediction) -> int:
    """Where the highest score stands, the first of several."""
    scores = self.probabilities
    known = scores.likeliest if isinstance(scores, Scores) else None
    return known if known is not None else int(scores.index(max(scores, default=0.0)))


def max_confidence(self: PolicyPrediction) -> float:
    """The highest score."""
    return float(self.probabilities[likeliest(self)]) if self.probabilities else 0.0


def index_for_action(self: Domain, action_name: str) -> int:
    """An action's place. Stock Rasa looks through all of them."""
    places: dict[str, int] | None = self.__dict__.get("_places")
    if places is None:
        names = self.action_names_or_texts
        places = self.__dict__["_places"] = {name: names.index(name) for name in names}
    place = places.get(action_name)
    return int(_stock_place(self, action_name)) if place is None else place


_stock_place = Domain.index_for_action
PATCHES = (
    *(
        Patch(
            PolicyPrediction, name, "a0ed479f38fa73ff", property(made), "the likeliest action is known",
            reads=(PolicyPrediction, DefaultPolicyPredictionEnsemble),
        )
        for name, made in (("max_confidence", max_confidence), ("max_confidence_index", likeliest))
    ),
    Patch(
        Policy, "_default_predictions", "2b22ab7cc6a86e90", default_predictions, "scores know which of them is the highest",
    ),
    Patch(
        Domain, "index_for_action", "3cfe291c52c2b6b8", index_for_action, "an action's place is looked up",
    ),
)  # fmt: skip
