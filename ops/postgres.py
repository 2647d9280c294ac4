"""Finds or gets a PostgreSQL server for the tests of the desk's storage, and prints its folder: `python -m ops.postgres`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from ops.chromium import apt, apt_install, say
from ops.problem import Problem

NEEDED = ("initdb", "postgres")
DEBIAN = Path("/usr/lib/postgresql")
MAC = ("/opt/homebrew/opt/postgresql@{}/bin", "/usr/local/opt/postgresql@{}/bin")
MAC_VERSIONS = range(18, 12, -1)


def postgres(env: Mapping[str, str]) -> Path:
    """The folder with `initdb` and `postgres`: POSTGRES_BIN, one that is there, or one from apt; else a `Problem`."""
    if named := env.get("POSTGRES_BIN"):
        if not runs(Path(named)):
            raise Problem(f"POSTGRES_BIN is {named}, but no PostgreSQL runs from there: correct it, or unset it.")
        return Path(named)
    for get in (installed, from_apt):
        for folder in get():
            if runs(folder):
                return folder
    raise Problem(
        "No PostgreSQL server was found, and none could be fetched (see above): install the package postgresql, "
        "or set POSTGRES_BIN to the folder of initdb and postgres, then run make test again."
    )


def runs(folder: Path) -> bool:
    """Whether both programs start."""
    for name in NEEDED:
        try:
            asked = subprocess.run([str(folder / name), "--version"], capture_output=True, timeout=60, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return False
        if asked.returncode != 0:
            return False
    return True


def installed() -> Iterator[Path]:
    """Those of this machine, the newest first: on the PATH, Debian's, Homebrew's."""
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    yield from (version / "bin" for version in sorted(DEBIAN.glob("*"), key=_number, reverse=True))
    yield from (Path(place.format(version)) for version in MAC_VERSIONS for place in MAC)


def from_apt() -> Iterator[Path]:
    """The distribution's package, where apt may install."""
    if apt() is not None:
        say("Getting a PostgreSQL server with apt")
        if apt_install("postgresql"):
            yield from installed()


def _number(folder: Path) -> int:
    found = re.match(r"\d+", folder.name)
    return int(found[0]) if found else 0


def main() -> int:
    """Print the folder of a PostgreSQL that runs."""
    try:
        print(postgres(os.environ))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
