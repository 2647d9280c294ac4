"""Answers questions that have a figure of the shop's terms in them: postage, dispatch, ways to pay, invoices, warranty, refunds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ShopdeskAction, intent_of, language_of
from actions.order_lines import yuan
from actions.shop_terms import promotions_today, returns_today, service_today
from actions.wording import Wording
from terms.refunds import refund_path


@dataclass(frozen=True)
class Answer:
    """What is said, and the values of today's terms in it."""

    response: str
    values: Mapping[str, str] = field(default_factory=dict)


class AnswerService(ShopdeskAction):
    """Two sentences or three with the figures of today."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_answer_service"

    async def decide(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Says the answer of the latest intent. KeyError for an intent without one, which a wrong rule would cause."""
        answer = TOPICS[str(intent_of(tracker))](Wording(domain, language_of(tracker)))
        dispatcher.utter_message(response=answer.response, **answer.values)
        return []


def _warranty(wording: Wording) -> Answer:
    terms = returns_today()
    values = {
        "days": str(terms.warranty_days),
        "return_days": str(terms.quality_return_days),
        "exchange_days": str(terms.quality_exchange_days),
    }
    return Answer("utter_warranty", values)


def _authenticity(wording: Wording) -> Answer:
    terms = returns_today()
    return Answer("utter_authenticity", {"times": str(terms.fraud_times), "least": _short(terms.fraud_least)})


def _refund_terms(wording: Wording) -> Answer:
    times = [_refund_time(method, wording) for method in service_today().payment]
    values = {"days": str(returns_today().refund_days), "paths": wording.text("utter_list_comma").join(times)}
    return Answer("utter_refund_terms", values)


def _refund_time(method: str, wording: Wording) -> str:
    """How long a refund takes that goes back to where a method paid from, or else to the balance."""
    path, way = refund_path(returns_today(), method), wording.text(f"utter_payment_{method}")
    if path.to == "balance" != method:
        way = wording.text("utter_refund_way_balance", way=way)
    if not path.days:
        return wording.text("utter_refund_time_at_once", way=way)
    return wording.text("utter_refund_time", way=way, days=str(path.days))


def _shipping_fee(wording: Wording) -> Answer:
    terms = promotions_today()
    if not terms.free_shipping_from or not terms.shipping_fee:
        return Answer("utter_shipping_free")
    values = {"least": _short(terms.free_shipping_from), "fee": _short(terms.shipping_fee)}
    return Answer("utter_shipping_fee", values)


def _delivery_time(wording: Wording) -> Answer:
    terms = service_today()
    values = {"near": str(terms.near_days), "far": str(terms.far_days), "hours": str(terms.ship_within_hours)}
    return Answer("utter_delivery_time", values)


def _stock_shipping(wording: Wording) -> Answer:
    return Answer("utter_stock_shipping", {"hours": str(service_today().ship_within_hours)})


def _payment_methods(wording: Wording) -> Answer:
    methods = [wording.text(f"utter_payment_{method}") for method in service_today().payment]
    return Answer("utter_payment_methods", {"methods": wording.text("utter_list_comma").join(methods)})


def _credit_pay(wording: Wording) -> Answer:
    months = [str(one) for one in service_today().instalments]
    if not months:
        return Answer("utter_credit_pay_none")
    return Answer("utter_credit_pay", {"months": wording.text("utter_list_comma").join(months)})


def _invoice(wording: Wording) -> Answer:
    terms = service_today()
    return Answer("utter_invoice", {"days": str(terms.invoice_days), "within": str(terms.invoice_within_days)})


def _gift_item(wording: Wording) -> Answer:
    return Answer("utter_gift_item", {"rule": wording.text(f"utter_gifts_{returns_today().gifts}")})


def _short(fen: int) -> str:
    """An amount as it is said: 500, 9.90."""
    return yuan(fen).removesuffix(".00")


TOPICS: dict[str, Callable[[Wording], Answer]] = {
    "authenticity": _authenticity,
    "credit_pay": _credit_pay,
    "delivery_time": _delivery_time,
    "gift_item": _gift_item,
    "invoice": _invoice,
    "payment_methods": _payment_methods,
    "refund_terms": _refund_terms,
    "shipping_fee": _shipping_fee,
    "stock_shipping": _stock_shipping,
    "warranty": _warranty,
}
