"""What reading a letter with care costs of an import: our reader, and in turns with it the least that is still honest.

The least is what the standard library does by itself: `email.message_from_bytes`, the preferred body, the names of the
attachments. It tells no quotation from new words, has no bound, and guesses at no charset.
"""

import email
import email.policy
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from bench.imports import PYTHON, write_out
from bench.letters import samples
from bench.measuring import Figures, run, settings
from intake.arrival import Arrival, Wire
from intake.letters import Unreadable, read
from intake.reading import read_arrival

_MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def least(raw: bytes) -> tuple[str, str, list[str | None]]:
    """Read a letter as the standard library gives it."""
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(letter, EmailMessage)
    body = letter.get_body(("plain", "html"))
    words = ""
    if body is not None:
        try:
            words = str(body.get_content())
        except (LookupError, ValueError):  # a charset that it does not know
            words = str(body.get_payload())
    return str(letter["From"]), words, [part.get_filename() for part in letter.iter_attachments()]


def _ours(raw: bytes) -> None:
    try:
        read(Arrival("bench", Wire.EMAIL, raw, _MOMENT))
    except Unreadable:
        return


def _whole(raw: bytes) -> None:
    read_arrival(Arrival("bench", Wire.EMAIL, raw, _MOMENT))


def measure(figures: Figures, number: int, rounds: int, work: Path) -> None:
    """In turns, by CPU: the least, our reader, the reader with what the words show, and a whole import of the same letters."""
    letters = samples(number)
    write_out(letters, work / "letters")
    raws = [letter.raw for letter in letters]
    for way in (least, _ours, _whole):  # what is compiled or loaded the first time is no cost of a letter
        _cpu(way, raws[: len(raws) // 10])
    for turn in range(rounds):
        plain, ours, whole = _cpu(least, raws), _cpu(_ours, raws), _cpu(_whole, raws)
        environment = settings(DATABASE_URL=f"sqlite:///{work / f'heard-{turn}.db'}")
        run([*PYTHON, "bot", "migrate"], environment)
        done = run([*PYTHON, "bot", "import-mail", str(work / "letters"), "--send"], environment).cpu / number * 1000
        figures.note("reading, by the standard library alone", "ms of CPU a letter", plain)
        figures.note("reading, by our reader", "ms of CPU a letter", ours)
        figures.note("reading, with what the words show", "ms of CPU a letter", whole)
        figures.note("import-mail --send, SQLite, for these", "ms of CPU a letter", done)
        slower = (ours - plain) / (done - (ours - plain)) * 100
        figures.note("an import is slower by our reader", "%", slower, reach="at most 20")


def _cpu(way: Callable[[bytes], object], raws: Sequence[bytes]) -> float:
    began = time.process_time()
    for raw in raws:
        way(raw)
    return (time.process_time() - began) / len(raws) * 1000
