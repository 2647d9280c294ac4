"""How a response of the domain becomes words: of several that fit it is the first, so that the same input gives the same answer."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator


class FirstThatFits(TemplatedNaturalLanguageGenerator):
    """Rasa draws lots among those that fit, also where there is only one."""

    def _random_response_for(
        self, utter_action: str, output_channel: str, filled_slots: dict[str, Any]
    ) -> dict[str, Any] | None:
        if utter_action not in self.responses:
            return None
        fitting = ResponseVariationFilter(self.responses)
        found: list[dict[str, Any]] = fitting.responses_for_utter_action(utter_action, output_channel, filled_slots)
        return found[0] if found else None
