"""Which queue a conversation belongs to: that of the topic it is about, or the one for complaints."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.base import intents_said
from actions.tasks import Task
from actions.topics import TOPICS

GENERAL, COMPLAINT = "general", "complaint"
SKILLS = (GENERAL, "orders", "logistics", "after_sales", "promotions", COMPLAINT)
COMPLAINT_RULES = frozenset({"angry", "complaint", "authority"})
"""The rules of the escalation policy after which somebody who settles complaints is needed, whatever it is about."""

INTENTS_OF_SKILL = {
    "orders": """order_status order_missing order_cancelled order_change ordering_help another_order cancel_order change_address
                 invoice payment_issue payment_methods credit_pay gift_card""",
    "logistics": "logistics hurry delivery_problem delivery_options delivery_time shipping_fee",
    "after_sales": """return_policy return_request return_logistics check_returnable after_sales_progress refund_status refund_terms
                      exchange damaged_item missing_item warranty installation""",
    "promotions": "promotion coupon gift_item presale membership price_protection",
    GENERAL: "product_question product_usage authenticity stock_shipping account review_help other_service feedback",
}
SKILL_OF_INTENT = {intent: skill for skill, intents in INTENTS_OF_SKILL.items() for intent in intents.split()}
ABOUT_SOME_ORDER = frozenset(
    {"provide_order_details", "choose_order", "correct_number", "dont_know_number", "phone_question", "try_again"}
)
"""Answers to the bot's question which order it is: what is wanted was said before, or else it is the order itself."""
NO_TOPIC = frozenset(
    """greet goodbye thanks ack affirm deny stop task_answer resume_task change_language bot_challenge out_of_scope nlu_fallback
       human_agent complaint ask_agreed""".split()
)
"""What says nothing about the topic: it stays the one of before."""


def skill_of(rule: str, tracker: Tracker) -> str:
    """The queue, by the rule that asked for a person and by the topic."""
    return COMPLAINT if rule in COMPLAINT_RULES else skill_of_topic(tracker)


def skill_of_topic(tracker: Tracker) -> str:
    """The queue of what is under way, or else of what was spoken of last."""
    task = Task.of(tracker.get_slot("task"))
    if task is not None and task.topic in TOPICS:
        return SKILL_OF_INTENT[TOPICS[task.topic].intents[0]]
    intent = topical_intent(tracker)
    if intent is not None:
        return SKILL_OF_INTENT[intent]
    return "orders" if ABOUT_SOME_ORDER & set(intents_said(tracker)) else GENERAL


def topical_intent(tracker: Tracker) -> str | None:
    """The latest intent that is about something."""
    return next((intent for intent in reversed(intents_said(tracker)) if intent in SKILL_OF_INTENT), None)
