"""A process that is asked to stop and does not is told of, and never stays behind."""

import subprocess
import sys

import pytest

from tests.prove.running import see_it_stop

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(600)"
HEARS = "import time; print('ready', flush=True); time.sleep(600)"


def started(program: str) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_what_does_not_stop_when_asked_is_told_of_and_killed() -> None:
    with started(DEAF) as process, pytest.raises(AssertionError, match="did not stop"):
        see_it_stop(process, seconds=0.1)

    assert process.returncode


def test_only_who_says_so_may_leave_it_running_on() -> None:
    with started(DEAF) as process:
        see_it_stop(process, seconds=0.1, may_be_killed=True)

    assert process.returncode


def test_what_stops_when_asked_is_not_killed() -> None:
    with started(HEARS) as process:
        see_it_stop(process, seconds=20)

    assert process.returncode == -15
