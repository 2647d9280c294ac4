"""What the developer reads: a line for each check, and below a broken one what was sent, what came and what to do."""

from __future__ import annotations

from typing import TextIO

from shop.conform.check import Broken, Check
from shop.conform.subject import Subject


class Report:
    """Writes as the checks go, and counts."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._counts = {"kept": 0, "broken": 0, "not run": 0}

    def opening(self, subject: Subject) -> None:
        """What is checked against what."""
        urls = subject.settings.orders_url, subject.settings.logistics_url, subject.settings.promotions_url
        self._say(
            f"{' '.join(dict.fromkeys(urls))} against the contract {subject.contract.version} (shop/openapi.yaml)"
        )

    def heading(self, text: str) -> None:
        """Over a group of checks."""
        self._say(f"\n{text}")

    def kept(self, check: Check) -> None:
        """The shop does as the contract says."""
        self._counts["kept"] += 1
        self._say(f"  ok       {check.name}")

    def not_run(self, check: Check, why: str) -> None:
        """It could not be checked."""
        self._counts["not run"] += 1
        self._say(f"  not run  {check.name}: {why}")

    def broken(self, check: Check, broken: Broken) -> None:
        """The shop does something else."""
        self._counts["broken"] += 1
        self._say(f"  BROKEN   {check.name}")
        rows = [("sent", broken.sent), ("came", broken.came), *(("found", text) for text in broken.found)]
        for name, text in [*rows, ("contract", check.rule), ("to do", check.advice)]:
            self._say(f"             {name + ':':<10}{text}")

    def closing(self) -> int:
        """The counts, and the exit code that they mean."""
        counts = self._counts
        self._say(f"\n{counts['kept']} kept, {counts['broken']} broken, {counts['not run']} not run.")
        return 1 if counts["broken"] else 0

    def _say(self, text: str) -> None:
        print(text, file=self._out, flush=True)
