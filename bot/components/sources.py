"""Fingerprints of the files that a component is made of.

Rasa's training cache looks at the source of a component's class only; a changed function beside it, or a changed list of words,
would otherwise go on using an old result.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

PROJECT = Path(__file__).resolve().parents[2]


def fingerprint_of(modules: Iterable[ModuleType], files: Iterable[Path] = ()) -> str:
    """One hash of the modules' sources and the files."""
    digest = hashlib.sha256()
    for path in [*(Path(str(module.__file__)) for module in modules), *files]:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
