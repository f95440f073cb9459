"""The chat: fifty people who each write once a second, and a flood. The service is a process of its own, the Bot API is here."""

import asyncio
import contextlib
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from bench.measuring import PROJECT, Figures, run, settings
from bot.rehearsal.bot_api import BotApi, Call

PEOPLE = 50
SETTLE_SECONDS = 3.0
"""Let pass before anything counts: the first updates meet cold code."""
PATIENCE_SECONDS = 120
FIRST_CHAT = 10_000


class Calls(list[Call]):
    """The calls of the bot, with the moment of the last one to each chat. `wakes` is set at each."""

    def __init__(self) -> None:
        super().__init__()
        self.said_at: dict[int, list[float]] = {}
        self.wakes = asyncio.Event()

    def append(self, call: Call) -> None:
        super().append(call)
        if call.method == "sendMessage":
            self.said_at.setdefault(int(call.parameters["chat_id"]), []).append(time.perf_counter())
            self.wakes.set()


@contextlib.asynccontextmanager
async def service(work: Path, api: BotApi, name: str) -> AsyncIterator[Path]:
    """A running service with the chat alone, ready."""
    file, log = work / f"{name}.db", work / f"{name}.log"
    environment = settings(DATABASE_URL=f"sqlite:///{file}", TELEGRAM_TOKEN=api.token, TELEGRAM_API_URL=api.url)
    await asyncio.to_thread(run, [sys.executable, "-m", "bot", "migrate"], environment)
    with log.open("ab") as out:
        process = subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=PROJECT, env=environment, stdout=out, stderr=out)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while " ready" not in log.read_text() and process.poll() is None:
                await asyncio.sleep(0.05)
        if process.poll() is not None:
            sys.exit(f"the service did not start: {log.read_text()[-2000:]}")
        yield file
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 20)


async def measure(figures: Figures, rounds: int, seconds: float, flood: int, work: Path) -> None:
    """Both, in turns."""
    for turn in range(rounds):
        async with BotApi(lambda: datetime.now(UTC)) as api:
            api.calls = calls = Calls()
            async with service(work, api, f"chat-{turn}"):
                waits = await _everybody_writes(api, calls, seconds)
        cuts = statistics.quantiles(waits, n=100)
        figures.note("update to reply, 50 people once a second: median", "ms", cuts[49] * 1000)
        figures.note("the same: 99 of 100", "ms", cuts[98] * 1000, reach="under 50", note=f"{len(waits)} replies a round")
        async with BotApi(lambda: datetime.now(UTC)) as api:
            api.calls = calls = Calls()
            async with service(work, api, f"flood-{turn}"):
                figures.note("replies a second, everybody at once", "a second", await _flood(api, calls, flood), reach="500")


async def _everybody_writes(api: BotApi, calls: Calls, seconds: float) -> list[float]:
    """How long each reply took from the update to the call that sends it."""
    waits: list[float] = []
    began = time.perf_counter()

    async def one(place: int) -> None:
        chat = FIRST_CHAT + place
        person = api.person(chat)
        await asyncio.sleep(place / PEOPLE)
        number = 0
        while time.perf_counter() - began < seconds + SETTLE_SECONDS:
            due = began + place / PEOPLE + number
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            said, heard = time.perf_counter(), len(calls.said_at.get(chat, ()))
            person.says("/start" if number % 2 else "status")
            async with asyncio.timeout(PATIENCE_SECONDS):
                while len(calls.said_at.get(chat, ())) <= heard:
                    calls.wakes.clear()
                    await calls.wakes.wait()
            if said - began > SETTLE_SECONDS:
                waits.append(calls.said_at[chat][heard] - said)
            number += 1

    await asyncio.gather(*(one(place) for place in range(PEOPLE)))
    return waits


async def _flood(api: BotApi, calls: Calls, people: int) -> float:
    """Replies a second, from the first to the last, when this many wrote while nobody looked."""
    for place in range(people):
        api.person(FIRST_CHAT + place).says("/start")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(calls.said_at) < people:
            calls.wakes.clear()
            await calls.wakes.wait()
    firsts = [times[0] for times in calls.said_at.values()]
    return (people - 1) / (max(firsts) - min(firsts))
