"""`case draft`, `case check`, `case sign`, `case send` …: an answer on its way out, one person's turn after the other."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.acting import acting, carry_out
from bot.cli.case import REFERENCE, reference_of
from bot.cli.common import AS, JSON, Answer, Exit, as_day, err, flag, local, print_json, run, safe, show, table

if TYPE_CHECKING:
    from casework.answers.checking_drafts import Found, Rule
    from casework.answers.drafts import Draft
    from casework.progress import Progress
    from storage.tables import DraftRow
    from storage.tables.drafts import Whose

ON_DAY = typer.Option("", "--on", metavar="YYYY-MM-DD", help="The day it happened; today by default.", show_default=False)
LARGEST = 5_000_000
"""Bytes; `casework.answers.word.reading` says it again, of what it is given."""


def add_to(case: typer.Typer) -> None:
    """Put these commands beside the other ones of a case."""
    case.command(epilog="Example: heard case draft K7M-W92-RXHC --out answer.docx --child")(draft)
    case.command(epilog="Example: heard case drafts K7M-W92-RXHC --json")(drafts)
    case.command(epilog='Example: heard case check K7M-W92-RXHC --accept "names=Ms Hill asked to be named"')(check)
    case.command(epilog="Example: heard case sign K7M-W92-RXHC --as manager@council.example")(sign)
    case.command(epilog="Example: heard case send K7M-W92-RXHC --as officer@council.example")(send)
    case.command(epilog="Example: heard case sent K7M-W92-RXHC --how post --on 2026-03-09")(sent)
    case.command(epilog="Example: heard case reached K7M-W92-RXHC received --on 2026-03-11")(reached)


def draft(
    reference: str = REFERENCE,
    out: str = typer.Option("", "--out", metavar="FILE", help="Where the Word file is written; by default the reference."),
    child: bool = flag("--child", "The child's version: written beside the letter, or what --take names."),
    take: str = typer.Option("", "--take", metavar="FILE", help="Take the edited Word file in, as the next version."),
    report: str = typer.Option(
        "",
        "--report",
        metavar="WHOSE",
        help="At stage 2, the report that goes with it, to write out or to --take: officer or independent.",
    ),
    version: int = typer.Option(0, "--version", min=0, help="Write this version; by default the newest.", show_default=False),
    fresh: bool = flag("--fresh", "Write a new first draft from what is on record."),
    who: str = AS,
) -> None:
    """Write the answer as a Word file on the council's letterhead, or take the edited file in.

    What is still to be written stands in brackets. A file that is taken in is looked at with care: tracked changes, comments,
    macros and links that fetch are refused. Nothing is sent.
    """
    wanted, whose = reference_of(reference), _whose(report, child=child, fresh=fresh)
    if take:
        _take(wanted, Path(take), child=child, whose=whose, who=who)
    elif whose is not None:
        _write_report(wanted, Path(out or f"{wanted}-{whose.value}.docx"), whose, version=version, who=who)
    else:
        _write(wanted, Path(out or f"{wanted}.docx"), child=child, version=version, fresh=fresh, who=who)


def _whose(report: str, *, child: bool, fresh: bool) -> "Whose | None":
    from storage.tables.drafts import Whose

    if report and report not in tuple(Whose):
        raise typer.BadParameter("--report is officer (the investigating officer's) or independent (the independent person's).")
    if report and (child or fresh):
        raise typer.BadParameter("--report is a file by itself: give it without --child and --fresh.")
    return Whose(report) if report else None


def _take(reference: str, file: Path, *, child: bool, whose: "Whose | None", who: str) -> None:
    from casework.answers import drafts as work
    from casework.answers.reports import WHO

    content = _content(file)
    if whose is not None:
        taken = carry_out(who, lambda uow, by: work.take(uow, reference, by, report=(whose, content)))
        what = f"The report of {WHO[whose]}"
    else:
        letter, childs = (b"", content) if child else (content, b"")
        taken = carry_out(who, lambda uow, by: work.take(uow, reference, by, letter=letter, child_letter=childs))
        what = "The child's version" if child else safe(file.name)
    err().print(f"{what} is in version {taken.row.version} of the stage {taken.row.stage} answer of {reference}.")
    err().print(f"Next: somebody else checks it: heard case check {reference}")


def _write(reference: str, file: Path, *, child: bool, version: int, fresh: bool, who: str) -> None:
    beside = file.with_name(f"{file.stem}-child{file.suffix}")
    taken = [one for one in (file, *([beside] if child else [])) if one.exists()]
    if taken:
        raise Answer(f"{safe(str(taken[0]))} is there already. Give another name with --out. Nothing was written.")
    letter, childs, which = run(lambda: _to_write(reference, version, fresh, who))
    if child and not childs:
        raise Answer(f"{which} has no child's version. Write a first one with --fresh --child. Nothing was written.")
    file.write_bytes(letter)
    err().print(f"{which}: {safe(str(file))}")
    if child:
        beside.write_bytes(childs)
        err().print(f"In words for a child or young person: {safe(str(beside))}")
    err().print(f"Write what stands in brackets, then: heard case draft {reference} --take {safe(str(file))}")


def _write_report(reference: str, file: Path, whose: "Whose", *, version: int, who: str) -> None:
    from casework.answers import reports

    if file.exists():
        raise Answer(f"{safe(str(file))} is there already. Give another name with --out. Nothing was written.")
    row = run(lambda: _kept(reference, version, who))
    if row is None or not (content := reports.of(row).get(whose)):
        raise Answer(
            f"The report of {reports.WHO[whose]} is not there. Take it in with --take FILE --report {whose.value}. Nothing was "
            "written."
        )
    file.write_bytes(content)
    err().print(f"The report of {reports.WHO[whose]}, in version {row.version}: {safe(str(file))}")


async def _kept(reference: str, version: int, who: str) -> "DraftRow | None":
    """The version in hand of the stage in hand, or one that is asked for by its number."""
    from bot.cli.at_work import at_work
    from casework.answers import drafts as work
    from casework.answers import writing_drafts

    async with at_work() as at, at.memory.reading() as uow:
        by = acting(at, who)
        await work.not_walled(uow, reference, by)
        stage = await work.stage_of(uow, await writing_drafts.answerable(uow, reference), by)
        kept = [one.row for one in await work.drafts_of(uow, reference) if one.row.stage == stage]
        return next((row for row in reversed(kept) if version in (0, row.version)), None)


async def _to_write(reference: str, version: int, fresh: bool, who: str) -> tuple[bytes, bytes, str]:
    from bot.cli.at_work import at_work
    from casework.answers import drafts as work
    from casework.answers import writing_drafts

    async with at_work() as at, at.memory.reading() as uow:
        by = acting(at, who)
        await work.not_walled(uow, reference, by)
        case = await writing_drafts.answerable(uow, reference)
        stage = await work.stage_of(uow, case, by)
        kept = [one for one in await work.drafts_of(uow, reference) if one.row.stage == stage]
        wanted = next((one for one in reversed(kept) if version in (0, one.row.version)), None)
        if version and wanted is None:
            raise Answer(f"There is no version {version} of the stage {stage} answer of {reference}. Nothing was written.")
        if wanted is not None and not fresh:
            which = f"Version {wanted.row.version} of the stage {stage} answer ({wanted.state})"
            return wanted.row.letter, wanted.row.child_letter or b"", which
        blank = await writing_drafts.blank(uow, case, stage, by, _logo(at.settings.council.logo))
        return blank.letter, blank.child_letter, f"First draft of the stage {stage} answer"


def drafts(reference: str = REFERENCE, json: bool = JSON) -> None:
    """The versions of a case's answers: who wrote, checked and signed each, how it went out, and how far it got."""
    from bot.cli.at_work import at_work
    from casework.acting import the_case
    from casework.answers import drafts as work

    wanted = reference_of(reference)

    async def look() -> "list[Draft]":
        async with at_work() as at, at.memory.reading() as uow:
            await the_case(uow, wanted)
            return await work.drafts_of(uow, wanted)

    found = run(look)
    if json:
        print_json([_as_json(one) for one in found])
    elif not found:
        err().print(f"There is no draft yet. Write one with: heard case draft {wanted} --out answer.docx")
    else:
        columns = ("Stage", "Version", "State", "Written", "Checked", "Signed", "Sent", "Reached them")
        show(table(*columns, whole=["Stage", "Version", "State"]), map(_row, found))


def check(
    reference: str = REFERENCE,
    accept: list[str] = typer.Option(
        [], "--accept", metavar="RULE=WHY", help="Let names, tone, authority or reports pass, with the reason."
    ),
    json: bool = JSON,
    who: str = AS,
) -> None:
    """Check the newest version, as a second person: what stops it, and what is advice, each with its rule.

    Every issue answered with finding and reasons, an apology and a remedy where upheld, the right next step and the Ombudsman
    beside it, nobody else's name, dates, tone, long sentences, places still to be written. Then read it yourself: no list knows
    whether an answer is good.
    """
    from casework.answers import drafts as work

    wanted, accepted = reference_of(reference), _accepted(accept)
    checked, found = carry_out(who, lambda uow, by: work.check(uow, wanted, by, accepted))
    has_passed = checked.state == "checked"
    if json:
        print_json({"version": checked.row.version, "passed": has_passed, "found": [_found(one) for one in found]})
    elif found:
        show(table("What", "Found", "Rule", whole=["What"]), ((_how_much(one), one.words, one.authority) for one in found))
    if has_passed:
        err().print(f"Version {checked.row.version} passed. Next: heard case sign {wanted}")
        return
    raise Answer(f"Version {checked.row.version} is to be mended before it can be signed. Nothing was sent.", Exit.NO)


def sign(reference: str = REFERENCE, who: str = AS) -> None:
    """Sign the version that passed its check. Who may: council.answers_signed_by, and never whoever the case is kept from."""
    from casework.answers import drafts as work

    wanted = reference_of(reference)
    signed = carry_out(who, lambda uow, by: work.sign(uow, wanted, by))
    err().print(f"Version {signed.row.version} is signed by {signed.row.signed_by}. Next: heard case send {wanted}")


def send(reference: str = REFERENCE, who: str = AS) -> None:
    """Send the signed answer: by mail in its own words with the file attached, in the chat as words. It is recorded as sent."""
    from casework.answers import sending_drafts

    wanted = reference_of(reference)
    progress = carry_out(who, lambda uow, by: sending_drafts.send(uow, wanted, by))
    err().print(f"The answer of {wanted} is on its way.")
    _next(progress)


def sent(
    reference: str = REFERENCE,
    how: str = typer.Option("", "--how", help="post or in_person."),
    on: str = ON_DAY,
    why: str = typer.Option("", "--why", help="What else should be known: the number of the recorded delivery."),
    who: str = AS,
) -> None:
    """Record that a person sent the signed answer by post, or gave it to them."""
    from casework.answers import sending_drafts
    from casework.answers.sending_drafts import BY_HAND
    from procedures.working_days import date_at_the_desk
    from storage.tables import Way

    wanted, day = reference_of(reference), as_day(on) if on else None
    if how not in BY_HAND:
        raise typer.BadParameter("--how is post or in_person. By mail and chat: heard case send.")
    progress = carry_out(
        who, lambda uow, by: sending_drafts.sent_by_hand(uow, wanted, Way(how), day or date_at_the_desk(by.now), why, by)
    )
    err().print(f"The answer of {wanted} is recorded as sent by {how.replace('_', ' ')}.")
    _next(progress)


def reached(
    reference: str = REFERENCE,
    how_far: str = typer.Argument(metavar="HOW_FAR", help="delivered, received or opened."),
    on: str = ON_DAY,
    to: str = typer.Option("", "--to", help="Only this recipient, where it went to several: an address or a chat."),
    who: str = AS,
) -> None:
    """Record how far the answer got, and when. The time to ask for the next step counts from the day on which it reached them."""
    from casework.answers import sending_drafts
    from casework.answers.sending_drafts import Reached
    from procedures.working_days import date_at_the_desk

    wanted, day = reference_of(reference), as_day(on) if on else None
    if how_far not in tuple(Reached):
        raise typer.BadParameter("HOW_FAR is delivered, received or opened.")
    carry_out(
        who,
        lambda uow, by: sending_drafts.reached(uow, wanted, Reached(how_far), day or date_at_the_desk(by.now), by, to=to),
    )
    err().print(f"The answer of {wanted} is recorded as {how_far}.")


def _next(progress: "Progress") -> None:
    if (due := progress.next_due) is not None:
        clock, on = due.deadline.clock.replace("_", " "), due.deadline.due_on
        err().print(f"Next: {clock} by {on:%A %d %B %Y} ({due.deadline.authority}).")


def _accepted(given: list[str]) -> "dict[Rule, str]":
    from casework.answers.checking_drafts import MAY_BE_ACCEPTED, Rule

    found = {}
    for one in given:
        rule, _, why = one.partition("=")
        if rule.strip() not in MAY_BE_ACCEPTED or not why.strip():
            names = " or ".join(rule.value for rule in MAY_BE_ACCEPTED)
            raise typer.BadParameter(f"--accept is RULE=WHY, and RULE is {names}: the others are mended in the letter.")
        found[Rule(rule.strip())] = why.strip()
    return found


def _content(file: Path) -> bytes:
    if not file.is_file():
        raise Answer(f"There is no file {safe(str(file))}. Nothing was changed.")
    if file.stat().st_size > LARGEST:
        raise Answer(f"{safe(file.name)} has {file.stat().st_size / 1e6:.1f} MB; a letter may have 5. Nothing was changed.")
    return file.read_bytes()


def _logo(path: str) -> bytes:
    if not path:
        return b""
    try:
        return Path(path).read_bytes()
    except OSError as problem:
        raise Answer(f"The logo {safe(path)} (council.logo) cannot be read: {problem.strerror}. Nothing was written.") from None


def _how_much(found: "Found") -> str:
    if found.holds_it_up:
        return f"stops: {found.rule.value}"
    return f"accepted: {found.rule.value}" if found.accepted else f"advice: {found.rule.value}"


def _found(found: "Found") -> dict[str, Any]:
    return {
        "rule": found.rule.value,
        "found": found.words,
        "authority": found.authority,
        "stops": found.stops,
        "accepted": found.accepted or None,
    }


def _row(one: "Draft") -> tuple[object, ...]:
    row, last = one.row, one.last_check
    checked = f"{local(last.made_at)} {last.made_by}" if last else ""
    signed = f"{local(row.signed_at)} {row.signed_by}" if row.signed_at else ""
    went = "; ".join(f"{letter.sent_on} by {letter.way.value.replace('_', ' ')}" for letter in one.sent)
    got = "; ".join(_how_far(letter) for letter in one.sent)
    return row.stage, row.version, one.state, f"{local(row.made_at)} {row.made_by}", checked, signed, went, got


def _how_far(letter: Any) -> str:
    days = (("delivered", letter.delivered_on), ("received", letter.received_on), ("opened", letter.opened_on))
    return ", ".join(f"{name} {on}" for name, on in days if on)


def _as_json(one: "Draft") -> dict[str, Any]:
    from casework.answers import reports

    row = one.row
    return {
        "stage": row.stage,
        "version": row.version,
        "state": one.state,
        "written_at": row.made_at,
        "written_by": row.made_by,
        "has_child_version": row.child_letter is not None,
        "reports": [whose.value for whose in reports.of(row)],
        "checks": [
            {"at": check.made_at, "by": check.made_by, "passed": check.has_passed, "found": check.found} for check in one.checks
        ],
        "signed_at": row.signed_at,
        "signed_by": row.signed_by or None,
        "sent": [
            {
                "how": letter.way.value,
                "to": letter.recipient or None,
                "sent_on": letter.sent_on,
                "by": letter.sent_by,
                "left_at": letter.left_at,
                "delivered_on": letter.delivered_on,
                "received_on": letter.received_on,
                "opened_on": letter.opened_on,
            }
            for letter in one.sent
        ],
    }
