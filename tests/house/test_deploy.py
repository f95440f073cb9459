"""What is put on a council's machine: units that systemd understands and that are shut tight, a container file that builds."""

import asyncio
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from bot.cli.every import app
from bot.settings.sources import VARIABLES
from bot.supervisor import stay_in_touch

HERE = Path(__file__).parents[2]
DEPLOY = HERE / "deploy"
UNITS = ("heard.service", "heard-backup.service", "heard-backup.timer")
SERVICES = ("heard.service", "heard-backup.service")
MOST_EXPOSED = 15
"""In tenths, as `systemd-analyze security` counts; below 50 is what it calls OK."""
INSTRUCTION = re.compile(r"^([A-Z]+)\s+(.*)$", re.DOTALL)


@pytest.fixture
def analyze(tmp_path: Path) -> Path:
    """`systemd-analyze`, and the units beside a program that exists under the name that they use."""
    found = shutil.which("systemd-analyze")
    if found is None:
        assert not os.environ.get("HEARD_ALL_SERVERS"), "systemd-analyze is missing"
        pytest.skip("systemd-analyze is missing")
    heard = tmp_path / "heard"
    heard.write_text("#!/bin/sh\n")
    heard.chmod(0o755)
    for unit in UNITS:
        (tmp_path / unit).write_text((DEPLOY / unit).read_text().replace("/opt/heard/bin/heard", str(heard)))
    return Path(found)


def lines_of(unit: str) -> list[tuple[str, str]]:
    """Names and values, commented ones too where they are settings."""
    lines = (line.removeprefix("#") for line in (DEPLOY / unit).read_text().splitlines())
    return [(name, value) for name, sign, value in (line.partition("=") for line in lines) if sign and name.isalpha()]


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_understands_every_line(unit: str, analyze: Path, tmp_path: Path) -> None:
    done = subprocess.run([analyze, "verify", tmp_path / unit], capture_output=True, text=True, check=False, timeout=60)

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("unit", SERVICES)
def test_a_service_is_shut_tight(unit: str, analyze: Path) -> None:
    command = [str(analyze), "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", "--no-pager", str(DEPLOY / unit)]

    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("unit", SERVICES)
def test_no_letter_gets_into_a_core_file_and_no_secret_into_the_environment(unit: str) -> None:
    lines = lines_of(unit)

    assert ("LimitCORE", "0") in lines
    assert ("User", "heard") in lines
    named = [value for name, value in lines if name == "Environment"]
    credentials = {value.partition(":")[0] for name, value in lines if name == "LoadCredential"}
    for variable, _, value in (one.partition("=") for one in named):
        assert variable in {*VARIABLES, "HEARD_SETTINGS"}, variable
        assert variable == "HEARD_SETTINGS" or value.removeprefix("%d/") in credentials, variable


def test_every_command_that_is_started_exists() -> None:
    # Allowed below: what is here has it, whatever its type says
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]

    started = [value for unit in SERVICES for name, value in lines_of(unit) if name == "ExecStart"]
    started += ["heard " + " ".join(words) for words in (("health",), ("run",))]
    assert {shlex.split(command)[1] for command in started} <= commands


async def test_systemd_is_told_of_the_beginning_that_we_turn_and_of_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Type=notify and WatchdogSec wait for these words."""
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    stop = asyncio.Event()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.bind(str(tmp_path / "notify"))
        wire.settimeout(5)
        turning = asyncio.get_running_loop().create_task(stay_in_touch(stop))
        await asyncio.sleep(0)
        stop.set()
        await turning

        assert [wire.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


async def test_a_supervisor_that_is_gone_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    stop = asyncio.Event()
    turning = asyncio.get_running_loop().create_task(stay_in_touch(stop))
    await asyncio.sleep(0)
    went_on = not turning.done()
    stop.set()
    await turning

    assert went_on, "nobody hears that we turn, and we turn"


def instructions() -> list[tuple[str, str]]:
    """The container file's instructions, lines that go on put together."""
    lines = [line for line in (DEPLOY / "Containerfile").read_text().splitlines() if not line.startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ")
    found = [INSTRUCTION.match(line) for line in whole.splitlines() if line.strip()]
    assert all(found)
    return [(match[1], " ".join(match[2].split())) for match in found if match]


def copied() -> list[str]:
    """What is taken from this folder into the image."""
    given = [value.split()[:-1] for name, value in instructions() if name == "COPY" and not value.startswith("--from")]
    return [one.rstrip("/") for names in given for one in names]


def test_everything_that_the_image_takes_is_here_and_nothing_that_may_be_personal() -> None:
    assert [name for name in copied() if not (HERE / name).exists()] == []
    assert "." not in copied()
    packages = tomllib.loads((HERE / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"]["include"]
    assert {name.rstrip("*") for name in packages} <= set(copied())


def test_the_image_is_locked_by_hash_runs_as_nobody_special_and_says_whether_it_is_well() -> None:
    found = instructions()
    installing = [value for name, value in found if name == "RUN" and "pip install" in value]

    assert all("--require-hashes" in value or "--no-deps --no-build-isolation" in value for value in installing)
    last = [value for name, value in found[max(i for i, (name, _) in enumerate(found) if name == "FROM") :] if name == "USER"]
    assert last == ["10001:10001"]
    assert [value.rpartition("CMD ")[2] for name, value in found if name == "HEALTHCHECK"] == ['["heard", "health"]']
    variables = {word.partition("=")[0] for name, value in found if name == "ENV" for word in value.split()}
    assert {variable for variable in variables if variable.startswith("HEARD_")} <= set(VARIABLES)
    assert not any(re.search(r"password|token|secret", value, re.IGNORECASE) for name, value in found if name in ("ENV", "ARG"))


def replayed(folder: Path) -> Iterator[list[str]]:
    """The steps of the build stage, for a folder instead of an image."""
    for name, value in instructions()[1:]:
        if name == "FROM":
            return
        if name == "COPY":
            *sources, target = value.split()
            for source in sources:
                place = folder / "src" / target
                if (HERE / source).is_dir():
                    shutil.copytree(HERE / source, place, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(HERE / source, place)
        if name == "RUN":
            yield shlex.split(value.replace("/opt/heard", str(folder / "heard")).replace("python3", sys.executable))


@pytest.mark.prove
def test_the_steps_of_the_image_make_a_heard_that_runs(tmp_path: Path) -> None:
    """No container engine is needed for this: each step of the build is done in a folder, in its order."""
    (tmp_path / "src").mkdir()
    for step in replayed(tmp_path):
        subprocess.run(step, cwd=tmp_path / "src", check=True, timeout=600)

    said = subprocess.run([tmp_path / "heard/bin/heard", "--version"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert said.stdout.startswith("heard ")
