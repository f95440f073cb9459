"""`decide …`: what the law leaves to an officer. Each is weighed in words, kept with its author and day, and told."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.acting import act
from bot.cli.case import REFERENCE, reference_of
from bot.cli.common import AS, JSON, Answer, as_day, flag, print_json, run, show, table

if TYPE_CHECKING:
    from casework.acting import Acting
    from casework.progress import Progress
    from storage.unit_of_work import UnitOfWork

    Weighing = Callable[[UnitOfWork, str, Acting, bool], Awaitable[Progress | None]]

app = typer.Typer(no_args_is_help=True, help="Decide what the law leaves to an officer, with the reasons it asks for.")

WHY = typer.Option("", "--why", help="The reason, in a sentence: it is kept, and told where the person hears of it.")
YES, NO = flag("--yes", "The answer is yes."), flag("--no", "The answer is no.")


NEW = typer.Option("", "--new", help="What is known now that was not when it was refused: it is decided anew.")


def _yes(yes: bool, no: bool) -> bool:
    if yes is no:
        raise typer.BadParameter("Say --yes or --no.")
    return yes


def _weigh(typed: tuple[str, bool, bool, str], work: "Weighing", said: tuple[str, str]) -> None:
    """Carry out a decision as it was typed (reference, yes, no, who), and say what was decided: the words of a yes or of a no."""
    reference, yes, no, who = typed
    case, answer = reference_of(reference), _yes(yes, no)
    act(who, lambda uow, by: work(uow, case, by, answer), said[0 if answer else 1].format(case))


@app.command(epilog='Example: heard decide interest K7M-W92-RXHC --yes --why "she looks after him every weekend"')
def interest(
    reference: str = REFERENCE,
    yes: bool = YES,
    no: bool = NO,
    why: str = WHY,
    relation: str = typer.Option("", "--relation", help="What they are to the child; needed for a no."),
    welfare: str = typer.Option("", "--welfare", help="What the complaint has to do with the child's welfare; needed for a no."),
    child: str = typer.Option("", "--child", help="What the child says, or why they were not asked; needed for a no."),
    to_child: str = typer.Option("", "--to-child", help="Words for the child, who then has a letter of their own."),
    new: str = NEW,
    who: str = AS,
) -> None:
    """Whether somebody has a sufficient interest in the child's welfare (regulation 12).

    Yes starts stage 1. A no is decided anew with --new. Whether the child is told is yours to decide: --to-child, in easy words.
    """
    from casework.decisions import discretions

    _weigh(
        (reference, yes, no, who),
        lambda uow, case, by, answer: discretions.decide_interest(
            uow, case, by, yes=answer, why=why, relation=relation, welfare=welfare, child=child, to_child=to_child, new=new
        ),
        ("Sufficient interest on {}: yes.", "Sufficient interest on {}: no, and they are told why."),
    )


@app.command(
    epilog='Example: heard decide late K7M-W92-RXHC --yes --sooner "ill until May" --sooner-holds '
    '--fairly "the file and both workers are here" --fairly-holds --why "both tests of regulation 9 hold"'
)
def late(
    reference: str = REFERENCE,
    yes: bool = YES,
    no: bool = NO,
    sooner: str = typer.Option("", "--sooner", help="Why it came late, and whether it could have been expected sooner."),
    sooner_holds: bool = flag("--sooner-holds", "It was not reasonable to expect it within the year."),
    fairly: str = typer.Option("", "--fairly", help="What is still there to consider it by."),
    fairly_holds: bool = flag("--fairly-holds", "It can still be considered effectively and fairly."),
    why: str = WHY,
    new: str = NEW,
    who: str = AS,
) -> None:
    """Whether a complaint made more than a year after is considered (regulation 9).

    Both tests are weighed in words. A no is decided anew with --new.
    """
    from casework.decisions import discretions
    from casework.decisions.discretions import Weighed

    case, answer = reference_of(reference), _yes(yes, no)
    tests = Weighed("sooner", sooner, sooner_holds), Weighed("fairly", fairly, fairly_holds)
    act(
        who,
        lambda uow, by: discretions.decide_late(uow, case, by, accept=answer, sooner=tests[0], fairly=tests[1], why=why, new=new),
        f"{case} is {'considered though it came late' if answer else 'not considered, and they are told why'}.",
    )


@app.command(
    name="late-panel", epilog='Example: heard decide late-panel K7M-W92-RXHC --yes --why "the notice lay at an old address"'
)
def late_panel(
    reference: str = REFERENCE,
    yes: bool = YES,
    no: bool = NO,
    why_late: str = typer.Option("", "--why-late", help="Why the request came late; needed for a no, and told with it."),
    worth: str = typer.Option("", "--worth", help="What a panel could still do; needed for a no, and told with it."),
    why: str = WHY,
    new: str = NEW,
    who: str = AS,
) -> None:
    """Whether a panel is held though it was asked for late (regulation 18). Never refused by the calendar alone.

    A no is decided anew with --new.
    """
    from casework.decisions import discretions

    _weigh(
        (reference, yes, no, who),
        lambda uow, case, by, answer: discretions.decide_late_panel(
            uow, case, by, accept=answer, why_late=why_late, worth=worth, why=why, new=new
        ),
        ("The panel on {} is held.", "The panel on {} is not held, and they are told why."),
    )


@app.command(
    epilog='Example: heard decide freeze K7M-W92-RXHC --yes --why "we look at the move first" --told-by "Jo Field, by phone"'
)
def freeze(
    reference: str = REFERENCE,
    yes: bool = YES,
    no: bool = NO,
    why: str = WHY,
    told_by: str = typer.Option("", "--told-by", help="Who told the child, and how."),
    against: str = typer.Option("", "--against", help="The good reason against waiting; needed for a no."),
    who: str = AS,
) -> None:
    """Whether a change that is complained about waits. It waits unless there is a good reason against."""
    from casework.decisions import discretions

    _weigh(
        (reference, yes, no, who),
        lambda uow, case, by, answer: discretions.decide_freeze(
            uow, case, by, freeze=answer, why=why, told_by=told_by, against=against
        ),
        ("The change that {} is about waits.", "The change that {} is about goes on."),
    )


@app.command(
    name="early-referral",
    epilog='Example: heard decide early-referral K7M-W92-RXHC --confirm "they_agree=by phone on 3 March, Ms Green"',
)
def early_referral(
    reference: str = REFERENCE,
    confirm: list[str] = typer.Option(
        [], "--confirm", metavar="CRITERION=WORDS", help="One for each criterion, with what shows it."
    ),
    why: str = WHY,
    who: str = AS,
) -> None:
    """Go to the Ombudsman after stage 2 without a panel: every criterion must be confirmed. Without --confirm they are listed."""
    from casework.decisions import discretions

    case = reference_of(reference)
    if not confirm:
        show(table("Criterion", "It means", whole=["Criterion"]), discretions.EARLY_REFERRAL.items())
        return
    pairs = dict(one.partition("=")[::2] for one in confirm)
    act(
        who,
        lambda uow, by: discretions.refer_early(uow, case, by, confirmed={k.strip(): v for k, v in pairs.items()}, why=why),
        f"{case} goes to the Ombudsman without a panel.",
    )


@app.command(
    epilog='Example: heard decide withdrawal K7M-W92-RXHC --their-choice --spoke "Ravi Shah by phone, with her advocate"'
)
def withdrawal(
    reference: str = REFERENCE,
    theirs: bool = flag("--their-choice", "It is their own choice to stop."),
    not_theirs: bool = flag("--not-theirs", "It is not: it goes on."),
    spoke: str = typer.Option("", "--spoke", help="Who spoke with them, when and how."),
    pressed_by: str = typer.Option("", "--pressed-by", help="Who makes them stop, if anybody does: a safety alert."),
    who: str = AS,
) -> None:
    """Whether they truly want to stop. Their choice: the letter of regulation 7 goes. Somebody's who makes them: an alert."""
    from casework.decisions import course

    if theirs is not_theirs:
        raise typer.BadParameter("Say --their-choice or --not-theirs.")
    case, choice = reference_of(reference), course.Choice(spoke, theirs, pressed_by)
    act(
        who,
        lambda uow, by: course.decide_withdrawal(uow, case, choice, by),
        f"{case} {'is withdrawn, and the letter says so' if theirs else 'goes on'}.",
    )


@app.command(epilog='Example: heard decide reopen K7M-W92-RXHC --why "You wrote that the visits stopped again."')
def reopen(
    reference: str = REFERENCE,
    why: str = typer.Option("", "--why", help="Why it is opened again, in words for the person: the letter says it."),
    who: str = AS,
) -> None:
    """Open again what was closed, withdrawn or passed on; its dates are those of its events. The letter says why."""
    from casework.decisions import course

    case = reference_of(reference)
    act(who, lambda uow, by: course.reopen(uow, case, why, by), f"{case} is open again.")


@app.command(
    epilog='Example: heard decide overrun K7M-W92-RXHC --until 2026-04-30 --how "she agreed by phone on 2 April to wait" '
    '--why "we want to hear the two people who were there"'
)
def overrun(
    reference: str = REFERENCE,
    until: str = typer.Option(..., "--until", metavar="YYYY-MM-DD", help="The day that they agreed to."),
    how: str = typer.Option("", "--how", help="How and when they agreed: it stays on record, and is not in the letter."),
    why: str = typer.Option("", "--why", help="Why it takes longer, in words for the person: the letter says it."),
    who: str = AS,
) -> None:
    """They agree to wait longer than the law lets the council take. It moves no date, and counts as late.

    At stage 2 of the statutory procedure the letter is its delay notice, where that was not sent (reg. 17(6)).
    """
    from casework.decisions import course

    case, day = reference_of(reference), as_day(until)
    act(who, lambda uow, by: course.agree_overrun(uow, case, day, how, why, by), f"That they agree to wait is kept on {case}.")


@app.command(
    epilog='Example: heard decide transfer K7M-W92-RXHC --to "Anytown NHS Trust" --consent "by email on 3 March" '
    '--sent "her letter" --why "it is about the health visitor"'
)
def transfer(
    reference: str = REFERENCE,
    to: str = typer.Option("", "--to", help="The body whose matter it is."),
    consent: str = typer.Option("", "--consent", help="How and when they said that it may be passed on."),
    sent: str = typer.Option("", "--sent", help="What was sent."),
    why: str = WHY,
    who: str = AS,
) -> None:
    """Pass a complaint on to another body, with the person's consent."""
    from casework.decisions import course

    case = reference_of(reference)
    act(who, lambda uow, by: course.transfer(uow, case, to, consent, sent, why, by), f"{case} is passed on to {to.strip()}.")


@app.command(name="list", epilog="Example: heard decide list K7M-W92-RXHC")
def list_decisions(reference: str = REFERENCE, json: bool = JSON) -> None:
    """Every decision on a case: what was weighed, the answer, the reason, who and when."""
    from bot.cli.at_work import at_work
    from casework.decisions.discretions import decisions_of
    from storage import cases

    wanted = reference_of(reference)

    async def look() -> list[dict[str, Any]]:
        async with at_work() as at, at.memory.reading() as uow:
            if await cases.find(uow, wanted) is None:
                raise Answer(f"There is no case {wanted}. Look with `heard case list`.")
            return [_plain(row) for row in await decisions_of(uow, wanted)]

    found = run(look)
    if json:
        print_json(found)
        return
    rows = (
        (
            one["on"],
            one["matter"].replace("_", " "),
            "yes" if one["answer"] else "no",
            one["why"],
            _in_words(one["weighed"]),
            one["by"],
        )
        for one in found
    )
    show(table("Day", "Matter", "Answer", "Why", "Weighed", "By", whole=["Day", "Answer"]), rows)


def _plain(row: Any) -> dict[str, Any]:
    return {
        "matter": row.matter.value,
        "answer": row.is_yes,
        "why": row.why,
        "weighed": row.weighed,
        "on": row.decided_on,
        "by": row.decided_by,
    }


def _in_words(weighed: list[dict[str, Any]]) -> str:
    return "; ".join(f"{one['test']}: {one['weighed']}" for one in weighed)
