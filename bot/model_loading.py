"""Loads a trained model as a worker needs it: ready to answer, never to be trained on.

Rasa imports all that the model was trained with, TensorFlow through its validators, and reads the domain four times: once from the
metadata, and three times, 4 to 7 s of slow YAML for ours, to see whether the copy beside it is a domain, to validate and to read it.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from rasa.core.processor import MessageProcessor
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import MODEL_ARCHIVE_METADATA_FILE, LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelMetadata, ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.shared.utils.io import read_json_file
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name


class TrainedModel(LocalModelStorage):
    """A model's archive, unpacked, with the domain of its metadata."""

    domain: Domain

    @classmethod
    def from_model_archive(cls, storage_path: Path, model_archive_path: Path) -> tuple[TrainedModel, ModelMetadata]:
        """Unpacks an archive."""
        storage, metadata = super().from_model_archive(storage_path, model_archive_path)
        # One of its own: to hash a domain changes what its actions are told of it.
        storage.domain = Domain.from_dict(copy.deepcopy(metadata.domain.as_dict()))
        return storage, metadata

    @staticmethod
    def _load_metadata(directory: Path) -> ModelMetadata:
        """The metadata without how the model was trained; the domain in the graph is the one from here."""
        written = read_json_file(directory / MODEL_ARCHIVE_METADATA_FILE)
        metadata = ModelMetadata.from_dict({**written, "train_schema": GraphSchema({}).as_dict()})
        for node in metadata.predict_schema.nodes.values():
            if node.uses is DomainProvider:
                node.uses = DomainOfModel
        return metadata


class DomainOfModel(DomainProvider):
    """Provides the domain that came with the model's metadata."""

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DomainOfModel:
        """Creates the component."""
        assert isinstance(model_storage, TrainedModel)
        return cls(model_storage, resource, model_storage.domain)


def load_model(archive: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
    """The model's file name, its metadata, and what runs it: `MessageProcessor._load_model` for a worker."""
    if not Path(archive).is_file():
        return MessageProcessor._load_model(archive)
    with TempDirectoryPath(get_temp_dir_name()) as folder:
        metadata, runner = load_predict_graph_runner(Path(folder), Path(archive), TrainedModel, DaskGraphRunner)
    return Path(archive).name, metadata, runner
