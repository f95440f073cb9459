"""`make soak ARGS="--minutes 10 --seed 7"`: people write, and everything that can happen to a service happens, in no order.

Ends with what was counted: every message stored once, every receipt sent, doubled only where it is marked. Exit 1 where not. It
takes up to five minutes more than asked: what was put off is waited for, and then everything is counted.
"""

import argparse
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.prove.running import PROJECT, RECEIPTS_ENDED, Town, running_rehearsal, wait_until
from tests.servers.postgres import programs, running_postgres

CHAT_FAULTS = ("429", "500", "dropped", "dropped_after_accepting")
MAIL_FAULTS = ("451", "dropped", "dropped-early", "lost")
WIDEST_STEP_SECONDS = 90
"""How far the clock is moved at most, either way."""
LITTLE_ROOM_BYTES = 60_000
SETTLES_WITHIN_SECONDS = 300
LET_WORK = 0.5
"""How often it is let go on until it is ready, however long that takes."""
READY_WITHIN_SECONDS = 60
LATER_SECONDS = 4 * 3600
"""How far the clock is put ahead in the end, so that what was put off is due."""


@dataclass
class Soak:
    """One run. What happens is drawn from `chance`, so that a seed repeats it."""

    town: Town
    chance: random.Random
    letters: int = 0
    chats: int = 0
    happened: Counter[str] = field(default_factory=Counter)
    ahead: float = 0.0
    """How far the machine's clock is ahead of the true time."""
    service: subprocess.Popen[bytes] | None = None
    says_again_at: float = 0.0
    ready_before: int = 0
    """How often a service had been ready when this one was started."""

    def start(self, *, room: int = 0) -> None:
        """Start the service; `room` is how far the database's files may still grow, 0 for as far as they like."""
        self.ready_before = self.town.readies()

        def little_room() -> None:
            size = max((file.stat().st_size for file in self.town.folder.glob("heard.db*")), default=0)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, resource.RLIM_INFINITY))

        with self.town.log.open("ab") as log:
            self.service = subprocess.Popen(
                [sys.executable, "-m", "tests.soak.service", str(self.ahead), "run"],
                cwd=PROJECT,
                env=self.town.environment(),
                stdout=log,
                stderr=log,
                preexec_fn=little_room if room else None,  # noqa: PLW1509  # one thread
            )

    def end(self, *, kindly: bool) -> None:
        if self.service is None:
            return
        if kindly:
            self.service.send_signal(signal.SIGTERM)
        else:
            self.service.kill()
        self.service.wait(30)
        self.service = None

    # what happens

    def the_plug_is_pulled(self) -> None:
        self.end(kindly=False)
        self.start()

    def it_is_stopped_and_started(self) -> None:
        self.end(kindly=True)
        self.start()

    def many_write_letters(self) -> None:
        self._write(letters=30, chats=0)

    def many_write_in_chat(self) -> None:
        self._write(letters=0, chats=30)

    def the_mail_server_is_in_trouble(self) -> None:
        fault = self.chance.choice(MAIL_FAULTS)
        self.town.rehearsal.post("mail_fault", fault=fault, count=self.chance.randint(1, 4))
        self._write(letters=3, chats=0)

    def telegram_is_in_trouble(self) -> None:
        self.town.rehearsal.post("fault", fault=self.chance.choice(CHAT_FAULTS), count=self.chance.randint(1, 4))
        self._write(letters=0, chats=3)

    def the_disk_is_full(self) -> None:
        """For a while nothing more can be written; then somebody makes room."""
        self.end(kindly=False)
        self.start(room=LITTLE_ROOM_BYTES)
        self._write(letters=8, chats=8)
        time.sleep(self.chance.uniform(2, 5))
        self.end(kindly=False)
        self.start()

    def the_clock_is_moved(self) -> None:
        self.end(kindly=False)
        self.ahead = self.chance.uniform(-WIDEST_STEP_SECONDS, WIDEST_STEP_SECONDS)
        self.start()

    def nothing_happens(self) -> None:
        self._write(letters=2, chats=2)

    def step(self) -> None:
        """One thing, and some time for it to have its way."""
        things: tuple[Callable[[], None], ...] = (
            self.the_plug_is_pulled,
            self.the_plug_is_pulled,
            self.it_is_stopped_and_started,
            self.many_write_letters,
            self.many_write_in_chat,
            self.the_mail_server_is_in_trouble,
            self.telegram_is_in_trouble,
            self.the_clock_is_moved,
            self.nothing_happens,
            # A server's disk is not ours to fill: the limit would only hit our own log.
            self.the_disk_is_full if self.town.url.startswith("sqlite") else self.the_plug_is_pulled,
        )
        thing = self.chance.choice(things)
        self.happened[thing.__name__.replace("_", " ")] += 1
        thing()
        self._write(letters=1, chats=1)
        time.sleep(self.chance.uniform(0.5, 4))
        # On a slow machine a service that is always killed while it starts would prove nothing.
        if self.chance.random() < LET_WORK:
            wait_until(lambda: self.town.readies() > self.ready_before, READY_WITHIN_SECONDS)

    def settle(self) -> bool:
        """Let it finish in peace, hours later."""
        self.end(kindly=False)
        self.ahead = LATER_SECONDS
        self.start()
        done = wait_until(self._has_settled, SETTLES_WITHIN_SECONDS)
        self.end(kindly=True)
        return done

    def _has_settled(self) -> bool:
        ended, written = self.town.count(RECEIPTS_ENDED), self.letters + self.chats
        self.say(f"it is left in peace: {ended} of {written} receipts have ended")
        return ended >= written

    def say(self, words: str) -> None:
        """How it stands: on one line of a terminal; elsewhere, as in a log, a line every half minute."""
        now = time.monotonic()
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{words:<100}")
        elif now >= self.says_again_at:
            self.says_again_at = now + 30
            sys.stderr.write(f"{words}\n")
        sys.stderr.flush()

    def _write(self, *, letters: int, chats: int) -> None:
        for _ in range(letters):
            self.town.write_letter(self.letters)
            self.letters += 1
        for _ in range(chats):
            self.town.write_chat(self.chats)
            self.chats += 1


def main() -> int:
    """Run, count, and say it."""
    asked = _arguments()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="heard-soak-")))
        url = f"sqlite:///{folder / 'heard.db'}"
        if asked.postgresql:
            if (where := programs()) is None:
                sys.exit("There is no PostgreSQL on this machine: install it, or leave --postgresql out.")
            server = stack.enter_context(running_postgres(where))
            url = server.url(server.create())
        town = Town(stack.enter_context(running_rehearsal(may_be_killed=True)), url, folder)
        town.migrate()
        soak = Soak(town, random.Random(asked.seed))
        try:
            _keep_on(soak, asked.minutes * 60)
            return _tell(soak, done=soak.settle(), seed=asked.seed)
        except (KeyboardInterrupt, OSError, subprocess.SubprocessError) as problem:
            sys.stdout.write(f"\nNO VERDICT: it was cut short ({type(problem).__name__}). {_kept_log(soak, asked.seed)}\n")
            return 2
        finally:
            soak.end(kindly=False)


def _keep_on(soak: Soak, seconds: float) -> None:
    began = time.monotonic()
    soak.start()
    while (passed := time.monotonic() - began) < seconds:
        soak.step()
        said = f"{passed / 60:5.1f} of {seconds / 60:.0f} minutes: {soak.letters} letters, {soak.chats} chats, "
        soak.say(f"{said}{sum(soak.happened.values())} things happened")


def _tell(soak: Soak, *, done: bool, seed: int) -> int:
    soak.says_again_at = 0.0
    soak.say("everything is counted")
    sys.stderr.write("\n")
    wrong = soak.town.wrong(soak.letters, soak.chats)
    marked = soak.town.count("select count(*) from outbox where notice = 'receipt' and may_repeat")
    doubled = sum(n > 1 for counted in soak.town.receipts() for n in counted.values())
    lines = [f"{count:5} times {name}" for name, count in sorted(soak.happened.items())]
    lines.append(
        f"{soak.letters} letters and {soak.chats} chats; {doubled} receipts arrived twice, {marked} are marked as perhaps doubled"
    )
    if not done:
        wrong.append(f"not all receipts were sent within {SETTLES_WITHIN_SECONDS} seconds of peace")
    lines += [f"WRONG: {one}" for one in wrong[:20]]
    lines.append(
        f"{len(wrong)} things are wrong (seed {seed})" if wrong else f"nothing lost, nothing doubled unmarked (seed {seed})"
    )
    sys.stdout.write("\n".join(lines) + "\n")
    if wrong:
        sys.stdout.write(f"{_kept_log(soak, seed)}\n")
    return 1 if wrong else 0


def _kept_log(soak: Soak, seed: int) -> str:
    kept = Path(tempfile.gettempdir()) / f"heard-soak-{seed}.log"
    kept.write_bytes(soak.town.log.read_bytes() if soak.town.log.exists() else b"")
    return f"The service's log is kept in {kept}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak", description="Kills, floods and faults; then everything is counted.")
    parser.add_argument(
        "--minutes",
        type=float,
        default=10,
        metavar="N",
        help="for how long (default 10); counting comes on top, up to five minutes",
    )
    parser.add_argument(
        "--seed", type=int, default=20260302, metavar="N", help="the same seed, the same things in the same order"
    )
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
