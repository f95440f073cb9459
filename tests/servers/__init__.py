"""Real servers for tests: each is started on loopback by a fixture and ended by it."""

import os
import secrets
import socket

import pytest

missing_servers: list[str] = []
"""What a test needed and this machine lacks, by name; shown at the end of the run."""

_LISTENERS = range(12_000, 32_000)
"""Below what Linux gives to whoever connects (`ip_local_port_range`, from 32768): no connection takes one of these by chance."""

_marks: list[socket.socket] = []
"""The ports that this process gave are its own until it ends: names without files, in the same network as the ports."""


def missing(server: str) -> None:
    """Note that a server isn't there. Under HEARD_ALL_SERVERS=1, where all are installed, that is a failure."""
    if server not in missing_servers:
        missing_servers.append(server)
    if os.environ.get("HEARD_ALL_SERVERS") == "1":
        pytest.fail(f"{server} is not installed", pytrace=False)


def free_port() -> int:
    """A port of loopback that nobody listens on, and that no other test process on this machine is given while this one lives."""
    while True:
        port = secrets.choice(_LISTENERS)
        mark = socket.socket(socket.AF_UNIX)
        try:
            mark.bind(f"\0heard-test-port-{port}")
            with socket.socket() as listener:
                listener.bind(("127.0.0.1", port))
        except OSError:
            mark.close()
            continue
        _marks.append(mark)
        return port
