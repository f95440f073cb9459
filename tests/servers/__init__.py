"""Real servers for tests: each is started on loopback by a fixture and ended by it."""

import os
import socket

import pytest

missing_servers: list[str] = []
"""What a test needed and this machine lacks, by name; shown at the end of the run."""

PROCESSES = 8
"""More test processes than this share ports by chance only."""


def missing(server: str) -> None:
    """Note that a server isn't there. Under HEARD_ALL_SERVERS=1, where all are installed, that is a failure."""
    if server not in missing_servers:
        missing_servers.append(server)
    if os.environ.get("HEARD_ALL_SERVERS") == "1":
        pytest.fail(f"{server} is not installed", pytrace=False)


def free_port() -> int:
    """A port of loopback that nobody listens on just now, of those that are this test process's own to give."""
    mine = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % PROCESSES
    while True:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = int(listener.getsockname()[1])
        if port // 2 % PROCESSES == mine:  # Linux gives ports of one parity to whoever asks for any
            return port
