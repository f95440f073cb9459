"""`case issues`, `case issue …`, `case remedy`: a complaint by its numbered points, what is found on each, what puts it right."""

from typing import TYPE_CHECKING, Any

import typer

from bot.cli.acting import act, carry_out
from bot.cli.case import REFERENCE, WHY, reference_of
from bot.cli.common import AS, JSON, as_day, err, flag, out, print_json, run, safe, show, table
from procedures.terms import Outcome, Procedure, Remedy, Sharing, Theme

if TYPE_CHECKING:
    from casework.issues.numbered import Finding, Issue, RemedyDecision
    from casework.issues.suggesting import Suggested

issue = typer.Typer(
    no_args_is_help=True, help="The numbered list of a complaint: add, mend, split, withdraw, ask, confirm, find."
)
NUMBER = typer.Argument(metavar="NUMBER", help="The issue's number in `heard case issues`.")
ON_DAY = typer.Option("", "--on", metavar="YYYY-MM-DD", help="The day it happened; today by default.", show_default=False)
WANTED = typer.Option("", "--wanted", help="What they would like for this point.")
OWN = typer.Option(None, "--procedure", help="Its own procedure, where the complaint is split.")
STAGE = typer.Option(None, "--stage", min=1, max=3, help="The stage; by default the one that the complaint is in.")


def add_to(case: typer.Typer) -> None:
    """Put these commands beside the other ones of a case."""
    case.add_typer(issue, name="issue")
    case.command(name="issues", epilog="Example: heard case issues K7M-W92-RXHC --json")(list_issues)
    case.command(
        name="remedy",
        epilog='Example: heard case remedy K7M-W92-RXHC 2 financial --amount 150 --what "£150 for the delay" '
        '--agreed-by "Jo Field, head of service"',
    )(decide_remedy)
    case.command(name="given", epilog="Example: heard case given K7M-W92-RXHC 4 --on 2026-03-12")(given)
    case.command(
        name="pass-on",
        epilog="Example: heard case pass-on K7M-W92-RXHC --sharing person_praised --to j.field@council.example "
        '--how "asked by phone: Jo may know"',
    )(pass_on)


def list_issues(
    reference: str = REFERENCE,
    json: bool = JSON,
    suggested: bool = flag("--suggested", "What the words seem to complain of; nothing is listed by this."),
) -> None:
    """The points of a complaint by number: what was found on each, and what puts it right."""
    wanted = reference_of(reference)
    if suggested:
        _print_suggested(wanted, _suggested(wanted), as_json=json)
        return
    found = run(lambda: _look(wanted))
    if json:
        print_json([as_shown(one) for one in found])
    else:
        _print(wanted, found)
        if not found and (words := _suggested(wanted)):
            _print_suggested(wanted, words, as_json=False)


@issue.command(
    name="add", epilog='Example: heard case issue add K7M-W92-RXHC "You were moved and nobody told you why." --theme placement'
)
def add(
    reference: str = REFERENCE,
    words: str = typer.Argument("", help="The point, in words that the person would use.", show_default=False),
    theme: Theme = typer.Option(Theme.OTHER, "--theme", help="What it is about."),
    wanted: str = WANTED,
    procedure: Procedure | None = OWN,
    suggested: bool = flag("--suggested", "Instead of words: put everything on the list that `issues --suggested` shows."),
    who: str = AS,
) -> None:
    """Put a point on the list. It gets the next number, which it keeps."""
    from casework.issues import issue_list

    case = reference_of(reference)
    if suggested == bool(words):
        raise typer.BadParameter("Give the words of the point, or --suggested.")
    if suggested:
        _add_suggested(case, who)
        return
    number = carry_out(who, lambda uow, by: issue_list.add(uow, case, words, by, theme=theme, wanted=wanted, procedure=procedure))
    err().print(f"Issue {number} is on the list of {case}.")


@issue.command(
    epilog='Example: heard case issue mend K7M-W92-RXHC 2 --words "Nobody told me why." --why "they rang: it was not the move"'
)
def mend(
    reference: str = REFERENCE,
    number: int = NUMBER,
    words: str | None = typer.Option(None, "--words", help="The point, said better. The person confirms it again."),
    theme: Theme | None = typer.Option(None, "--theme", help="What it is about."),
    wanted: str | None = typer.Option(None, "--wanted", help="What they would like for this point."),
    procedure: Procedure | None = OWN,
    why: str = WHY,
    who: str = AS,
) -> None:
    """Say a point better, or what it is about. What stood there stays on record."""
    from casework.issues import issue_list

    case, change = reference_of(reference), issue_list.Mending(words, theme, wanted, procedure)
    act(who, lambda uow, by: issue_list.mend(uow, case, number, change, why, by), f"Issue {number} of {case} is mended.")


@issue.command(
    epilog='Example: heard case issue split K7M-W92-RXHC 2 --into "Nobody told me." --into "I lost my school." --why "two points"'
)
def split(
    reference: str = REFERENCE,
    number: int = NUMBER,
    into: list[str] = typer.Option([], "--into", help="One part, in the person's words; give two or more."),
    why: str = WHY,
    who: str = AS,
) -> None:
    """Make several points of one. The first part keeps the number."""
    from casework.issues import issue_list

    case = reference_of(reference)
    numbers = carry_out(who, lambda uow, by: issue_list.split(uow, case, number, into, why, by))
    err().print(f"Issue {number} of {case} is now {', '.join(map(str, numbers))}.")


@issue.command(
    epilog='Example: heard case issue withdraw K7M-W92-RXHC 3 --why "Ann Lee spoke with her alone: it is her own wish"'
)
def withdraw(reference: str = REFERENCE, number: int = NUMBER, why: str = WHY, who: str = AS) -> None:
    """Take a point out that the person takes back, and confirm it to them in writing (regulation 7)."""
    from casework.issues import issue_list

    case = reference_of(reference)
    done = f"Issue {number} of {case} is taken out; a letter tells them."
    act(who, lambda uow, by: issue_list.withdraw(uow, case, number, why, by), done)


@issue.command(epilog="Example: heard case issue ask K7M-W92-RXHC --as c.officer@anytown.gov.uk")
def ask(reference: str = REFERENCE, who: str = AS) -> None:
    """Send the numbered list to the person, to confirm or mend. The same list goes once."""
    from casework.issues import issue_list

    case = reference_of(reference)
    act(who, lambda uow, by: issue_list.ask(uow, case, by), f"The list of {case} is on its way to them.")


@issue.command(epilog='Example: heard case issue confirm K7M-W92-RXHC --how "by phone, with her advocate" --on 2026-03-04')
def confirm(
    reference: str = REFERENCE,
    how: str = typer.Option("", "--how", help="How they said that the list is right."),
    on: str = ON_DAY,
    who: str = AS,
) -> None:
    """Record that the person said the list is right."""
    from casework.issues import issue_list

    case, day = reference_of(reference), as_day(on) if on else None
    numbers = carry_out(who, lambda uow, by: issue_list.confirm(uow, case, how, by, on=day))
    err().print(f"They confirmed issue {', '.join(map(str, numbers))} of {case}.")


@issue.command(epilog='Example: heard case issue find K7M-W92-RXHC 2 upheld --why "no call was made between 3 and 19 March"')
def find(
    reference: str = REFERENCE,
    number: int = NUMBER,
    outcome: Outcome = typer.Argument(help="What was found."),
    why: str = typer.Option("", "--why", help="The reason, as the letter gives it."),
    stage: int | None = STAGE,
    on: str = ON_DAY,
    who: str = AS,
) -> None:
    """Record what was found on a point. What is upheld needs a decision on what puts it right before it is told."""
    from casework.issues import findings

    case, day = reference_of(reference), as_day(on) if on else None
    found = carry_out(who, lambda uow, by: findings.find(uow, case, number, outcome, why, by, stage=stage, on=day))
    err().print(f"Issue {number} of {case}: {outcome.value.replace('_', ' ')}.")
    if missing := findings.what_next(found, case):
        err().print(missing)


def decide_remedy(
    reference: str = REFERENCE,
    number: int = NUMBER,
    kind: Remedy = typer.Argument(help="What puts it right; none is a decision too, with its reason."),
    what: str = typer.Option("", "--what", help="What they get, in words for the letter; for none the reason."),
    amount: str = typer.Option("", "--amount", metavar="POUNDS", help="For money: how much, like 150 or 49.50."),
    agreed_by: str = typer.Option("", "--agreed-by", help="Name and job of who agreed; for money who may spend it."),
    stage: int | None = STAGE,
    instead_of: int | None = typer.Option(None, "--take-back", metavar="REMEDY", help="Take this earlier decision back first."),
    why: str = typer.Option("", "--why", help="Why it is taken back."),
    who: str = AS,
) -> None:
    """Decide what puts a point right. Without it nothing that was upheld can be told, or its case closed."""
    from casework.issues import remedies

    case = reference_of(reference)
    try:
        pence = remedies.read_pounds(amount) if amount else None
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from None
    wanted = remedies.Deciding(kind, what, pence, agreed_by)

    async def doing(uow: Any, by: Any) -> int:
        if instead_of is not None:
            await remedies.take_back(uow, case, instead_of, why, by)
        return (await remedies.decide(uow, case, number, wanted, by, stage=stage)).id or 0

    err().print(f"Remedy {carry_out(who, doing)} is decided for issue {number} of {case}.")


def given(
    reference: str = REFERENCE,
    remedy: int = typer.Argument(help="Its number in `heard case issues`."),
    on: str = ON_DAY,
    who: str = AS,
) -> None:
    """Record that the person has got what was decided: the payment, the service, the new decision."""
    from casework.issues import remedies

    case, day = reference_of(reference), as_day(on) if on else None
    carry_out(who, lambda uow, by: remedies.give(uow, case, remedy, by, on=day))
    err().print(f"Remedy {remedy} of {case} was given.")


def pass_on(
    reference: str = REFERENCE,
    sharing: Sharing = typer.Option(..., "--sharing", help="How far they let it be told."),
    how: str = typer.Option("", "--how", help="How they allowed it, or that they did not answer."),
    to: str = typer.Option("", "--to", help="Who was praised: a colleague's address (they get a mail), a name or a team."),
    words: str = typer.Option("", "--words", help="The thanks, to go along: leave out what tells who wrote."),
    accept: str = typer.Option("", "--accept", metavar="WHY", help="Why what looks like a name in them does not tell who wrote."),
    who: str = AS,
) -> None:
    """Pass thanks on to who deserves them, within five working days and as far as the person allowed."""
    from casework.daily import compliments

    case = reference_of(reference)
    done = f"What became of the thanks of {case} is on record: {sharing.value.replace('_', ' ')}."
    act(who, lambda uow, by: compliments.pass_on(uow, case, sharing, how, by, to=to, words=words, accept=accept), done)


# What is shown


async def _look(reference: str) -> "list[Issue]":
    from bot.cli.at_work import at_work
    from casework.acting import the_case
    from casework.issues.numbered import issues_of

    async with at_work() as at, at.memory.reading() as uow:
        await the_case(uow, reference)
        return await issues_of(uow, reference)


def _suggested(reference: str) -> "list[Suggested]":
    from bot.cli.at_work import at_work
    from casework.acting import the_case
    from casework.issues.suggesting import suggested_for

    async def look() -> "list[Suggested]":
        async with at_work() as at, at.memory.reading() as uow:
            await the_case(uow, reference)
            return await suggested_for(uow, reference)

    return run(look)


def _add_suggested(reference: str, who: str) -> None:
    from casework.issues import suggesting

    numbers = carry_out(who, lambda uow, by: suggesting.list_suggested(uow, reference, by))
    listed = ", ".join(map(str, numbers))
    err().print(
        f"Listed as {listed}: mend them now." if numbers else "The words show nothing that is not listed. List it by hand."
    )


def as_shown(one: "Issue") -> dict[str, Any]:
    """An issue as `--json` shows it."""
    return {
        "number": one.number,
        "words": one.words,
        "theme": one.theme.value,
        "procedure": one.procedure.value if one.procedure else None,
        "wanted": one.wanted or None,
        "split_from": one.split_from,
        "withdrawn": one.is_withdrawn,
        "confirmed_on": one.confirmed_on,
        "findings": [_finding(found) for found in one.findings],
        "remedies": [_remedy(remedy) for remedy in one.remedies],
    }


def _finding(found: "Finding") -> dict[str, Any]:
    return {
        "stage": found.stage,
        "outcome": found.outcome.value,
        "reason": found.reason,
        "on": found.found_on,
        "by": found.by,
    }


def _remedy(remedy: "RemedyDecision") -> dict[str, Any]:
    return {
        "remedy": remedy.id,
        "stage": remedy.stage,
        "kind": remedy.kind.value,
        "what": remedy.what,
        "amount_pence": remedy.amount_pence,
        "agreed_by": remedy.agreed_by or None,
        "decided_on": remedy.decided_on,
        "by": remedy.by,
        "given_on": remedy.given_on,
    }


def _print(reference: str, found: "list[Issue]") -> None:
    if not found:
        out().print(f"Nobody has listed the issues of {reference} yet.")
    for one in found:
        out().print(safe(f"{one.number}. {one.words}"))
        marks = [one.theme.value.replace("_", " ")]
        marks += [f"goes by {one.procedure.value.replace('_', ' ')}"] if one.procedure else []
        marks += ["taken out"] if one.is_withdrawn else []
        marks += [f"confirmed {one.confirmed_on:%d %b %Y}" if one.confirmed_on else "not confirmed by them yet"]
        out().print("   " + ", ".join(marks) + ".")
        if one.wanted:
            out().print(safe(f"   Wanted: {one.wanted}"))
        for finding in one.findings:
            _print_finding(one, finding)


def _print_finding(one: "Issue", finding: "Finding") -> None:
    from casework.issues.numbered import pounds, words_of_remedy

    said = finding.outcome.value.replace("_", " ")
    out().print(safe(f"   Stage {finding.stage}: {said}, {finding.found_on:%d %b %Y}. {finding.reason}"))
    for remedy in one.remedies_at(finding.stage):
        money = f" of {pounds(remedy.amount_pence)}" if remedy.amount_pence else ""
        stands = f"given {remedy.given_on:%d %b %Y}" if remedy.given_on else "not given yet" if remedy.is_owed else "decided"
        out().print(safe(f"     Remedy {remedy.id}: {words_of_remedy(remedy.kind)}{money}, {stands}. {remedy.what}"))
    if one.lacks(finding.stage) == "remedy":
        out().print("     # Nothing is decided to put it right.")


def _print_suggested(reference: str, found: "list[Suggested]", *, as_json: bool) -> None:
    if as_json:
        print_json([_suggestion(one) for one in found])
    elif not found:
        err().print(f"The words of {reference} show nothing that is not listed.")
    else:
        out().print("Suggested, from their own words; nothing is listed by this:")
        columns = table("Issue", "Theme", "Procedure", "Words", whole=["Issue", "Theme"])
        show(columns, ((number, _plain(one.theme), _way(one), one.words) for number, one in enumerate(found, 1)))
        err().print(f"To list them: heard case issue add {reference} --suggested")


def _suggestion(one: "Suggested") -> dict[str, Any]:
    own = one.procedure.value if one.procedure else None
    return {"words": one.words, "theme": one.theme.value, "procedure": own}


def _way(one: "Suggested") -> str:
    return _plain(one.procedure) if one.procedure else "as the case"


def _plain(word: Theme | Procedure) -> str:
    return word.value.replace("_", " ")
