"""A port that cannot be had is told in one line that says who has it and what moves ours."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

import pytest

from ops.ports import Wanted, check_ports
from ops.problem import Problem


def test_free_ports_are_fine(free_port: Callable[[], int]) -> None:
    check_ports([Wanted("gateway", "127.0.0.1", free_port(), "GATEWAY_PORT")])


@pytest.mark.parametrize("theirs", ["127.0.0.1", "0.0.0.0"])
def test_port_in_use_names_its_holder_and_the_variable_in_one_line(theirs: str) -> None:
    with socket.create_server((theirs, 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(Problem) as caught:
            check_ports([Wanted("gateway", "127.0.0.1", port, "GATEWAY_PORT")])
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith(f"Port {port} (gateway) is in use by ")
    assert f"(process {os.getpid()})" in line
    assert "GATEWAY_PORT=" in line


def test_suggested_port_is_free_and_not_one_of_ours() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        wanted = [
            Wanted("gateway", "127.0.0.1", port, "GATEWAY_PORT"),
            Wanted("demo shop", "127.0.0.1", port + 1, "SHOP_PORT"),
        ]
        with pytest.raises(Problem) as caught:
            check_ports(wanted)
    suggested = int(str(caught.value).split("GATEWAY_PORT=")[1].split()[0])
    assert suggested > port + 1
    check_ports([Wanted("gateway", "127.0.0.1", suggested, "GATEWAY_PORT")])


def test_address_of_another_machine_is_refused() -> None:
    with pytest.raises(Problem, match="not an address of this machine"):
        check_ports([Wanted("gateway", "192.0.2.1", 8000, "GATEWAY_PORT")])
