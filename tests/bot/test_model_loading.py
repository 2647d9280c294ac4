"""A worker's model is the one that Rasa would load, without what only training needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.core.processor import MessageProcessor
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ModelNotFound
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain

from bot.model_loading import DomainOfModel, load_model
from tests.conversation import trained_model

Loaded = tuple[str, ModelMetadata, GraphRunner]


@pytest.fixture(scope="module")
def stock() -> Loaded:
    return MessageProcessor._load_model(trained_model())


@pytest.fixture(scope="module")
def ours() -> Loaded:
    return load_model(trained_model())


def components(loaded: Loaded) -> dict[str, Any]:
    return {name: node._component for name, node in loaded[2]._instantiated_nodes.items()}


def domain_in(loaded: Loaded) -> Domain:
    (provider,) = (component for component in components(loaded).values() if isinstance(component, DomainProvider))
    return provider.provide_inference()


def facts(domain: Domain) -> dict[str, Any]:
    """Everything a domain holds; slots are compared by what is in them."""
    held = {name: value for name, value in vars(domain).items() if name not in ("slots", "_user_slots")}
    return {**held, "slots": [(type(slot), vars(slot)) for slot in domain.slots], "all": domain.as_dict()}


def test_domain_is_the_one_that_training_left(stock: Loaded, ours: Loaded) -> None:
    assert facts(domain_in(ours)) == facts(domain_in(stock))
    assert domain_in(ours).fingerprint() == domain_in(stock).fingerprint()
    assert facts(ours[1].domain) == facts(stock[1].domain)
    assert domain_in(ours) is not ours[1].domain


def test_same_parts_in_the_same_order(stock: Loaded, ours: Loaded) -> None:
    kinds = {name: type(component) for name, component in components(stock).items()}
    found = {name: type(component) for name, component in components(ours).items()}
    assert list(found) == list(kinds)
    assert {name for name in kinds if kinds[name] is not found[name]} == {"domain_provider"}
    assert found["domain_provider"] is DomainOfModel


def test_metadata_is_all_there_but_how_it_was_trained(stock: Loaded, ours: Loaded) -> None:
    left_out = ("domain", "train_schema", "predict_schema")
    ours_about, stock_about = ({**vars(loaded[1])} for loaded in (ours, stock))
    for name in left_out:
        ours_about.pop(name), stock_about.pop(name)
    assert (ours[0], ours_about) == (stock[0], stock_about)
    assert ours[1].train_schema.nodes == {}


def test_missing_model_is_refused_as_ever(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.tar.gz"):
        with pytest.raises(ModelNotFound):
            load_model(path)
