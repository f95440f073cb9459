"""`case call`, `case file`: a call that was made or tried, and the files that came with what was written."""

import sys
from datetime import UTC, date, datetime
from enum import StrEnum

import typer

from bot.cli.acting import acting
from bot.cli.case import REFERENCE, reference_of
from bot.cli.common import AS, Answer, as_day, err, read_day, run, shown_by_our_clocks


class Reached(StrEnum):
    """What became of a call, as it is typed; the words of `storage.columns.CallOutcome`."""

    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    MESSAGE_LEFT = "message_left"
    WRONG_NUMBER = "wrong_number"
    NOT_NOW = "not_now"


class By(StrEnum):
    """How one spoke."""

    PHONE = "phone"
    VIDEO = "video"
    VISIT = "visit"


def add_to(app: typer.Typer) -> None:
    """Put these among the commands of a case."""
    app.command(epilog='Example: heard case call K7M-W92-RXHC --outcome spoke --agreed "A letter by Friday; call after school"')(
        call
    )
    app.command(name="file", epilog="Example: heard case file K7M-W92-RXHC 1 1 > scan.pdf")(file)


def call(
    reference: str = REFERENCE,
    outcome: Reached = typer.Option(..., "--outcome", help="What became of it."),
    by: By = typer.Option(By.PHONE, "--by", help="How you spoke, or tried to."),
    spoke_with: str = typer.Option("", "--with", metavar="NAME", help="With whom you spoke."),
    agreed: str = typer.Option("", "--agreed", help="What was agreed."),
    at: str = typer.Option("", "--at", metavar="YYYY-MM-DDTHH:MM", help="When it was; now by default.", show_default=False),
    again_on: str = typer.Option(
        "", "--again-on", metavar="YYYY-MM-DD", help="They asked to be called on this day.", show_default=False
    ),
    who: str = AS,
) -> None:
    """Note that they were called, or that you tried. Calls come first: a letter is easier after one.

    Whoever was not reached is on the list for the next working day, or for the day that they asked for. No clock moves.
    """
    from bot.cli.at_work import at_work
    from casework.daily import calls
    from storage.columns import CallOutcome, Means

    wanted, day = reference_of(reference), as_day(again_on) if again_on else None
    called = calls.Called(CallOutcome(outcome.value), Means(by.value), spoke_with, agreed, _moment(at), day)

    async def doing() -> date | None:
        async with at_work() as here, here.memory.unit_of_work() as uow:
            return await calls.note_call(uow, wanted, called, acting(here, who))

    again = run(doing)
    err().print(f"The call about {wanted} is noted." + (f" To be called again on {again:%A %d %B %Y}." if again else ""))


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        read_day(text[:10])
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else shown_by_our_clocks(moment)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{text[:40]!r} is not a moment, like 2026-03-02T16:20.") from None


def file(
    reference: str = REFERENCE,
    message: int = typer.Argument(1, help="Which of its messages, as `case show` numbers them."),
    number: int = typer.Argument(1, help="Which of that message's files."),
    why: str = typer.Option("", "--why", help="Why somebody must see it, where it is sealed (`case seal`)."),
    who: str = AS,
) -> None:
    """Write a file that came with a message, a scan for example, to stdout. Look at it on a machine that is made for it.

    One that is sealed is opened to two people: each gives this command with --why.
    """
    from bot.cli.originals import file_of

    wanted = reference_of(reference)
    if sys.stdout.isatty():
        raise Answer("A file is not for a terminal: send it into one, with > and its name. Nothing was written.")
    sys.stdout.buffer.write(run(lambda: file_of(wanted, message, number, why, who)))
