"""`import-mail`, `log`, `classify`: words that come another way than through a door."""

import json as json_module
from base64 import b64encode
from dataclasses import asdict
from datetime import datetime, time
from enum import StrEnum
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.common import (
    AS,
    JSON,
    Answer,
    BadLine,
    flag,
    json_lines,
    out,
    print_json,
    read_day,
    run,
    shown_by_our_clocks,
    words_of,
)
from procedures.terms import Channel, Role

if TYPE_CHECKING:
    from bot.cli.at_work import At

LOG_EXAMPLE = 'heard log --by phone --name "Ms Green" --words "My son has had no visit." --as officer@council.example'
DAY_LENGTH = len("2026-03-02")
FILES_AT_MOST = 25_000_000
"""Bytes of scans beside one entry: they lie in the database."""


class By(StrEnum):
    """How something reached us, in the words of a desk."""

    PHONE = "phone"
    LETTER = "letter"
    VISIT = "visit"
    IN_PERSON = "in_person"
    WEB_FORM = "web_form"
    WEB = "web"
    SOCIAL_MEDIA = "social_media"
    EMAIL = "email"
    TELEGRAM = "telegram"

    @property
    def channel(self) -> Channel:
        """In the register's words, which know six."""
        other = {By.VISIT: Channel.IN_PERSON, By.WEB_FORM: Channel.WEB, By.SOCIAL_MEDIA: Channel.WEB}
        return other.get(self) or Channel(self.value)

    @property
    def means(self) -> str:
        """In the words of `storage.columns.Means`."""
        return {By.IN_PERSON: "visit", By.WEB: "web_form", By.TELEGRAM: "chat"}.get(self, self.value)


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.command(name="import-mail", epilog="Example: heard import-mail old-letters/ --json")(import_mail)
    app.command(epilog=f"Example: {LOG_EXAMPLE}")(log)
    app.command(epilog="Example: heard classify messages.jsonl")(classify)


def import_mail(
    path: Path = typer.Argument(help="A letter (.eml), an mbox file, a Maildir or a folder of them."),
    send: bool = flag("--send", "Send receipts. Without it an imported letter sends nothing to anyone."),
    json: bool = JSON,
) -> None:
    """Bring letters from the past in: each becomes a case with the clocks of the day it came, and nothing is sent.

    With --json a line for each letter, and a last one with the counts. The same letters again change nothing.
    """
    from intake.reading_apart import is_worth_a_reader, start_reader

    if not path.exists():
        raise Answer(f"There is nothing at {path}. Nothing was imported.")
    reader = start_reader() if is_worth_a_reader(path) else None  # it makes ready while the rest is looked up
    from bot.cli.importing import import_letters

    counts, erased, unread = run(lambda: import_letters(path, send=send, tell=print_json if json else None, reader=reader))
    if json:
        print_json({"summary": counts})
    else:
        told = [f"{count} {what}" for what, count in counts.items() if count]
        out().print(", ".join(told) if told else "No letters found.")
        if erased:
            out().print(f"Of the repeats {erased} had been erased: nothing of them was stored.")
    if unread:
        names = ", ".join(unread[:5]) + (" and others" if len(unread) > 5 else "")
        raise Answer(f"{len(unread)} of the files could not be read: {names}. The rest was imported; do the same again for them.")


def log(
    by: By = typer.Option(..., "--by", help="How it reached us."),
    words: str = typer.Option("", "--words", help="What they said, in their words."),
    words_from: str = typer.Option("", "--words-from", metavar="FILE", help="The same, from a text file (- for stdin)."),
    received: str = typer.Option(
        "", "--received", metavar="YYYY-MM-DD[THH:MM]", help="When it came, at the desk; now by default. A letter has a day only."
    ),
    oral: bool | None = typer.Option(
        None, "--oral/--written", metavar="", help="Said or written. A call or visit is oral unless you say otherwise."
    ),
    name: str = typer.Option("", "--name", help="Their name, if they gave it."),
    email: str = typer.Option("", "--email", help="Where we may write; leave it out if they do not want that."),
    phone: str = typer.Option("", "--phone", help="Where we may call."),
    raised_by: Role = typer.Option(Role.UNKNOWN, "--from", help="Who they are."),
    files: list[Path] = typer.Option([], "--file", metavar="FILE", help="A scan that came with it; as often as needed."),
    mp: str = typer.Option("", "--mp", metavar="NAME", help="A member of parliament asks for somebody: no complaint."),
    councillor: str = typer.Option("", "--councillor", metavar="NAME", help="The same of a councillor."),
    constituent: str = typer.Option("", "--for", metavar="NAME", help="For whom the member asks."),
    consent: bool = flag("--consent-seen", "The constituent's consent was seen."),
    training: bool = flag("--training", "Made up, to learn on: nothing of it leaves, and nothing counts it."),
    no_receipt: bool = flag("--no-receipt", "Send no receipt."),
    who: str = AS,
    json: bool = JSON,
) -> None:
    """Take down a call, a letter or a visit. It gets the same clocks and letters as everything else.

    What a member of parliament or a councillor asks has a clock of its own; `heard case kind` makes a complaint of it, and it
    keeps its day.
    """
    said = words_of(words, words_from)
    if training:
        _is_made_up(email)
    if not said.replace("\x00", "").strip():
        raise Answer("There are no words. Give --words or --words-from. Nothing was kept.")
    if mp and councillor:
        raise typer.BadParameter("Give --mp or --councillor, not both.")
    if (constituent or consent) and not (mp or councillor):
        raise typer.BadParameter("--for and --consent-seen belong to --mp or --councillor.")
    member = {"member": "mp" if mp else "councillor" if councillor else "", "constituent": constituent, "has_consent": consent}
    told = {
        "channel": by.channel.value,
        "means": by.means,
        "oral": oral if oral is not None else by in (By.PHONE, By.IN_PERSON, By.VISIT),
        "name": mp or councillor or name,
        "email": _address(email),
        "phone": phone,
        "raised_by": (Role.PROFESSIONAL if mp or councillor else raised_by).value,
        "send_receipt": not no_receipt,
        "is_hour_known": len(received) != DAY_LENGTH,
        **member,
        "is_training": training,
    }
    beside = _scans(files)
    found = run(lambda: _take_down(said, told, beside, received, who))
    if json:
        print_json(found)
    elif found["reference"]:
        out().print(found["reference"])
    if not found["reference"]:
        raise Answer(f"It could not be filed ({found['problem']}); it is in quarantine. See `heard quarantine list`.")


def _is_made_up(email: str) -> None:
    """A case to learn on has no real address: a real letter from there would be taken for the made-up person's."""
    from storage.training import is_nobodys

    if not is_nobodys(email):
        raise Answer(
            "A case to learn on belongs to nobody: give an address under .example (RFC 2606), like r.green@family.example, "
            "or none. Nothing was kept."
        )


def _scans(files: list[Path]) -> list[dict[str, str]]:
    """The files as they go beside the words."""
    read = [(file, file.read_bytes()) for file in files]
    if sum(len(held) for _, held in read) > FILES_AT_MOST:
        raise Answer(f"The files are larger than {FILES_AT_MOST // 1_000_000} MB together. Scan them smaller. Nothing was kept.")
    return [
        {
            "name": file.name,
            "media_type": guess_type(file.name)[0] or "application/octet-stream",
            "content": b64encode(held).decode(),
        }
        for file, held in read
    ]


async def _take_down(said: str, told: dict[str, Any], files: list[dict[str, str]], received: str, who: str) -> dict[str, Any]:
    from bot.cli.acting import acting
    from bot.cli.at_work import at_work
    from bot.cli.importing import reception_of
    from intake.arrival import Arrival, Hand, Wire

    async with at_work() as at:
        hand = Hand(taken_by=acting(at, who).person.address, **told)
        noted = {**asdict(hand), "files": files, "words": said, "logged_at": at.now.isoformat()}
        raw = json_module.dumps(noted).encode()
        [one] = await reception_of(at).admit([Arrival("hand", Wire.HAND, raw, _moment(received, at))], at.now)
    result = one.result.value if one.result else "repeat"
    return {"reference": one.reference, "result": result, "problem": one.problem or None}


def _address(email: str) -> str:
    from bot.settings import kinds

    try:
        return kinds.address(email) if email.strip() else ""
    except ValueError:
        raise typer.BadParameter(f"{email[:80]!r} is not an email address, like r.green@family.example.") from None


def _moment(received: str, at: "At") -> datetime:
    """When it came: a moment, or a day, which stands for its noon; never later than now, nor before the calendar begins."""
    from procedures.working_days import date_at_the_desk, moment_at_the_desk

    if not received:
        return at.now
    today = date_at_the_desk(at.now)
    try:
        if len(received) == DAY_LENGTH:
            day = read_day(received)
            moment = at.now if day == today else moment_at_the_desk(day, time(12))
        else:
            read_day(received[:DAY_LENGTH])
            moment = datetime.fromisoformat(received)
            moment = moment if moment.tzinfo else shown_by_our_clocks(moment)
            day = date_at_the_desk(moment)
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{received[:40]!r} is not a day or a moment, like 2026-03-02 or 2026-03-02T16:20.") from None
    if day > today or moment > at.now:
        raise Answer(
            "That is in the future, and a clock counts from the day on which it came (the council's own rule). Leave --received "
            "out for now. Nothing was kept."
        )
    at.office.calendar.is_working_day(day)  # refuses a day before the calendar: no clock could be counted from it
    return moment


def classify(
    path: str = typer.Argument(metavar="FILE.jsonl", help="One message a line (id, channel, subject, text); - for stdin."),
) -> None:
    """Say what each message is, with the words that led to it and the rule with its source: a line in, a line out."""
    from intake.classification import predict

    def answer(record: dict[str, Any]) -> Any:
        for name in ("text", "subject"):
            if not isinstance(record.get(name, ""), str) and not (name == "subject" and record[name] is None):
                raise BadLine(f"{name} must be a text.")
        if "text" not in record:
            raise BadLine("it has no text.")
        return predict(record)

    json_lines(path, answer)
