"""Puts off what Rasa imports and a worker hardly ever uses, TensorFlow first of all, until something asks for it.

A module of `LATE` is imported as an empty one; the first look at what is in it loads it, and it is then what it always was. So nothing
is left out: a model with a neural network gets its TensorFlow while it is loaded, all others start without. Only the worker does so
(`bot/__main__.py`); training, `rasa shell` and `make eval` import as ever.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from threading import RLock
from types import ModuleType
from typing import Any, NamedTuple

logger = logging.getLogger(__name__)


class Late(NamedTuple):
    """A module that is put off, and what others take from it as soon as they are imported without needing the whole."""

    calls: tuple[str, ...] = ()
    """Functions and classes that are called later: the first call loads the module."""
    found_in: str = ""
    """A light module of its own that its other names come from: it is loaded, and the late one is not, for a name that it has."""


# What each brings is measured in docs/performance.md.
LATE = {
    # Neural networks: TensorFlow, Keras, JAX.
    "rasa.utils.train_utils": Late(),
    # Their training data: scikit-learn, and with it scipy.stats.
    "rasa.utils.tensorflow.model_data": Late(calls=("ragged_array_to_ndarray",)),
    "rasa.utils.tensorflow.model_data_utils": Late(),
    # Telegram, Slack, Webex and twelve more: what the worker hears and says goes through the ledger.
    "rasa.core.channels": Late(found_in="rasa.core.channels.channel"),
    "jwt": Late(),
    # Rasa's own tests of a model, with matplotlib.
    "rasa.core.test": Late(),
    # Tracker stores that are not ours: MongoDB with its DNS and TLS, DynamoDB.
    "pymongo": Late(),
    "pymongo.collection": Late(calls=("Collection",)),
    "boto3": Late(),
    "boto3.dynamodb": Late(),
    "boto3.dynamodb.conditions": Late(calls=("Key",)),
    # What runs Rasa's graph: bot/rasa_patches calls the nodes itself.
    "dask": Late(),
    # The file format of spaCy's neural networks.
    "h5py": Late(),
}
OF_IMPORT = ("__file__", "__path__", "__cached__")
"""What the import system asks a module for before it sets it."""
_lock = RLock()
_loading: set[str] = set()


class LateModule(ModuleType):
    """Empty until it is asked for something."""

    def __getattr__(self, name: str) -> Any:
        late = LATE[self.__name__]
        with _lock:
            if name in OF_IMPORT or self.__name__ in _loading:
                raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
            if name in late.calls:
                return _called_later(self, name)
            if late.found_in and hasattr(light := import_module(late.found_in), name):
                return getattr(light, name)
            if type(self) is LateModule:
                self._load(name)
        return getattr(self, name)

    def _load(self, name: str) -> None:
        logger.info("%s is loaded after all, for its %s", self.__name__, name)
        spec = self.__spec__
        assert spec is not None and spec.loader is not None
        _loading.add(self.__name__)
        try:
            spec.loader.exec_module(self)
            self.__class__ = ModuleType  # type: ignore[assignment]
        finally:
            _loading.discard(self.__name__)


def _called_later(module: LateModule, name: str) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        with _lock:
            if name not in vars(module):
                module._load(name)
        return vars(module)[name](*args, **kwargs)

    return call


class _LateLoader:
    """Makes the empty module, and gives the real loader back to it."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return LateModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        module.__spec__.loader = module.__loader__ = self._real


class LateFinder:
    """Finds the modules of `LATE`."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The spec of a late module; None for all others, which are found as ever."""
        if name not in LATE:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None:
            spec.loader = _LateLoader(spec.loader)  # type: ignore[assignment]
        return spec


def install() -> None:
    """From now on, in this process, the modules of `LATE` are late; those that are imported already stay as they are."""
    if LateFinder not in sys.meta_path:
        sys.meta_path.insert(0, LateFinder)


def still_late() -> set[str]:
    """The modules that were imported and not loaded."""
    return {name for name in LATE if type(sys.modules.get(name)) is LateModule}
