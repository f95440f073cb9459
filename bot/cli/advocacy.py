"""`advocacy …`: advocates offered, asked for and appointed; `equality …`: voluntary answers, kept apart from every case."""

from typing import TYPE_CHECKING, Any

import typer

from bot.cli.acting import acting
from bot.cli.case import REFERENCE, reference_of
from bot.cli.common import AS, JSON, TRAINING, Answer, as_day, err, flag, print_json, run, show, table

if TYPE_CHECKING:
    from casework.people.advocacy import Logged

app = typer.Typer(no_args_is_help=True, help="Advocates: offered, asked for, appointed, and how soon.")
equality = typer.Typer(no_args_is_help=True, help="Equality questions: voluntary, after the reply, kept as answers of nobody.")
ON_DAY = typer.Option("", "--on", metavar="YYYY-MM-DD", help="The day it happened; today by default.", show_default=False)
PROVIDER = typer.Option("", "--provider", help="The advocacy provider.")


@app.command(name="list", epilog="Example: heard advocacy list")
def list_advocacy(
    json: bool = JSON, alarms: bool = flag("--alarms", "Only who waits three working days or longer."), training: bool = TRAINING
) -> None:
    """The advocacy log: who waits longest first. Not appointed in three working days is an alarm, and on the task list."""
    from bot.cli.at_work import at_work
    from casework.people import advocacy
    from procedures.working_days import date_at_the_desk

    async def look() -> "list[Logged]":
        async with at_work() as at, at.memory.reading() as uow:
            return await advocacy.log(uow, date_at_the_desk(at.now), at.office.calendar, training=training)

    found = [one for one in run(look) if one.is_alarm or not alarms]
    if json:
        print_json([_as_json(one) for one in found])
        return
    rows = (
        (
            "# alarm" if one.is_alarm else "+ appointed" if one.appointed_on else "  ",
            one.case.reference,
            one.offered_on or "",
            one.asked_on or "",
            one.appointed_on or "",
            "" if one.working_days is None else one.working_days,
            one.provider,
        )
        for one in found
    )
    columns = ("How", "Reference", "Offered", "Asked for", "Appointed", "Working days", "Provider")
    show(table(*columns, whole=["How", "Reference", "Offered", "Asked for", "Appointed"]), rows)


def _as_json(one: "Logged") -> dict[str, Any]:
    return {
        "reference": one.case.reference,
        "answer": one.answer.value,
        "provider": one.provider or None,
        "advocate": one.advocate or None,
        "offered_on": one.offered_on,
        "asked_on": one.asked_on,
        "appointed_on": one.appointed_on,
        "working_days": one.working_days,
        "alarm": one.is_alarm,
    }


@app.command(epilog="Example: heard advocacy offer K7M-W92-RXHC --answer accepted")
def offer(
    reference: str = REFERENCE,
    answer: str = typer.Option("not_yet", "--answer", help="What they said: accepted, declined, has_one or not_yet."),
    on: str = ON_DAY,
    who: str = AS,
) -> None:
    """Note that an advocate was offered. Who accepts has asked for one, and an alarm falls due on the third working day."""
    from bot.cli.at_work import at_work
    from casework.people import advocacy
    from storage.columns import OfferAnswer

    if answer not in set(OfferAnswer):
        raise typer.BadParameter(f"--answer is one of {', '.join(OfferAnswer)}.")
    wanted, day = reference_of(reference), as_day(on) if on else None

    async def doing() -> None:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            await advocacy.offer(uow, wanted, OfferAnswer(answer), acting(at, who), on=day)

    run(doing)
    err().print(f"The offer is noted on {wanted}: {answer.replace('_', ' ')}.")


@app.command(epilog='Example: heard advocacy ask K7M-W92-RXHC --provider "Coram Voice"')
def ask(reference: str = REFERENCE, provider: str = PROVIDER, on: str = ON_DAY, who: str = AS) -> None:
    """Note that they asked for an advocate, and of which provider one was ordered. The promised date does not move yet."""
    from bot.cli.at_work import at_work
    from casework.people import advocacy

    wanted, day = reference_of(reference), as_day(on) if on else None

    async def doing() -> None:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            await advocacy.ask(uow, wanted, acting(at, who), on=day, provider=provider)

    run(doing)
    err().print(f"It is noted on {wanted}. An alarm falls due when nobody is appointed in three working days.")


@app.command(epilog='Example: heard advocacy appoint K7M-W92-RXHC --provider "Coram Voice" --advocate "A. Person"')
def appoint(
    reference: str = REFERENCE,
    provider: str = PROVIDER,
    advocate: str = typer.Option("", "--advocate", help="The advocate's name."),
    on: str = ON_DAY,
    who: str = AS,
) -> None:
    """Note that an advocate was appointed. Where stage 1 starts with it (reg. 14(3)(b)) the dates are counted again."""
    from bot.cli.at_work import at_work
    from casework.people import advocacy

    wanted, day = reference_of(reference), as_day(on) if on else None

    async def doing() -> int:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            return await advocacy.appoint(uow, wanted, provider, acting(at, who), advocate=advocate, on=day)

    days = run(doing)
    err().print(
        f"An advocate of {provider} is appointed on {wanted}, {days} working day{'' if days == 1 else 's'} after the request."
    )


@equality.command(epilog='Example: heard equality keep K7M-W92-RXHC --answer "age=16 to 17" --answer disability=yes')
def keep(
    reference: str = typer.Argument("", help="Their case, to see that there was a reply; leave it out of who does not say."),
    answer: list[str] = typer.Option([], "--answer", metavar="QUESTION=ANSWER", help="One answer; `heard equality questions`."),
    who: str = AS,
) -> None:
    """Keep what somebody chose to answer after the reply: without case, person or day. The case shows nothing of it."""
    from bot.cli.at_work import at_work
    from casework.daily.equality import keep_answers

    given = _answers(answer)
    wanted = reference_of(reference) if reference else None

    async def doing() -> int:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            return await keep_answers(uow, wanted, given, acting(at, who))

    kept = run(doing)
    err().print(f"{kept} answer{'' if kept == 1 else 's'} kept, apart from every case.")


def _answers(given: list[str]) -> dict[Any, str]:
    from storage.columns import Question

    if not given:
        raise Answer("There is no --answer. Nobody has to answer anything. Nothing was kept.")
    found = {}
    for one in given:
        question, _, answer = one.partition("=")
        if question.strip() not in set(Question):
            raise typer.BadParameter(f"{question[:40]!r} is none of {', '.join(Question)}.")
        found[Question(question.strip())] = answer.strip().lower()
    return found


@equality.command(epilog="Example: heard equality questions")
def questions(json: bool = JSON) -> None:
    """What may be asked, and the answers there are."""
    from casework.daily.equality import ANSWERS

    if json:
        print_json({question.value: list(answers) for question, answers in ANSWERS.items()})
        return
    show(table("Question", "Answers", whole=["Question"]), ((one.value, "; ".join(answers)) for one, answers in ANSWERS.items()))


@equality.command(epilog="Example: heard equality figures --year 2025")
def figures(
    year: int = typer.Option(..., "--year", min=2000, max=2100, help="The year in which the financial year begins, on 1 April."),
    json: bool = JSON,
) -> None:
    """How many gave each answer in a year. Small numbers are never shown, nor what would give them away."""
    from bot.cli.at_work import at_work
    from casework.daily import equality as kept
    from storage import daily

    async def look() -> dict[Any, dict[str, int | None]]:
        async with at_work() as at, at.memory.reading() as uow:
            return kept.figures(await daily.equality_answers(uow, year))

    found = run(look)
    if json:
        print_json({question.value: answers for question, answers in found.items()})
        return
    rows = (
        (question.value, answer, "hidden" if count is None else count)
        for question, answers in found.items()
        for answer, count in answers.items()
    )
    show(table("Question", "Answer", "How many", whole=["Question", "How many"]), rows)
