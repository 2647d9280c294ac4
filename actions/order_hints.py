"""What a message without a number says to the order form: the hint by which the form's next question is worded."""

import re

from rasa_sdk import Tracker

from actions.base import customer_of, done_this_turn, entity_in, intent_of
from actions.orders import chosen
from actions.topics import TOPICS

# What is said instead of the question, by the hint that a message left.
HINTS = {
    "help": "utter_order_number_help",
    "waiting": "utter_order_form_waiting",
    "unclear": "utter_order_number_unclear",
    "phone": "utter_phone_help",
    "tracking": "utter_order_number_not_tracking",
}
HINT_OF_INTENT = {
    "dont_know_number": "help",
    "phone_question": "phone",
    "ack": "waiting",
    "affirm": "waiting",
    "nlu_fallback": "unclear",
    "provide_order_details": "unclear",
    "order_status": "question",
    "logistics": "question",
    "try_again": "question",
    "choose_order": "question",
    **{intent: "question" for topic in TOPICS.values() for intent in topic.intents if topic.name != "check_return"},
}

# A carrier's number, or the word for it, from a stranger who has no order number.
_TRACKING = re.compile(
    r"(?<![A-Za-z])[A-Za-z]{2,3}[0-9]{9,}|快递单号|運單號|快遞單號|运单号|物流单号|tracking number", re.IGNORECASE
)

_OF_ORDER = re.compile(r"单|單|order", re.IGNORECASE)
_NONE_OF_THEM = re.compile(r"都不|不是|没有|沒有|none|neither|not any", re.IGNORECASE)


def is_choosing(tracker: Tracker) -> bool:
    """Whether a customer has a list of their orders before them and has not named one."""
    offered, number = tracker.get_slot("orders_offered"), tracker.get_slot("order_number")
    return customer_of(tracker) is not None and bool(offered) and number is None


def hint_in(tracker: Tracker) -> str | None:
    """The hint that the shopper's latest message leaves, or None when it carries a number or belongs to another topic."""
    if entity_in(tracker, "order_number") or entity_in(tracker, "phone_tail"):
        return None
    if any(event.get("event") == "bot" for event in done_this_turn(tracker)):
        return None
    signed_in = customer_of(tracker) is not None
    if chosen(tracker):
        return "chosen"
    if signed_in and intent_of(tracker) == "choose_order" and tracker.get_slot("orders_offered"):
        return "unclear"
    text = tracker.latest_message.get("text") or ""
    if is_choosing(tracker) and intent_of(tracker) == "deny" and _NONE_OF_THEM.search(text):
        return "unclear"
    hint = HINT_OF_INTENT.get(intent_of(tracker) or "")
    if hint == "help" and tracker.get_slot("order_number") is not None and not _OF_ORDER.search(text):
        return "phone"
    if hint in ("question", "unclear") and not signed_in:
        return "tracking" if _TRACKING.search(text) else hint
    return hint
