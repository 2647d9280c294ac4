"""`python -m bench.classifiers [NAME ...]`: compares intent classifiers on the project's examples and labelled files.

From the project's root, in the bot's environment. Each candidate learns in a process of its own, one after the other, from
`data/nlu/`; all of them take an hour on two cores. Without names all are compared. Progress goes to the error output, the table
to the output.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

QUIET = {"TF_CPP_MIN_LOG_LEVEL": "2", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "PYTHONWARNINGS": "ignore"}


def main(given: Sequence[str] | None = None) -> int:
    """Exit code 0 when there is a table."""
    os.environ.update(QUIET)
    warnings.simplefilter("ignore")
    # Only now, because they import Rasa and TensorFlow, which would have much to say.
    from bench.classifiers.candidates import CANDIDATES, measure_named
    from bench.classifiers.table import table

    parser = argparse.ArgumentParser(prog="python -m bench.classifiers", description="Compare intent classifiers.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(CANDIDATES)}; all unless given")
    names = parser.parse_args(given).names or list(CANDIDATES)
    unknown = [name for name in names if name not in CANDIDATES]
    if unknown:
        parser.error(f"there is no candidate {', '.join(unknown)}")
    found = {}
    for name in names:
        # A fresh process each, or the memory of one would be counted for the next.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            found[name] = process.submit(measure_named, name).result()
        print(f"{name}: learnt in {found[name].seconds:.0f} s", file=sys.stderr, flush=True)
    print(table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
