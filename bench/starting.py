"""How long the service takes to be ready, and what it holds in memory when nothing happens."""

import asyncio
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.measuring import PROJECT, Figures, run, settings
from bot.rehearsal.__main__ import settings as wires
from bot.rehearsal.bot_api import BotApi
from bot.rehearsal.post_office import PostOffice

IDLE_SECONDS = 3.0
PATIENCE_SECONDS = 60


def memory_of(process: int) -> dict[str, float]:
    """Rss and Pss of a process, in MB."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.startswith(("Rss:", "Pss:"))}


def family(process: int) -> list[int]:
    """A process and those that it has started, and they in turn."""
    threads = Path(f"/proc/{process}/task").iterdir()
    children = [int(child) for thread in threads for child in (thread / "children").read_text().split()]
    return [process, *(one for child in children for one in family(child))]


async def measure(figures: Figures, rounds: int, idle_seconds: float, work: Path) -> None:
    """With all three wires: mailbox, mail server and chat."""

    def now() -> datetime:
        return datetime.now(UTC)

    async with BotApi(now) as api, PostOffice(now) as office:
        given = {name.removeprefix("HEARD_"): value for name, value in wires(api, office).items()}
        for turn in range(rounds):
            environment = settings(
                **given, DATABASE_URL=f"sqlite:///{work / f'idle-{turn}.db'}", DUTY_ADDRESS="duty@council.example"
            )
            await asyncio.to_thread(run, [sys.executable, "-m", "bot", "migrate"], environment)
            log = work / f"idle-{turn}.log"
            began = time.perf_counter()
            with log.open("ab") as out:
                command = [sys.executable, "-m", "bot", "run"]
                service = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=out, stderr=out)
            while " ready" not in log.read_text():
                if service.poll() is not None or time.perf_counter() - began > PATIENCE_SECONDS:
                    sys.exit(f"the service did not start: {log.read_text()[-2000:]}")
                await asyncio.sleep(0.01)
            figures.note("start to ready", "s", time.perf_counter() - began, reach="under 2")
            await asyncio.sleep(idle_seconds)
            held, processes = memory_of(service.pid), family(service.pid)
            share = sum(memory_of(one)["Pss"] for one in processes)
            note = f"its own share {share:.0f}, with {len(processes) - 1} processes beside it"
            figures.note("memory when idle", "MB", held["Rss"], reach="under 120", note=note)
            service.terminate()
            await asyncio.to_thread(service.wait, 20)
