"""`redact …`: what leaves redacted, with who took out what, and a second pair of eyes."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.acting import acting, carry_out
from bot.cli.case import REFERENCE, reference_of
from bot.cli.common import AS, JSON, Answer, err, local, out, print_json, run, safe, show, table, words_of

if TYPE_CHECKING:
    from storage.tables import RedactionRow

app = typer.Typer(
    no_args_is_help=True, help="Take out of what was written what somebody may not have; a second person confirms it."
)
NUMBER = typer.Argument(metavar="NUMBER", help="The redaction's number in `heard redact list`.")
OUT = typer.Option("", "--out", metavar="FILE", help="The text file to write.")


@app.command(epilog="Example: heard redact words K7M-W92-RXHC --out words.txt")
def words(reference: str = REFERENCE, to: str = OUT, who: str = AS) -> None:
    """Write what was said on a case, to mark what is to be taken out: [[the words|why]]. Change nothing else."""
    from bot.cli.at_work import at_work
    from casework.answers import redacting

    wanted = reference_of(reference)

    async def look() -> str:
        async with at_work() as at, at.memory.reading() as uow:
            return await redacting.words_to_mark(uow, wanted, acting(at, who))

    _write(to, run(look))
    err().print(f"Mark what is to be taken out, then: heard redact take {wanted} FILE --for WHOM")


@app.command(epilog="Example: heard redact take K7M-W92-RXHC marked.txt --for m.fostering@council.example")
def take(
    reference: str = REFERENCE,
    file: str = typer.Argument(help="The marked text (- for stdin)."),
    for_whom: str = typer.Option("", "--for", help="Who is to have it: an address, or a name and job."),
    who: str = AS,
) -> None:
    """Keep a marked text. What is not marked must be exactly what was written; a second person confirms it before it leaves."""
    from casework.answers import redacting

    wanted, text = reference_of(reference), words_of("", file)
    kept, names = carry_out(who, lambda uow, by: redacting.take(uow, wanted, text, for_whom, by))
    err().print(f"{len(kept.removed)} passages of {wanted} are taken out. Next: somebody else confirms it.")
    if names:
        err().print(f"It still names: {safe(', '.join(names))}. Is that meant?")


@app.command(name="list", epilog="Example: heard redact list K7M-W92-RXHC")
def list_redactions(reference: str = REFERENCE, json: bool = JSON, who: str = AS) -> None:
    """The redactions of a case: for whom, by whom, how many passages, who confirmed, and whether it left."""
    from bot.cli.at_work import at_work
    from casework.answers import drafts as work
    from storage import drafts

    wanted = reference_of(reference)

    async def look() -> "list[RedactionRow]":
        async with at_work() as at, at.memory.reading() as uow:
            await work.not_walled(uow, wanted, acting(at, who))
            return await drafts.redactions_of(uow, wanted)

    found = run(look)
    if json:
        print_json([_as_json(number, row) for number, row in enumerate(found, start=1)])
        return
    rows = (
        (number, row.for_whom, row.made_by, len(row.removed), row.confirmed_by or "not yet", local(row.given_at))
        for number, row in enumerate(found, start=1)
    )
    show(table("Number", "For", "Made by", "Taken out", "Confirmed by", "Given out", whole=["Number"]), rows)


@app.command(name="show", epilog="Example: heard redact show K7M-W92-RXHC 1")
def show_one(reference: str = REFERENCE, number: int = NUMBER, json: bool = JSON, who: str = AS) -> None:
    """What would leave, and the log of what was taken out and why: for the second person, before they confirm."""
    from bot.cli.at_work import at_work
    from casework.answers import redacting

    wanted = reference_of(reference)

    async def look() -> "RedactionRow":
        async with at_work() as at, at.memory.reading() as uow:
            return await redacting.one_of(uow, wanted, number, acting(at, who))

    row = run(look)
    if json:
        print_json(_as_json(number, row))
        return
    out().print(safe(row.extract))
    taken = ((row.source[one["start"] : one["end"]], one["why"]) for one in row.removed)
    show(table("Taken out", "Why"), taken)


@app.command(epilog="Example: heard redact confirm K7M-W92-RXHC 1 --as officer@council.example")
def confirm(reference: str = REFERENCE, number: int = NUMBER, who: str = AS) -> None:
    """Say, as a second person, that it may leave so."""
    from casework.answers import redacting

    wanted = reference_of(reference)
    carry_out(who, lambda uow, by: redacting.confirm(uow, wanted, number, by))
    err().print(f"Confirmed. Next: heard redact export {wanted} {number} --out extract.txt")


@app.command(epilog="Example: heard redact export K7M-W92-RXHC 1 --out extract.txt")
def export(reference: str = REFERENCE, number: int = NUMBER, to: str = OUT, who: str = AS) -> None:
    """Write the extract, once a second person has confirmed it. That it left is recorded."""
    from casework.answers import redacting

    wanted = reference_of(reference)
    _may_be_written(to)
    _write(to, carry_out(who, lambda uow, by: redacting.export(uow, wanted, number, by)))


def _may_be_written(to: str) -> None:
    if to and Path(to).exists():
        raise Answer(f"{safe(to)} is there already. Give another name with --out. Nothing was written.")


def _write(to: str, text: str) -> None:
    """Into the file, or to stdout."""
    if not to:
        out().print(safe(text), end="")
        return
    _may_be_written(to)
    Path(to).write_text(text, "utf-8")
    err().print(f"Written: {safe(to)}")


def _as_json(number: int, row: "RedactionRow") -> dict[str, Any]:
    return {
        "number": number,
        "for": row.for_whom,
        "made_at": row.made_at,
        "made_by": row.made_by,
        "removed": [{"words": row.source[one["start"] : one["end"]], "why": one["why"]} for one in row.removed],
        "extract": row.extract,
        "confirmed_at": row.confirmed_at,
        "confirmed_by": row.confirmed_by or None,
        "given_at": row.given_at,
        "given_by": row.given_by or None,
    }
