"""`import-mail`, `log`, `classify`: words that come another way than through a door."""

import json as json_module
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.cli.common import AS, JSON, Answer, At, Exit, at_work, err, out, print_json, run
from procedures.terms import Channel, Role


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.command(name="import-mail", epilog="Example: heard import-mail old-letters/ --json")(import_mail)
    app.command(
        epilog='Example: heard log --by phone --name "Ms Green" --words "My son has had no visit." --as officer@council.example'
    )(log)
    app.command(epilog="Example: heard classify messages.jsonl")(classify)


def import_mail(
    path: Path = typer.Argument(help="A letter (.eml), an mbox file, a Maildir or a folder of them."),
    send: bool = typer.Option(False, "--send", help="Send receipts. Without it an imported letter sends nothing to anyone."),
    json: bool = JSON,
) -> None:
    """Bring letters from the past in: each becomes a case with the clocks of the day it came, and nothing is sent."""
    if not path.exists():
        raise Answer(f"There is nothing at {path.name}. Nothing was imported.")
    counts = run(lambda: _import(path, send=send, json=json))
    if json:
        print_json({"summary": counts})
    else:
        out().print(", ".join(f"{count} {what}" for what, count in counts.items()) or "No letters found.")


async def _import(path: Path, *, send: bool, json: bool) -> dict[str, int]:
    from intake.arrival import Arrival, Wire
    from intake.letters import received_at_of
    from intake.reception import GROUP, Reception
    from intake.representing import Manner

    counts: dict[str, int] = {"opened": 0, "added": 0, "automatic": 0, "repeat": 0, "quarantined": 0}
    async with at_work() as at:
        reception = Reception(
            at.memory,
            lambda: at.office,
            boundary=at.settings.mailbox.authserv_id if at.settings.mailbox else "",
            our_addresses=(at.office.council.from_address,),
            manner=Manner(is_imported=True, answer=send),
        )
        letters = list(_letters(path))
        with _bar("Importing letters", len(letters)) as bar:
            for start in range(0, len(letters), GROUP):
                some = letters[start : start + GROUP]
                arrivals = [
                    Arrival("import", Wire.EMAIL, raw, received_at_of(raw, at.now))
                    for _, _, raw in ((n, i, read()) for n, i, read in some)
                ]
                admitted = await reception.admit(arrivals, at.now)
                for (name, index, _), one in zip(some, admitted, strict=True):
                    result = "repeat" if one.result is None else {"asked": "added"}.get(one.result.value, one.result.value)
                    counts[result] += 1
                    if json:
                        print_json(
                            {"path": name, "index": index, "ledger": one.arrival_id, "result": result, "reference": one.reference}
                        )
                bar.advance(len(some))
    return counts


def _letters(path: Path) -> Iterator[tuple[str, int, Any]]:
    """Every letter under a path: its file, its number in it, and how to read its bytes."""
    from intake.letters import split_mbox

    files = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file() and not one.name.startswith("."))
    for file in files:
        name = str(file if path.is_file() else file.relative_to(path))
        with file.open("rb") as opened:
            is_mbox = opened.read(5) == b"From "
        if is_mbox:
            for index, raw in enumerate(split_mbox(file.read_bytes())):
                yield name, index, lambda raw=raw: raw
        else:
            yield name, 0, file.read_bytes


class _bar:  # noqa: N801  # reads as a verb where it is used
    """A progress bar on stderr, for a terminal only."""

    def __init__(self, words: str, total: int) -> None:
        console = err()
        self._progress = Progress(
            TextColumn(words),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._total = total

    def __enter__(self) -> "_bar":
        self._progress.start()
        self._task = self._progress.add_task("", total=self._total)
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def advance(self, count: int) -> None:
        self._progress.advance(self._task, count)


def words_of(words: str, words_from: str) -> str:
    """Words given on the line, in a file, or on stdin."""
    if words_from == "-":
        return sys.stdin.read()
    return Path(words_from).read_text("utf-8") if words_from else words


def log(
    by: Channel = typer.Option(..., "--by", help="How it reached us."),
    words: str = typer.Option("", "--words", help="What they said, in their words."),
    words_from: str = typer.Option("", "--words-from", metavar="FILE", help="The same, from a text file (- for stdin)."),
    received: str = typer.Option("", "--received", metavar="YYYY-MM-DDTHH:MM", help="When, at the desk; now by default."),
    oral: bool = typer.Option(False, "--oral/--written", help="Said or written. A phone call is oral."),
    name: str = typer.Option("", "--name", help="Their name, if they gave it."),
    email: str = typer.Option("", "--email", help="Where we may write; leave it out if they do not want that."),
    phone: str = typer.Option("", "--phone", help="Where we may call."),
    raised_by: Role = typer.Option(Role.UNKNOWN, "--from", help="Who they are."),
    no_receipt: bool = typer.Option(False, "--no-receipt", help="Send no receipt."),
    who: str = AS,
    json: bool = JSON,
) -> None:
    """Take down a call, a letter or a visit. It gets the same clocks and letters as everything else."""
    said = words_of(words, words_from)
    if not said.strip():
        raise Answer("There are no words. Give --words or --words-from. Nothing was kept.")
    is_oral = oral or by in (Channel.PHONE, Channel.IN_PERSON)

    async def work() -> dict[str, Any]:
        from bot.cli.acting import acting
        from intake.arrival import Arrival, Hand, Wire
        from intake.reception import Reception

        async with at_work() as at:
            person = acting(at, who).person
            hand = Hand(person.address, by.value, is_oral, name, email, phone, raised_by.value, send_receipt=not no_receipt)
            raw = json_module.dumps({**asdict(hand), "words": said, "logged_at": at.now.isoformat()}).encode()
            reception = Reception(at.memory, lambda: at.office)
            [one] = await reception.admit([Arrival("hand", Wire.HAND, raw, _moment(received, at))], at.now)
            return {
                "reference": one.reference,
                "result": one.result.value if one.result else "repeat",
                "problem": one.problem or None,
            }

    found = run(work)
    if json:
        print_json(found)
    elif found["reference"]:
        out().print(found["reference"])
    if not found["reference"]:
        raise Answer(f"It could not be filed ({found['problem']}); it is in quarantine. See `heard quarantine list`.")


def _moment(received: str, at: At) -> datetime:
    from procedures.working_days import LONDON

    if not received:
        return at.now
    try:
        moment = datetime.fromisoformat(received)
    except ValueError:
        raise typer.BadParameter(f"{received!r} is not a moment like 2026-03-02T16:20.") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=LONDON)
    if moment > at.now:
        raise Answer("That is in the future. Nothing was kept.")
    return moment


async def read_again(beginning: str, who: str) -> str:
    """Read an arrival from the quarantine shelf once more. What can now be read is filed as of the day it came."""
    from bot.cli.acting import acting
    from intake.arrival import Arrival, Wire
    from intake.reception import Reception
    from storage import inbound
    from storage.tables import LedgerResult

    async with at_work() as at:
        by = acting(at, who)
        async with at.memory.reading() as uow:
            found = [
                row for row in await inbound.arrivals_starting(uow, beginning.lower()) if row.result is LedgerResult.QUARANTINED
            ]
            if len(found) != 1:
                raise Answer("That names no single letter in quarantine. See `heard quarantine list`.")
            row = found[0]
            arrival = Arrival(row.door, Wire(row.wire), row.raw, row.received_at)
        if not arrival.raw:
            raise Answer(
                "Its bytes never came: look in the mailbox, log it by hand, then `heard quarantine done`. Nothing was changed."
            )
        [one] = await Reception(at.memory, lambda: at.office).admit([arrival], at.now)
        if one.result in (None, LedgerResult.QUARANTINED):
            raise Answer("It still cannot be read. It stays on the shelf.", Exit.NO)
        async with at.memory.unit_of_work() as uow:
            [row] = await inbound.arrivals_starting(uow, found[0].id)
            row.result, row.dealt_with_by, row.dealt_with_at = LedgerResult.RELEASED, by.person.address, at.now
            uow.add(row)
        return f"It was read: {one.result.value if one.result else ''} {one.reference or ''}"


def classify(
    path: str = typer.Argument(metavar="FILE.jsonl", help="One message a line (id, channel, subject, text); - for stdin."),
) -> None:
    """Say what each message is, with the words that led to it and the rule with its source: a line in, a line out."""
    from intake.classification import predict

    lines = sys.stdin if path == "-" else Path(path).open(encoding="utf-8")  # noqa: SIM115  # read to its end below
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json_module.loads(line)
        except ValueError:
            raise Answer(f"Line {number} is not JSON. The lines before it were answered.") from None
        if not isinstance(record, dict) or not isinstance(record.get("text"), str):
            raise Answer(f"Line {number} has no text. The lines before it were answered.")
        print_json(predict(record))
