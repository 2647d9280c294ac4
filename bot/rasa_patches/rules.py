"""RulePolicy looks for the rules that fit through an index, reads the last few states only, and formats nothing for the log.

A rule looks back as many states as it has; no older state can decide about any. Which of a conversation's states is asked for by
which rule is the same as in stock Rasa, only those that cannot fit are left out beforehand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

from bot.rasa_patches.last_states import last_states
from bot.rasa_patches.patch import Patch

Kind = tuple[str | None, str | None]
"""The action before a rule's last state and the intent in it, where it names one."""


class Index(NamedTuple):
    """A lookup's rules by what their last state asks for, and how many states the longest of them has."""

    by_kind: dict[Kind, tuple[str, ...]]
    longest: int
    needs_intent: bool
    """Whether each rule that ends after the bot has listened asks for an intent, so that none can fit a mere text."""


def _kind(state: State) -> Kind:
    asked = (state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME), state.get(USER, {}).get(INTENT))
    action, intent = (one if isinstance(one, str) and one != SHOULD_NOT_BE_SET else None for one in asked)
    return action, intent


def _index_of(lookup: dict[str, str]) -> Index:
    by_kind: dict[Kind, list[str]] = {}
    longest, needs_intent = 0, True
    for key in lookup:
        states = json.loads(key)
        kind = _kind(states[-1])
        by_kind.setdefault(kind, []).append(key)
        longest = max(longest, len(states))
        needs_intent = needs_intent and (kind[0] not in (ACTION_LISTEN_NAME, None) or kind[1] is not None)
    return Index({kind: tuple(keys) for kind, keys in by_kind.items()}, longest, needs_intent)


def _index(policy: RulePolicy, lookup: dict[str, str]) -> Index:
    """Made once for each lookup of a loaded policy; training, which goes on changing them, has none."""
    made: dict[int, tuple[dict[str, str], int, Index]] = policy.__dict__.setdefault("_indexes", {})
    known = made.get(id(lookup))
    if known is None or known[0] is not lookup or known[1] != len(lookup):
        known = made[id(lookup)] = (lookup, len(lookup), _index_of(lookup))
    return known[2]


def get_possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    """The rules that fit. Stock Rasa asks each rule about each state of the conversation."""
    keys: Iterable[str] = lookup
    if states and states[-1].get(PREVIOUS_ACTION):
        index, (action, intent) = _index(self, lookup).by_kind, _kind(states[-1])
        kinds = {(action, intent), (action, None), (None, intent), (None, None)}
        keys = [key for kind in kinds for key in index.get(kind, ())]
    for turn, state in enumerate(reversed(states)):
        keys = [key for key in keys if self._is_rule_applicable(key, turn, state)]
        if not keys:
            break
    return set(keys)


def prediction_states(
    self: RulePolicy,
    tracker: DialogueStateTracker,
    domain: Domain,
    use_text_for_last_user_input: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[State]:
    """The states of a conversation, as far back as a rule may look and one more. Stock Rasa makes those of all its past."""
    longest = max(_index(self, self.lookup.get(name, {})).longest for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH))
    states = last_states(tracker, domain, longest + 1)
    self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
    return states


def find_action_from_rules(
    self: RulePolicy, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
) -> tuple[str | None, str | None, bool]:
    """The next action by the rules. Where none asks for a text, the look for one that fits the mere text is spared."""
    if use_text_for_last_user_input and all(
        _index(self, self.lookup.get(name, {})).needs_intent for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)
    ):
        return None, None, False
    return _stock_find(self, tracker, domain, use_text_for_last_user_input)


def format_nothing(states: list[dict[str, Any]]) -> str:
    """Nothing: what stock Rasa formats for each prediction is for a debug line, which is not written."""
    return ""


_stock_find = RulePolicy._find_action_from_rules
PATCHES = (
    Patch(
        RulePolicy, "_get_possible_keys", "f81907adf0fea37d", get_possible_keys,
        "rules are looked up by the last action and the intent", reads=(RulePolicy,),
    ),
    Patch(
        RulePolicy, "_prediction_states", "045e6c1840e78d02", prediction_states,
        "only the states that a rule can ask about are made", reads=(
            TrackerFeaturizer, Domain.states_for_tracker_history, DialogueStateTracker.generate_all_prior_trackers,
        ),
    ),
    Patch(
        RulePolicy, "_find_action_from_rules", "be6da6ee0f5429bd", find_action_from_rules,
        "where no rule asks for a text, none is looked for",
    ),
    Patch(
        RulePolicy, "format_tracker_states", "32b101cb34fd1c32", staticmethod(format_nothing),
        "states are not formatted for a debug line",
    ),
)  # fmt: skip
