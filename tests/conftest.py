"""Fixtures for every room, and the list of servers that a run had to do without."""

import pytest

from tests.servers import missing_servers

pytest_plugins = ["tests.servers.fixtures", "tests.memory_fixtures"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the servers that were missing: what was skipped or tested on a stand-in should not look tested."""
    if missing_servers:
        terminalreporter.section("servers that this machine lacks")
        terminalreporter.line(", ".join(sorted(missing_servers)))
