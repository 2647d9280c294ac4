"""The policy that hands a conversation to a person: it stands above RulePolicy and looks at each message once.

What it decides by is in `escalation_rules.py`, the word lists are in `data/escalation.yml`, the thresholds in `config.yml`. It stores
nothing: the exchanges, and the mood with them, come from the tracker.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, fields, replace
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import escalation_rules
from bot.components import anger
from bot.components.normaliser import normalise, simplified_characters
from bot.components.signals import SIGNALS
from bot.components.sources import PROJECT, fingerprint_of
from bot.escalation_rules import (
    ADMITTED,
    ASKED_BACK,
    PERSON,
    UNCLEAR,
    Decision,
    Escalation,
    Exchange,
    Phrases,
    Thresholds,
)

HANDOFF = "action_handoff"
AGREED = "agreed"
"""The slot that is set when a person hands the conversation back."""
SLOT = "escalation"
"""Where the decision waits for the action: `{"rule", "reason", "priority", "score", "evidence"}`."""
UNSURE_BY = {"utter_ask_back": ASKED_BACK, "utter_unsure": ADMITTED}
TASK_FORM = "task_form"
"""While it is open, what sounds like turning an answer down is mostly an answer: 都找遍了没有."""
DETAILS = frozenset({"order_number", "phone_tail"})
FAILED_BY = frozenset({"utter_action_failed", "utter_shop_unavailable", "utter_task_not_done", "utter_task_uncertain"})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class EscalationPolicy(Policy):
    """Predicts `action_handoff` where a rule holds, and waits for the shopper after one."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> None:
        super().__init__(config, model_storage, resource, execution_context, **kwargs)
        self._escalation = escalation_of(config)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings with their defaults; `priority` must be above that of RulePolicy, which is 6."""
        return {"priority": 7, "phrases": "data/escalation.yml", **asdict(Thresholds())}

    @staticmethod
    def supported_data() -> SupportedData:
        """It learns from nothing."""
        return SupportedData.ML_AND_RULE_DATA

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The rules and the word lists."""
        phrases = PROJECT / {**cls.get_default_config(), **config}["phrases"]
        return fingerprint_of([sys.modules[__name__], escalation_rules, anger], [phrases])

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EscalationPolicy:
        """There is nothing to load but the settings."""
        return cls(config, model_storage, resource, execution_context)

    def train(self, *args: Any, **kwargs: Any) -> Resource:
        """Learns nothing."""
        return self._resource

    def predict_action_probabilities(
        self, tracker: DialogueStateTracker, domain: Domain, *args: Any, **kwargs: Any
    ) -> PolicyPrediction:
        """The handoff with its reasons, or nothing that would win over another policy."""
        if tracker.latest_action_name == HANDOFF:
            return self._certain(ACTION_LISTEN_NAME, domain)
        exchanges = exchanges_of(tracker) if tracker.latest_action_name == ACTION_LISTEN_NAME else []
        decision = self._decided(exchanges, tracker.latest_message) if exchanges else None
        if decision is None:
            return self._prediction(self._default_predictions(domain))
        return self._certain(HANDOFF, domain, [SlotSet(SLOT, slot_value(decision))])

    def _decided(self, exchanges: list[Exchange], message: UserUttered | None) -> Decision | None:
        """The decision, made once for a message: a form that turns it down has the next action predicted again."""
        known = message.__dict__.get("_decision") if message else None
        if known is None or known[0] != len(exchanges) or known[1] is not exchanges[-1]:
            known = (len(exchanges), exchanges[-1], self._escalation.decide(exchanges))
            if message:
                message.__dict__["_decision"] = known
        decision: Decision | None = known[2]
        return decision

    def _certain(self, action: str, domain: Domain, events: list[Event] | None = None) -> PolicyPrediction:
        """A prediction that also wins inside a form, which counts as one without the shopper's words."""
        scores = self._default_predictions(domain)
        scores[domain.index_for_action(action)] = 1.0
        return self._prediction(scores, optional_events=events, is_no_user_prediction=True)


def escalation_of(config: dict[str, Any]) -> Escalation:
    """The rules with the settings of a policy."""
    settings = {**EscalationPolicy.get_default_config(), **config}
    thresholds = Thresholds(**{one.name: settings[one.name] for one in fields(Thresholds)})
    return Escalation(Phrases.from_file(PROJECT / settings["phrases"]), thresholds)


def slot_value(decision: Decision) -> dict[str, Any]:
    """A decision as JSON."""
    return {**asdict(decision), "evidence": list(decision.evidence)}


def exchanges_of(tracker: DialogueStateTracker) -> list[Exchange]:
    """The exchanges since the session began, a person was last asked for or handed it back, oldest first; none before a first message."""
    found: list[tuple[UserUttered, bool, list[BotUttered]]] = []
    loop: str | None = None
    for event in tracker.events:
        kind = type(event)  # isinstance would ask Python's machinery of abstract classes, for each event of the session
        if kind is ActiveLoop:
            loop = event.name
        elif kind is UserUttered:
            found.append((event, loop == TASK_FORM, []))
        elif kind is BotUttered and found:
            found[-1][2].append(event)
        elif _begins_anew(event):
            found.clear()
    return [_exchange_of(*one) for one in found]


def _begins_anew(event: Event) -> bool:
    if type(event) is ActionExecuted:
        return event.action_name in (HANDOFF, "action_session_start")
    return type(event) is SlotSet and event.key == AGREED


def _exchange_of(message: UserUttered, in_task: bool, answers: list[BotUttered]) -> Exchange:
    """A message and what was said to it. It stands at the message for as long as the worker has that at hand, and says no more."""
    was_in_task, answered, exchange = message.__dict__.get("_exchange") or (in_task, 0, None)
    if exchange is None or was_in_task != in_task or answered > len(answers):
        answered, exchange = 0, replace(exchange_of(message.parse_data), in_task=in_task)
    for answer in answers[answered:]:
        exchange = _answered(exchange, answer)
    message.__dict__["_exchange"] = (in_task, len(answers), exchange)
    return exchange


def exchange_of(parsed: Any) -> Exchange:
    """A message as it was read; `unsure` is what its answer will be if nothing else is decided."""
    text = parsed.get("text") or ""
    mood = parsed.get("anger") or {}
    intent = (parsed.get("intent") or {}).get("name") or ""
    unsure = (ASKED_BACK if len(parsed.get("readings") or []) > 1 else ADMITTED) if intent == UNCLEAR else 0.0
    return Exchange(
        text=normalise(text, simplified_characters()).text.lower(),
        intent=intent,
        anger=int(mood.get("level", 0)),
        score=float(mood.get("score", 0.0)),
        evidence=tuple(mood.get("evidence", ())),
        unsure=unsure,
        typed=not text.startswith("/"),
        said=text,
        likely=next((one["name"] for one in parsed.get("intent_ranking") or [] if one["name"] != UNCLEAR), intent),
        details=any(one["entity"] in DETAILS for one in parsed.get("entities") or []),
        person=next((one["confidence"] for one in parsed.get("intent_ranking") or [] if one["name"] == PERSON), 0.0),
        signals={name: (one["score"], tuple(one["evidence"])) for name, one in (parsed.get(SIGNALS) or {}).items()},
    )


def _answered(exchange: Exchange, event: BotUttered) -> Exchange:
    response = str((event.metadata or {}).get("utter_action"))
    return replace(
        exchange,
        answers=(*exchange.answers, event.text or ""),
        unsure=max(exchange.unsure, UNSURE_BY.get(response, 0.0)),
        failed=exchange.failed or response in FAILED_BY,
    )
