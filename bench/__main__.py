"""`make bench`: every figure of docs/performance.md, measured here and now.

`--quick` is a tenth of it in three rounds; `--only NAMES` some of import, reading, mailbox, chat, desk, dates, start, reports;
`--json FILE` writes the figures, the machine and the versions. On a quiet machine of two cores all of it takes a quarter of an
hour, with the reports over a hundred thousand cases, once; `--only reports` takes a million, three times, and an hour.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import chats, dates, desks, imports, peers, readings, reports, starting
from bench.measuring import Figures, machine

PARTS = ("import", "reading", "mailbox", "chat", "desk", "dates", "start", "reports")


def main() -> None:
    """Measure what was asked for and print it."""
    asked = _arguments()
    figures, rounds = Figures(), asked.rounds or (3 if asked.quick else 5)
    letters, cases, seconds, flood = (200, 10_000, 5, 300) if asked.quick else (2_000, 100_000, 15, 2_000)
    is_many = asked.only == ["reports"]
    parts: dict[str, Callable[[Path], None]] = {
        "import": lambda work: imports.measure(figures, letters, rounds, work),
        "reading": lambda work: readings.measure(figures, letters, rounds, work),
        "mailbox": lambda work: imports.measure_mailbox(figures, letters, rounds, work),
        "chat": lambda work: asyncio.run(chats.measure(figures, rounds, seconds, flood, work)),
        "desk": lambda work: asyncio.run(desks.measure(figures, cases, rounds, work)),
        "dates": lambda _: dates.measure(figures, 100_000 if asked.quick else 1_000_000, rounds),
        "reports": lambda work: reports.measure(figures, cases * (10 if is_many else 1), min(rounds, 3 if is_many else 1), work),
        "start": lambda work: asyncio.run(starting.measure(figures, rounds, 1 if asked.quick else starting.IDLE_SECONDS, work)),
    }
    for name in PARTS:
        if name not in asked.only:
            continue
        sys.stderr.write(f"{name}: {rounds} rounds, load {os.getloadavg()[0]:.1f} ...\n")
        began, known = time.perf_counter(), set(figures.all)
        with tempfile.TemporaryDirectory(prefix="heard-bench-") as work:
            parts[name](Path(work))
        sys.stderr.write(f"{name}: took {time.perf_counter() - began:.0f} s\n")
        # Said at once: a later part that breaks off takes nothing along.
        sys.stderr.write("".join(f"  {one.as_row()}\n" for title, one in figures.all.items() if title not in known))
    sys.stdout.write(f"{machine()}\n\n{figures.as_text()}\n\n{peers.as_text()}\n")
    if asked.json:
        asked.json.write_text(figures.as_json() + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure what the service costs.")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything, three rounds")
    parser.add_argument("--rounds", type=int, metavar="N", help="how often each thing is measured, in turns")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
