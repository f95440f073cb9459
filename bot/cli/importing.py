"""Letters from files and from the quarantine shelf, brought in as through a door."""

import subprocess
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.cli.acting import acting
from bot.cli.at_work import At, at_work
from bot.cli.bar import Bar
from bot.cli.common import Answer
from intake.arrival import Arrival, Wire
from intake.letters import Unreadable, read, received_at_of, split_mbox
from intake.letters import identity_of as letter_identity
from intake.reading import NotRead
from intake.reception import GROUP, Admitted, Reception, identity_of
from intake.representing import Manner
from procedures.working_days import date_at_the_desk
from storage import inbound
from storage.erasing import require_key
from storage.tables import ArrivalRow, LedgerResult
from storage.unit_of_work import UnitOfWork

GROUP_BYTES = 32_000_000
"""Letters of one commit hold about this much at most: a folder of scans is not read into memory at once."""
RESULTS = ("opened", "added", "automatic", "repeat", "quarantined")


@dataclass(frozen=True)
class Filed:
    """A letter as a file holds it."""

    path: str
    index: int
    raw: bytes


def reception_of(at: At, manner: Manner | None = None, reader: subprocess.Popen[bytes] | None = None) -> Reception:
    """The reception, as the service has it. `reader` was started ahead."""
    boundary = at.settings.mailbox.boundary if at.settings.mailbox else ""
    ours = (at.office.council.from_address,)
    return Reception(
        at.memory,
        lambda: at.office,
        boundary,
        our_addresses=ours,
        manner=manner or Manner(),
        reads_apart=True,
        reader=reader,
        erasure_key=at.settings.erasure_key,
    )


async def import_letters(
    path: Path,
    *,
    send: bool,
    tell: Callable[[dict[str, Any]], None] | None,
    reader: subprocess.Popen[bytes] | None = None,
) -> tuple[dict[str, int], int, list[str]]:
    """Bring in every letter under a path; return the counts, how many repeats were erased since, and the files not read.

    What was told of is stored: a crash half-way is mended by doing the same again.
    """
    counts, erased, unread = dict.fromkeys(RESULTS, 0), 0, list[str]()
    files = list(_files_under(path))
    async with at_work() as at:
        async with at.memory.reading() as uow:
            await require_key(uow, at.settings.erasure_key)
        reception = reception_of(at, Manner(is_imported=True, answer=send), reader)
        taken = deque[list[Filed]]()
        groups = _arriving(_groups(_letters(files, path, unread)), taken, at.now, at.office.calendar.known_from)
        with Bar("Importing letters", sum(_size(file) for file in files)) as bar:
            async with aclosing(reception), aclosing(reception.admit_each(groups, at.now)) as each:
                async for admitted in each:
                    some = taken.popleft()
                    for letter, one in zip(some, admitted, strict=True):
                        result = result_of(one)
                        counts[result] += 1
                        erased += one.erased_at is not None
                        if tell:
                            found = {"ledger": one.arrival_id, "result": result, "reference": one.reference}
                            if one.erased_at:
                                found["erased_on"] = date_at_the_desk(one.erased_at).isoformat()
                            tell({"path": letter.path, "index": letter.index, **found})
                    bar.advance(sum(len(one.raw) for one in some))
    return counts, erased, unread


def _arriving(groups: Iterator[list[Filed]], taken: deque[list[Filed]], now: datetime, since: date) -> Iterator[list[Arrival]]:
    """Each group as the reception takes it; what was taken is remembered, since it reads ahead.

    A letter of a day before the calendar begins, 1970 for most, is filed as of today, as one that names no day.
    """
    for some in groups:
        taken.append(some)
        yield [Arrival("import", Wire.EMAIL, one.raw, received_at_of(one.raw, now, since)) for one in some]


def result_of(one: Admitted) -> str:
    """What became of a letter, in the words of the import. A question of the past was heard, and is no news.

    What was erased was here before: a repeat, of which nothing is stored.
    """
    if one.result is None:
        return "repeat"
    return "added" if one.result is LedgerResult.ASKED else one.result.value


async def identities_of(uow: UnitOfWork, reference: str) -> dict[str, str]:
    """What makes each arrival of a case itself, through whatever door it comes again; by their ids in the ledger."""
    return {row.id: _identity(row) for row in await inbound.arrivals_of(uow, reference)}


def _identity(row: ArrivalRow) -> str:
    arrival = Arrival(row.door, Wire(row.wire), row.raw, row.received_at, row.position, row.validity)
    if arrival.wire is Wire.EMAIL:
        return letter_identity(arrival.raw)
    try:
        return read(arrival).identity
    except Unreadable:
        return identity_of(NotRead(arrival, row.problem))


def _files_under(path: Path) -> Iterator[Path]:
    """Every file that may hold letters, in order of name. Of a Maildir only what was delivered: not `tmp`, no index."""
    if path.is_file():
        yield path
    elif path.is_dir():
        inside = sorted(one for one in path.iterdir() if not one.is_symlink())
        if (path / "cur").is_dir() and (path / "new").is_dir():
            inside = [one for one in inside if one.is_dir() and one.name != "tmp"]
        else:
            inside = [one for one in inside if one.is_dir() or not one.name.startswith(".")]
        for one in inside:
            yield from _files_under(one)


def _letters(files: list[Path], root: Path, unread: list[str]) -> Iterator[Filed]:
    for file in files:
        name = str(file.relative_to(root) if root.is_dir() else root)
        try:
            held = file.read_bytes()
        except OSError:
            unread.append(name)
            continue
        several = split_mbox(held) if held.strip() else [held]
        yield from (Filed(name, index, raw) for index, raw in enumerate(several))


def _groups(letters: Iterator[Filed]) -> Iterator[list[Filed]]:
    """As many letters at a time as one commit takes."""
    some, size = list[Filed](), 0
    for letter in letters:
        if some and (len(some) == GROUP or size + len(letter.raw) > GROUP_BYTES):
            yield some
            some, size = [], 0
        some.append(letter)
        size += len(letter.raw)
    if some:
        yield some


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


async def on_the_shelf(uow: UnitOfWork, beginning: str) -> ArrivalRow:
    """The one arrival in quarantine whose name begins so."""
    found = await inbound.arrivals_starting(uow, beginning.strip().lower()) if beginning.strip() else []
    found = [row for row in found if row.result is LedgerResult.QUARANTINED]
    if len(found) != 1:
        raise Answer(
            "That names no single letter in quarantine. See `heard quarantine list`, and give more of its first symbols."
        )
    return found[0]


async def read_again(beginning: str, who: str) -> str:
    """Read an arrival from the quarantine shelf once more. What can now be read is filed as of the day it came."""
    async with at_work() as at:
        by = acting(at, who)
        async with at.memory.reading() as uow:
            row = await on_the_shelf(uow, beginning)
        if not row.raw:
            raise Answer(
                "Its bytes never came: look in the mailbox, log it by hand, then `heard quarantine done`. Nothing was changed."
            )
        manner = Manner(is_imported=True, answer=False) if row.door == "import" else Manner()
        arrival = Arrival(row.door, Wire(row.wire), row.raw, row.received_at, row.position, row.validity)
        async with aclosing(reception_of(at, manner)) as reception:
            [one] = await reception.admit([arrival], at.now)
        if one.arrival_id == row.id or one.result is LedgerResult.QUARANTINED:
            raise Answer("It still cannot be read. It stays on the shelf.")
        async with at.memory.unit_of_work() as uow:
            shelved = await on_the_shelf(uow, row.id)
            shelved.result, shelved.dealt_with_by, shelved.dealt_with_at = LedgerResult.RELEASED, by.person.address, at.now
            uow.add(shelved)
        return f"It was read: {result_of(one)} {one.reference or ''}".rstrip()
