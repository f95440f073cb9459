"""`python -m tests.soak.reading --letters 1000000`: damaged letters, read by a worker that has limits and can be ended.

Nothing may come out of the reader but a letter or the word that there is none; no letter may take more than two seconds of the
processor, and none more than 200 MB of memory. What breaks one of these is written to a file, and the exit is 1.
"""

import argparse
import os
import random
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from intake.arrival import Arrival, Wire
from intake.reading import read_arrival
from tests.casework.rooms import MONDAY
from tests.desk.damage import damaged
from tests.desk.letters import BOUNDARY, FOLDER, NAMES, OURS

SECONDS = 2.0
MEGABYTES = 200
BATCH = 5_000


def read_batch(seed: int) -> list[str]:
    """Read so many and say what was wrong. Where the worker dies, its batch names the seed."""
    start = _megabytes()
    resource.setrlimit(resource.RLIMIT_CPU, (BATCH, BATCH))
    chance = random.Random(seed)
    originals = [(FOLDER / f"{name}.eml").read_bytes() for name in NAMES]
    wrong: list[str] = []
    for number in range(BATCH):
        raw = damaged(chance.choice(originals), chance, originals)
        began, before = time.process_time(), _megabytes()
        try:
            read_arrival(Arrival("import", Wire.EMAIL, raw, MONDAY), boundary=BOUNDARY, our_addresses=OURS)
        except Exception as problem:  # noqa: BLE001  # that is what is looked for
            wrong.append(f"{seed}:{number}: {type(problem).__name__}: {problem}")
        seconds, grown = time.process_time() - began, _megabytes() - max(before, start)
        if seconds > SECONDS or grown > MEGABYTES:
            wrong.append(f"{seed}:{number}: {seconds:.1f} s, {grown} MB")
    return wrong


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) // 2))
    chosen = parser.parse_args()
    seeds = range(chosen.seed, chosen.seed + max(1, chosen.letters // BATCH))
    wrong: list[str] = []
    began = time.monotonic()
    with ProcessPoolExecutor(chosen.workers) as workers:
        for done, found in enumerate(workers.map(read_batch, seeds), start=1):
            wrong += found
            minutes = (time.monotonic() - began) / done * (len(seeds) - done) / 60
            sys.stdout.write(f"\r{done * BATCH:,} letters read, {len(wrong)} wrong, about {minutes:.0f} minutes left ")
            sys.stdout.flush()
            if wrong:  # at once: who ends it early has what was found
                Path("soak-reading.txt").write_text("\n".join(wrong) + "\n")
    sys.stdout.write("\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
