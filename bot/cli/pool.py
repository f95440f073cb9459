"""`pool …`: investigators, independent persons, chairs and panel members of stages 2 and 3, and what they cost."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.acting import acting
from bot.cli.case import REFERENCE, reference_of
from bot.cli.common import AS, JSON, TRAINING, as_day, err, print_json, run, show, table

if TYPE_CHECKING:
    from casework.people.pool import Cost
    from storage.tables import PoolAppointmentRow, PoolPersonRow

app = typer.Typer(no_args_is_help=True, help="The pool for stages 2 and 3: who may serve, on which case, and what it costs.")
NUMBER = typer.Argument(help="Their number in `heard pool list`.")
_MONEY = re.compile(r"£?(\d{1,7})(?:\.(\d{2}))?")
_TIME = re.compile(r"(\d{1,2}):([0-5]\d)")


class As(StrEnum):
    """What one does on a case; the words of `storage.columns.PoolRole`."""

    INVESTIGATOR = "investigator"
    INDEPENDENT_PERSON = "independent_person"
    CHAIR = "chair"
    PANEL_MEMBER = "panel_member"


class TiedAs(StrEnum):
    """How somebody stands to the council; the words of `storage.columns.Tie`."""

    NONE = "none"
    OFFICER = "officer"
    MEMBER = "member"
    SPOUSE = "spouse"


def pence_of(text: str) -> int:
    """Money as it is typed: 35, 35.50 or £35.50."""
    found = _MONEY.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(f"{text[:40]!r} is not an amount of money, like 35.50.")
    return int(found[1]) * 100 + int(found[2] or 0)


def minutes_of(text: str) -> int:
    """Hours and minutes as they are typed: 6:30."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(f"{text[:40]!r} is not a time worked, like 6:30.")
    return int(found[1]) * 60 + int(found[2])


def pounds(pence: int) -> str:
    """`£1,234.50`."""
    return f"£{pence // 100:,}.{pence % 100:02}"


@app.command(epilog='Example: heard pool add "P. Person" --role independent_person --checked-on 2025-06-02 --hourly 35.00')
def add(
    name: str = typer.Argument(help="Their name."),
    role: list[As] = typer.Option(..., "--role", help="What they may do; as often as needed."),
    email: str = typer.Option("", "--email", help="Their address."),
    phone: str = typer.Option("", "--phone", help="Their number."),
    tie: TiedAs = typer.Option(TiedAs.NONE, "--tie", help="How they stand to the council: spouse means of an officer or member."),
    checked_on: str = typer.Option("", "--checked-on", metavar="YYYY-MM-DD", help="The day of the DBS certificate that you saw."),
    first: str = typer.Option("", "--from", metavar="YYYY-MM-DD", help="Available from this day.", show_default=False),
    last: str = typer.Option("", "--until", metavar="YYYY-MM-DD", help="Available until this day.", show_default=False),
    hourly: str = typer.Option("0", "--hourly", metavar="POUNDS", help="What an hour costs, like 35.50."),
    who: str = AS,
) -> None:
    """Put somebody in the pool. Nobody tied to the council is an independent person, chair or panel member (reg. 2)."""
    from bot.cli.at_work import at_work
    from casework.people import pool
    from storage.columns import PoolRole, Tie

    candidate = pool.Candidate(
        name,
        [PoolRole(one.value) for one in role],
        email,
        phone,
        Tie(tie.value),
        as_day(checked_on) if checked_on else None,
        as_day(first) if first else None,
        as_day(last) if last else None,
        pence_of(hourly),
    )

    async def doing() -> "PoolPersonRow":
        async with at_work() as at, at.memory.unit_of_work() as uow:
            return await pool.join(uow, candidate, acting(at, who))

    err().print(f"{name} is in the pool, with the number {run(doing).id}.")


@app.command(epilog="Example: heard pool check 3 --on 2026-02-10")
def check(
    number: int = NUMBER,
    on: str = typer.Option(..., "--on", metavar="YYYY-MM-DD", help="The day of the certificate."),
    who: str = AS,
) -> None:
    """Note that you saw a new DBS certificate."""
    from bot.cli.at_work import at_work
    from casework.people import pool

    day = as_day(on)

    async def doing() -> None:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            await pool.see_certificate(uow, number, day, acting(at, who))

    run(doing)
    err().print("It is noted.")


@app.command(name="list", epilog="Example: heard pool list")
def list_pool(json: bool = JSON) -> None:
    """Everybody of the pool, with their check, their days, and the cases that they are on."""
    from bot.cli.at_work import at_work
    from storage import daily

    async def look() -> "tuple[list[PoolPersonRow], list[PoolAppointmentRow]]":
        async with at_work() as at, at.memory.reading() as uow:
            return await daily.pool(uow), await daily.appointments(uow)

    people, every = run(look)
    standing = [one for one in every if one.ended_on is None]
    if json:
        print_json([_as_json(one, every) for one in people])
        return
    rows = (
        (
            one.id,
            one.name,
            ", ".join(one.roles).replace("_", " "),
            one.dbs_on or "never seen",
            one.until_on or "",
            ", ".join(f"{mine.case_reference} (appointment {mine.id})" for mine in standing if mine.person_id == one.id),
        )
        for one in people
    )
    show(table("No.", "Name", "As", "Checked", "Until", "On", whole=["No.", "Checked"]), rows)


def _as_json(one: "PoolPersonRow", every: "Sequence[PoolAppointmentRow]") -> dict[str, Any]:
    return {
        "number": one.id,
        "name": one.name,
        "roles": one.roles,
        "address": one.address or None,
        "phone": one.phone or None,
        "tie": one.tie.value,
        "dbs_on": one.dbs_on,
        "from": one.from_on,
        "until": one.until_on,
        "hourly_pence": one.hourly_pence,
        "appointments": [
            {
                "appointment": mine.id,
                "reference": mine.case_reference,
                "role": mine.role.value,
                "appointed_on": mine.appointed_on,
                "declared": mine.declared,
                "ended_on": mine.ended_on,
            }
            for mine in every
            if mine.person_id == one.id
        ],
    }


@app.command(epilog='Example: heard pool appoint 3 K7M-W92-RXHC --role independent_person --declared "knows nobody of the case"')
def appoint(
    number: int = NUMBER,
    reference: str = REFERENCE,
    role: As = typer.Option(..., "--role", help="As what."),
    declared: str = typer.Option("", "--declared", help="What they said of their ties to the people of the case."),
    on: str = typer.Option("", "--on", metavar="YYYY-MM-DD", help="The day; today by default.", show_default=False),
    who: str = AS,
) -> None:
    """Appoint somebody to a case. It is the step of the procedure as well."""
    from bot.cli.at_work import at_work
    from casework.people import pool
    from storage.columns import PoolRole

    wanted, day = reference_of(reference), as_day(on) if on else None

    async def doing() -> "PoolAppointmentRow":
        async with at_work() as at, at.memory.unit_of_work() as uow:
            return await pool.appoint(uow, number, wanted, PoolRole(role.value), declared, acting(at, who), on=day)

    err().print(f"It is appointment {run(doing).id}, as {role.value.replace('_', ' ')} of {wanted}.")


@app.command(epilog='Example: heard pool leave 7 --why "has moved away"')
def leave(
    appointment: int = typer.Argument(help="The appointment's number in `heard pool list`."),
    why: str = typer.Option("", "--why", help="The reason."),
    who: str = AS,
) -> None:
    """End an appointment. Its hours and costs stay."""
    from bot.cli.at_work import at_work
    from casework.people import pool

    async def doing() -> None:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            await pool.stand_down(uow, appointment, why, acting(at, who))

    run(doing)
    err().print(f"Appointment {appointment} ends.")


@app.command(epilog='Example: heard pool hours 7 --time 6:30 --expenses 12.40 --on 2026-03-05 --what "read the file"')
def hours(
    appointment: int = typer.Argument(help="The appointment's number in `heard pool list`."),
    time: str = typer.Option("0:00", "--time", metavar="H:MM", help="How long they worked on that day."),
    expenses: str = typer.Option("0", "--expenses", metavar="POUNDS", help="What they spent."),
    on: str = typer.Option("", "--on", metavar="YYYY-MM-DD", help="The day; today by default.", show_default=False),
    what: str = typer.Option("", "--what", help="What they did."),
    who: str = AS,
) -> None:
    """Note the time and expenses of one day."""
    from bot.cli.at_work import at_work
    from casework.people import pool

    minutes, spent, day = minutes_of(time), pence_of(expenses), as_day(on) if on else None

    async def doing() -> None:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            await pool.note_hours(uow, appointment, minutes, acting(at, who), on=day, expenses_pence=spent, what=what)

    run(doing)
    err().print("It is noted.")


@app.command(epilog="Example: heard pool costs --year 2025")
def costs(
    year: int | None = typer.Option(
        None, "--year", help="The year in which the financial year begins; all by default.", show_default=False
    ),
    json: bool = JSON,
    training: bool = TRAINING,
) -> None:
    """What each case cost in each financial year, and together."""
    from bot.cli.at_work import at_work
    from casework.people import pool
    from storage import daily

    async def look() -> "list[Cost]":
        async with at_work() as at, at.memory.reading() as uow:
            return pool.costs(await daily.hours(uow, training=training))

    found = [one for one in run(look) if year in (None, one.year)]
    if json:
        print_json([_cost(one) for one in found])
        return
    rows = [_row(one.year, one.reference, [one]) for one in found]
    rows += [_row(each, "together", [one for one in found if one.year == each]) for each in sorted({one.year for one in found})]
    columns = ("Year", "Reference", "Hours", "Fees", "Expenses", "Cost")
    show(table(*columns, whole=columns), rows)


def _row(year: int, what: str, found: "Sequence[Cost]") -> tuple[str, ...]:
    """One line of costs: those of a case, or of a whole year."""
    minutes = sum(one.minutes for one in found)
    sums = (sum(one.fees_pence for one in found), sum(one.expenses_pence for one in found), sum(one.pence for one in found))
    return f"{year}/{(year + 1) % 100:02}", what, f"{minutes // 60}:{minutes % 60:02}", *map(pounds, sums)


def _cost(one: "Cost") -> dict[str, Any]:
    return {
        "reference": one.reference,
        "year": one.year,
        "minutes": one.minutes,
        "fees_pence": one.fees_pence,
        "expenses_pence": one.expenses_pence,
        "cost_pence": one.pence,
    }
