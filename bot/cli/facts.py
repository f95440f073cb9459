"""`case facts`: what the words of a case were taken to show, what the law says of it, and what a corrected fact changes."""

import re
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.acting import carry_out
from bot.cli.case import REFERENCE, reference_of
from bot.cli.common import AS, JSON, Answer, err, out, print_json, run, show, table
from procedures.facts import Facts, Matter
from procedures.reconsidering import TRUTHS, Correction, Reconsidered, corrected, from_words, in_words, reconsider
from procedures.terms import Role

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork

_NOTED = "Facts corrected: {}. The law then says {} (route: {}). Why: {}"
_AS_NOTED = re.compile(r"Facts corrected: ([^.]+)\. The law then says ")


def add_to(case: typer.Typer) -> None:
    """Put the command among those of a case."""
    case.command(
        name="facts",
        epilog='Example: heard case facts K7M-W92-RXHC --about looked_after --not-about school --why "she is in foster care"',
    )(facts)


def facts(
    reference: str = REFERENCE,
    about: list[Matter] = typer.Option([], "--about", help="It is about this; the first one is what it is mainly about."),
    not_about: list[Matter] = typer.Option([], "--not-about", help="It is not about this after all."),
    from_whom: Role | None = typer.Option(None, "--from", help="Who writes, as it turned out."),
    so: list[str] = typer.Option([], "--is", metavar="FACT", help="This is so, like has_court_proceedings."),
    not_so: list[str] = typer.Option([], "--is-not", metavar="FACT", help="This is not so after all."),
    why: str = typer.Option("", "--why", help="How it is known. With it the correction is noted on the case."),
    who: str = AS,
    json: bool = JSON,
) -> None:
    """What the words were taken to show, and what the law says of it; with a correction, what that changes.

    A correction stays until it is corrected again. The route stays as it is until an officer decides it with `heard case route`.
    """
    wanted = reference_of(reference)
    correction = Correction(tuple(about), tuple(not_about), from_whom, frozenset(so), frozenset(not_so))
    is_corrected = correction != Correction(so=frozenset(), not_so=frozenset())
    if why and not is_corrected:
        raise Answer("--why says how a correction is known: say what is corrected. Nothing was kept.")
    found = _noted(wanted, correction, why, who) if why else run(lambda: _looked_at(wanted, correction))
    if json:
        print_json(as_shown(found))
        return
    _print(found, is_corrected=is_corrected)
    if is_corrected:
        err().print(f"{'Noted on the case. ' if why else ''}The route is as it was: `heard case route {wanted}` decides it.")


def as_shown(found: Reconsidered) -> dict[str, Any]:
    """As `--json` shows it."""
    after = found.after
    return {
        "facts": _told(found.facts),
        "procedure": after.procedure.value,
        "route": after.route.value,
        "question": after.question or None,
        "reasons": [{"words": reason.words, "source": reason.source} for reason in after.reasons],
        "gates": [one.gate.value for one in after.gates],
        "changes": [{"what": what, "was": was or None, "is": now or None} for what, was, now in found.changes],
    }


def _told(known: Facts) -> dict[str, Any]:
    return {
        "about": sorted(known.matters),
        "mainly_about": known.main_matter,
        "from": known.who.value,
        "is": sorted(name for name in TRUTHS if getattr(known, name)),
    }


def _print(found: Reconsidered, *, is_corrected: bool) -> None:
    told, after = _told(found.facts), found.after
    out().print(f"About: {', '.join(told['about']) or 'nothing that the law book knows'}. From: {told['from']}.")
    if told["is"]:
        out().print(f"Also: {', '.join(told['is'])}.")
    out().print(f"The law says {after.procedure.value} (route: {after.route.value}).")
    show(table("Because", "Source"), ((reason.words, reason.source) for reason in after.reasons))
    if after.question:
        out().print(f"A person decides: {after.question}")
    if is_corrected and found.changes:
        show(table("What changed", "Was", "Is", whole=["What changed"]), found.changes)
    elif is_corrected:
        out().print("The correction changes nothing.")


async def _read(uow: "UnitOfWork", reference: str, correction: Correction) -> Reconsidered:
    """The first message of the case read again, with every correction that is on record, and the law with this one."""
    from dataclasses import replace

    from casework.acting import Refused, the_case
    from intake.classification import classify
    from storage import cases

    case = await the_case(uow, reference)
    letters = await cases.letters_of(uow, reference)
    if not letters:
        raise Refused(f"{reference} has no message whose words could be read. Nothing was changed.")
    shown = classify(letters[0].words, letters[0].subject, raised_by=case.raised_by, channel=case.channel)
    try:
        known = replace(shown.facts, kind=case.kind)
        for row in (await cases.events_of(uow, [reference]))[reference]:
            if before := _AS_NOTED.match(row.note):
                known = corrected(known, from_words(before[1]))
        return reconsider(known, correction)
    except ValueError as problem:
        raise Refused(f"{problem}. Nothing was changed.") from None


async def _looked_at(reference: str, correction: Correction) -> Reconsidered:
    from bot.cli.at_work import at_work

    async with at_work() as at, at.memory.reading() as uow:
        return await _read(uow, reference, correction)


def _noted(reference: str, correction: Correction, why: str, who: str) -> Reconsidered:
    """Keep the correction on the case, by whoever acts, with how it is known."""
    from casework import actions

    async def doing(uow: Any, by: Any) -> Reconsidered:
        found = await _read(uow, reference, correction)
        after = found.after
        words = _NOTED.format(in_words(correction), after.procedure.value, after.route.value, why)
        await actions.note(uow, reference, words, by)
        return found

    return carry_out(who, doing)
