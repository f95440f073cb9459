"""Real servers for tests: each is started on loopback by a fixture and ended by it."""

import os
import socket

import pytest

missing_servers: list[str] = []
"""What a test needed and this machine lacks, by name; shown at the end of the run."""


def missing(server: str) -> None:
    """Note that a server isn't there. Under HEARD_ALL_SERVERS=1, where all are installed, that is a failure."""
    if server not in missing_servers:
        missing_servers.append(server)
    if os.environ.get("HEARD_ALL_SERVERS") == "1":
        pytest.fail(f"{server} is not installed", pytrace=False)


def free_port() -> int:
    """A port of loopback that nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
