"""A real PostgreSQL server for tests: in a folder of its own, reached by a socket in it, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from ops.postgres import postgres

READY_S = 30.0
USERS = ("postgres", "nobody")
"""PostgreSQL does not run as root: there, as one of these."""

QUICK = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "listen_addresses": "",
    "max_connections": "60", "shared_buffers": "64MB",
}  # fmt: skip


class PostgresServer:
    """One server that nobody else can reach; its data does not outlive it."""

    def __init__(self) -> None:
        self.bin = postgres(os.environ)
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))  # not pytest's: others may not enter that
        self._as = _other_user()
        if self._as:
            os.chown(self.folder, pwd.getpwnam(self._as["user"]).pw_uid, -1)
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://desk@/{database}?host={self.folder}"

    def start(self) -> PostgresServer:
        """Starts it and waits until it answers; harmless when it runs."""
        if self._process is not None:
            return self
        data = self.folder / "data"
        if not data.exists():
            self._run(
                [
                    str(self.bin / "initdb"),
                    "-D",
                    str(data),
                    "-U",
                    "desk",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--locale=C",
                    "-N",
                ]
            )
        options = [part for name, value in QUICK.items() for part in ("-c", f"{name}={value}")]
        command = [str(self.bin / "postgres"), "-D", str(data), "-k", str(self.folder), *options]
        with tempfile.TemporaryFile() as log:
            self._process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, **self._as)
            deadline = time.monotonic() + READY_S
            while True:
                try:
                    self.execute("SELECT 1")
                    return self
                except psycopg.OperationalError:
                    if self._process.poll() is not None or time.monotonic() > deadline:
                        log.seek(0)
                        said = log.read().decode()
                        self.stop()
                        raise RuntimeError(f"PostgreSQL did not start: {said}") from None
                    time.sleep(0.02)

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Runs a statement, outside of all databases of the tests unless one is named."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    def halt(self) -> None:
        """Ends it at once, as a crash does; `start` brings it back."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(READY_S)
            self._process = None

    def stop(self) -> None:
        """Ends it and deletes its data."""
        try:
            self.halt()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, **self._as)
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} failed: {done.stderr}")


def _other_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name for entry in pwd.getpwall()}
    name = next(name for name in USERS if name in known)
    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}
