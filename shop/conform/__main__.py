"""`python -m shop.conform [NAME=value …]`: exit code 0 when the contract is kept, 1 when not, 2 when nothing could be checked."""

from __future__ import annotations

import os
import sys
from contextlib import closing

from shop.conform.check import Broken, Check, NotRun, Unreachable
from shop.conform.generated import generated_checks
from shop.conform.proofs import PROOFS
from shop.conform.reads import READS
from shop.conform.report import Report
from shop.conform.settings import ConformSettings, ConformSettingsError
from shop.conform.subject import Subject
from shop.conform.writes import REFUSED_WRITES, WRITES


def conform(subject: Subject, report: Report) -> None:
    """Make all checks. Those that use up an order's tries or change it come last."""
    settings = subject.settings
    generated = generated_checks(subject.contract, settings.seconds)
    for heading, checks in (
        ("Reads", READS),
        ("Keys and proofs", PROOFS),
        ("Writes that are refused", REFUSED_WRITES),
        ("Made-up parameters (schemathesis)", generated),
        ("Writes", WRITES),
    ):
        report.heading(heading)
        for check in checks:
            _one(check, subject, report)


def _one(check: Check, subject: Subject, report: Report) -> None:
    try:
        check.run(subject)
    except NotRun as why:
        report.not_run(check, str(why))
    except Broken as broken:
        report.broken(check, broken)
    else:
        report.kept(check)


def main(arguments: list[str]) -> int:
    """Exit code."""
    try:
        if any("=" not in argument for argument in arguments):
            raise ConformSettingsError("Usage: python -m shop.conform [NAME=value …], see docs/connect-your-shop.md.")
        given = dict(argument.split("=", 1) for argument in arguments)
        with closing(Subject(ConformSettings.from_env({**os.environ, **given}))) as subject:
            subject.probe()
            report = Report(sys.stdout)
            report.opening(subject)
            conform(subject, report)
            return report.closing()
    except (ConformSettingsError, Unreachable) as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
