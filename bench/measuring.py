"""How things are measured: whole processes, by the operating system's own account; medians of rounds that take turns."""

import json
import os
import platform
import resource
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.peers import PEERS

PROJECT = Path(__file__).resolve().parents[1]
PACKAGES = ("python-telegram-bot", "aiohttp", "aiosmtplib", "aioimaplib", "sqlmodel", "sqlalchemy", "aiosqlite", "asyncpg")


@dataclass(frozen=True)
class Run:
    """One process from its start to its end."""

    wall: float
    cpu: float


def run(command: Sequence[str], environment: dict[str, str]) -> Run:
    """Run it to its end; what it prints is kept from view, and shown if it fails."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return Run(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def settings(**given: str) -> dict[str, str]:
    """The environment of a service: this one's without its own settings, and what is given as `HEARD_…`.

    What Python compiled is kept for the next start, as where the program is installed.
    """
    left_out = ("HEARD_", "PYTHONDONTWRITEBYTECODE")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return plain | {f"HEARD_{name}": value for name, value in given.items()}


@dataclass
class Figure:
    """One measured thing, a value for each round."""

    name: str
    unit: str
    values: list[float] = field(default_factory=list)
    reach: str = ""
    """What was set out to be reached, in words."""
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def as_json(self) -> dict[str, Any]:
        spread = {"median": self.median, "least": min(self.values), "most": max(self.values), "rounds": len(self.values)}
        return {"name": self.name, "unit": self.unit, **spread, "reach": self.reach, "note": self.note}

    def as_row(self) -> str:
        numbers = f"{self.median:10.2f} {min(self.values):10.2f} {max(self.values):10.2f}"
        return f"{self.name:54}{numbers} {self.unit:12} {self.reach}{'; ' if self.reach and self.note else ''}{self.note}"


@dataclass
class Figures:
    """All of one run, in the order in which they were first measured."""

    all: dict[str, Figure] = field(default_factory=dict)

    def note(self, name: str, unit: str, value: float, *, reach: str = "", note: str = "") -> None:
        """Add one round's value. Words are said anew each time: the last ones stand."""
        figure = self.all.setdefault(name, Figure(name, unit))
        figure.values.append(value)
        figure.reach, figure.note = reach or figure.reach, note or figure.note

    def ratio(self, name: str, above: str, below: str, *, reach: str) -> None:
        """Round by round, one figure over another."""
        pairs = zip(self.all[above].values, self.all[below].values, strict=True)
        self.all[name] = Figure(name, "times", [one / other for one, other in pairs], reach)

    def as_text(self) -> str:
        head = f"{'':54}{'median':>10} {'least':>10} {'most':>10}"
        return "\n".join([head, *(figure.as_row() for figure in self.all.values())])

    def as_json(self) -> str:
        figures = [one.as_json() for one in self.all.values()]
        return json.dumps({"machine": machine(), "figures": figures, "peers": [peer.as_json() for peer in PEERS]}, indent=1)


def machine() -> dict[str, Any]:
    """What it ran on. The load says whether it was alone."""
    model = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = next((int(line.split()[1]) // 1024 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    packages = {name: version(name) for name in PACKAGES}
    return {
        "processor": model or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_mb": memory,
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **packages,
        "load": [round(one, 2) for one in os.getloadavg()],
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
