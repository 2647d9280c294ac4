"""The trained assistant, once for all tests here, and a shop in memory for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rasa.core.processor import MessageProcessor

from actions import shop as shop_of_actions
from tests.conversation import Conversation, load_assistant, trained_model
from tests.shop_double import ShopDouble, order


@pytest.fixture(scope="session")
def assistant() -> MessageProcessor:
    return load_assistant(trained_model())


@pytest.fixture
def shop() -> Iterator[ShopDouble]:
    """A shop with one order, used by every action of the test."""
    double = ShopDouble(order())
    shop_of_actions.use(double)
    yield double
    shop_of_actions.use(None)


@pytest.fixture
def shopper(assistant: MessageProcessor, shop: ShopDouble) -> Conversation:
    """A stranger who writes Chinese."""
    return Conversation(assistant)


@pytest.fixture
def customer(assistant: MessageProcessor, shop: ShopDouble) -> Conversation:
    """A customer who is signed in."""
    return Conversation(assistant, customer="c001")
