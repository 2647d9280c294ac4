"""Puts order numbers and last four digits of phones, as `order_mentions` finds them, on the message as entities."""

from typing import Any, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

from bot.components import order_mentions
from bot.components.normaliser import normal_text_of
from bot.components.order_mentions import find_mentions
from bot.components.sources import fingerprint_of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class OrderEntities(GraphComponent, EntityExtractorMixin):
    """Adds at most one `order_number` and one `phone_tail`: the ones that the shopper means."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "OrderEntities":
        """Creates the component."""
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> Optional[str]:
        """The rules by which numbers are found."""
        return fingerprint_of([order_mentions])

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the entities to messages that carry such numbers."""
        for message in messages:
            normal = normal_text_of(message)
            found = []
            for mention in find_mentions(normal.text):
                start, end = normal.span(mention.start, mention.end)
                found.append(
                    {"entity": mention.kind, "value": mention.value, "start": start, "end": end, "confidence": 1.0}
                )
            if found:
                message.set(ENTITIES, message.get(ENTITIES, []) + self.add_extractor_name(found), add_to_output=True)
        return messages
