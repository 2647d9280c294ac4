"""Words for cards and sentences that an action puts together, taken from the same domain.yml responses that Rasa speaks.

Rasa fills a response that is uttered; the labels inside a card are not uttered on their own, so they are looked up here, with the
same rule: the variation whose condition names the conversation's language, else the one without a condition.
"""

from datetime import datetime, timedelta, timezone

from rasa_sdk.types import DomainDict

# The shop dates by China's clock, which has one zone and no summer time. The card carries UTC, and the page shows the shopper's own.
SHOP_CLOCK = timezone(timedelta(hours=8))

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class Wording:
    """The domain's responses in one language."""

    def __init__(self, domain: DomainDict, language: str) -> None:
        self._responses = domain["responses"]
        self.language = language

    def text(self, response: str, **values: str) -> str:
        """The text of a response with its placeholders filled. KeyError when there is no such response."""
        variations = self._responses[response]
        chosen = next(
            (variation for variation in variations if self._is_meant(variation)),
            next(variation for variation in variations if not variation.get("condition")),
        )
        return str(chosen["text"]).format(**values)

    def day(self, moment: datetime) -> str:
        """A date without its year, as it is said and as the card says it: 11月23日, 23 Nov."""
        local = moment.astimezone(SHOP_CLOCK)
        return f"{local.day} {_MONTHS[local.month - 1]}" if self.language == "en" else f"{local.month}月{local.day}日"

    def date(self, day: str) -> str:
        """A day given as 2026-11-23, said like `day`."""
        return self.day(datetime.fromisoformat(day).replace(hour=12, tzinfo=SHOP_CLOCK))

    def moment(self, moment: datetime) -> str:
        """A day with its time by the shop's clock: 11月23日 15:04."""
        return f"{self.day(moment)} {moment.astimezone(SHOP_CLOCK):%H:%M}"

    def _is_meant(self, variation: dict) -> bool:
        conditions = variation.get("condition") or []
        return any(c.get("name") == "language" and c.get("value") == self.language for c in conditions)


LANGUAGES = ("zh", "en")
InBoth = dict[str, str]


class BothLanguages:
    """The same words for people of either language: what an agent reads about a conversation."""

    def __init__(self, domain: DomainDict) -> None:
        self.of = {language: Wording(domain, language) for language in LANGUAGES}
        self._responses = domain["responses"]

    def text(self, response: str) -> InBoth:
        """A response without placeholders."""
        return {language: wording.text(response) for language, wording in self.of.items()}

    def filled(self, response: str, **values: InBoth) -> InBoth:
        """A response with placeholders, each filled in its language."""
        return {
            language: wording.text(response, **{name: value[language] for name, value in values.items()})
            for language, wording in self.of.items()
        }

    def intent(self, intent: str) -> InBoth:
        """How an intent is called: as on its button, or by a name that no shopper sees."""
        button = f"utter_reading_{intent}"
        return self.text(button if button in self._responses else f"utter_intent_{intent}")
