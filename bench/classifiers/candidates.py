"""Which classifiers are compared, and how one of them is measured on the project's examples and files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from joblib.externals.loky import get_reusable_executor

from bench.classifiers.calibrated import Candidate
from bench.classifiers.hashed import HashedClassifier
from bench.classifiers.linear import logistic, shipped
from bench.classifiers.measure import Measured, measured
from bench.classifiers.sentences import Cutter
from bench.classifiers.textcat import BAG_OF_WORDS, ENSEMBLE, TextcatClassifier
from bot.components.labels import label_of_intents
from bot.evaluation.files import measured_files
from bot.evaluation.rows import utterances

CANDIDATES: dict[str, Callable[[Path], Candidate]] = {
    "svm": shipped,
    "logistic": logistic,
    "hashed": lambda folder: HashedClassifier(),
    "textcat": lambda folder: TextcatClassifier(BAG_OF_WORDS),
    "textcat-ensemble": lambda folder: TextcatClassifier(ENSEMBLE),
}
"""By name; each is made with a folder to keep things in."""


def measure_named(name: str) -> Measured:
    """Reads what there is to learn from and to measure on, and measures one candidate."""
    label_of = label_of_intents()
    with TemporaryDirectory() as folder:
        cutter = Cutter(Path(folder))
        files = {}
        for file in measured_files():
            if file.kind == "intent":
                rows = utterances(file.path, frozenset(label_of.values()))
                files[file.name] = (rows, cutter.messages(row.text for row in rows))
        found = measured(CANDIDATES[name](Path(folder)), cutter.examples(), files, label_of)
    # joblib keeps its workers for five minutes, and this process cannot end before them.
    get_reusable_executor().shutdown()
    return found
