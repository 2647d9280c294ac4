"""The table that is printed: one row a candidate."""

from __future__ import annotations

from collections.abc import Mapping

from bench.classifiers.measure import Measured
from bot.evaluation.report import shown

FILES = {
    "own zh": "tests/nlu/intent_zh",
    "own en": "tests/nlu/intent_en",
    "shared intent_zh": "shared/intent_zh",
    "jddc": "shared/jddc_intent_zh",
    "intent_en": "shared/intent_en",
    "clinc": "shared/clinc_en",
}
FOREIGN = "clinc"
CALIBRATED = ("own zh", "shared intent_zh")
COLUMNS = [
    "candidate",
    *FILES,
    "out of scope found",
    f"ECE {' / '.join(CALIBRATED)}",
    "ms",
    "training s",
    "MiB",
]


def table(found: Mapping[str, Measured]) -> str:
    """Markdown; a dash where a file is not there."""
    lines = [COLUMNS, ["---"] * len(COLUMNS), *(_row(name, measured) for name, measured in found.items())]
    return "\n".join(f"| {' | '.join(cells)} |".replace("| --- ", "|---").replace("--- |", "---|") for cells in lines)


def _row(name: str, measured: Measured) -> list[str]:
    def figure(column: str, field: str) -> str:
        of_file = measured.figures.get(FILES[column])
        return shown(field, getattr(of_file, field) if of_file else None)

    return [
        name,
        *(figure(column, "lenient") for column in FILES),
        figure(FOREIGN, "out_of_scope_recall"),
        " / ".join(figure(column, "ece") for column in CALIBRATED),
        f"{measured.ms:.2f}",
        f"{measured.seconds:.0f}",
        f"{measured.mib:.0f}",
    ]
