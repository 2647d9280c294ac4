"""Whether a port is free, and who has it when it is not."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass

import psutil

from ops.problem import Problem


@dataclass(frozen=True)
class Wanted:
    """A port that one of our processes is going to listen on, and the variable that moves it, where one does."""

    service: str
    host: str
    port: int
    variable: str = ""


def check_ports(wanted: list[Wanted]) -> None:
    """Raise a `Problem` that names the first port that cannot be had, who has it, and what to do."""
    for want in wanted:
        refusal = _refusal(want.host, want.port)
        if refusal == errno.EADDRINUSE:
            in_use = f"Port {want.port} ({want.service}) is in use by {holder(want.port)}: stop that"
            if not want.variable:
                raise Problem(f"{in_use}, then try again.")
            free = next_free(want.host, want.port, {other.port for other in wanted})
            raise Problem(f"{in_use}, or choose another one: {want.variable}={free} make up")
        if refusal == errno.EACCES:
            raise Problem(
                f"Port {want.port} ({want.service}) needs rights that you do not have: "
                f"choose one from 1024 up with {want.variable}."
            )
        if refusal is not None:
            raise Problem(f"{want.service} cannot listen on {want.host}: it is not an address of this machine.")


def next_free(host: str, port: int, taken: set[int]) -> int:
    """The next port up that is free and that none of ours wants."""
    for candidate in range(port + 1, min(port + 1000, 65536)):
        if candidate not in taken and _refusal(host, candidate) is None:
            return candidate
    return port


def holder(port: int) -> str:
    """`nginx (process 123)`, as far as this account may see."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        pass
    return "another program"


def _refusal(host: str, port: int) -> int | None:
    """The error number of listening there; None when it works."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            return error.errno or errno.EADDRNOTAVAIL
    return None
