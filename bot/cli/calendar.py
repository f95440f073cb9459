"""`calendar …`: working days, and the council's own changes to them."""

from datetime import date
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.common import (
    AS,
    JSON,
    Answer,
    BadLine,
    as_day,
    as_nation,
    calendar_of,
    err,
    flag,
    json_lines,
    out,
    print_json,
    read_day,
    run,
    show,
    table,
)
from procedures.working_days import WorkingCalendar

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork

app = typer.Typer(no_args_is_help=True, help="Working days and bank holidays.")

MOST = 5000
"""Working days that can be asked for: twenty years, longer than any calendar that ships."""
NATION = typer.Option("england", "--nation", help="Whose bank holidays.")
OURS = typer.Option("", "--nation", help="Whose bank holidays; by default that of the settings.")


@app.command(epilog="Example: heard calendar add --nation england --from 2024-08-29 --working-days 65 --json")
def add(
    start: str = typer.Option("", "--from", metavar="YYYY-MM-DD", help="The event; counting begins the day after."),
    working_days: int | None = typer.Option(None, "--working-days", min=0, max=MOST, help="How many."),
    nation: str = NATION,
    batch: str = typer.Option("", "--batch", metavar="FILE.jsonl", help="One question a line (- for stdin), one answer a line."),
    json: bool = JSON,
) -> None:
    """The last day of a period of working days that begins the day after an event, on the calendar that ships with heard."""
    if batch:
        json_lines(batch, lambda asked: _counted(asked, as_nation(nation)))
        return
    if not start or working_days is None:
        raise typer.BadParameter("Give --from and --working-days, or --batch.")
    calendar, day = calendar_of(as_nation(nation)), as_day(start)
    last = calendar.add_working_days(day, working_days)
    if json:
        print_json({"nation": nation, "from": day, "working_days": working_days, "date": last})
        return
    skipped = ", ".join(f"{name} ({on:%d %B})" for on, name in calendar.skipped(day, last))
    out().print(f"{last:%A %d %B %Y}: {working_days} working days after {day:%A %d %B %Y}.")
    out().print(f"Not counted: weekends{' and ' + skipped if skipped else ''}. Calendar {calendar.version}.")


def _counted(asked: dict[str, Any], nation: str) -> dict[str, Any]:
    """The answer to one line of a batch."""
    working_days, nation = asked.get("working_days"), asked.get("nation", nation)
    if not isinstance(working_days, int) or isinstance(working_days, bool) or not 0 <= working_days <= MOST:
        raise BadLine(f"working_days must be a whole number from 0 to {MOST}.")
    if not isinstance(nation, str):
        raise BadLine("nation must be a word, like england.")
    day = read_day(str(asked.get("from", "")))
    last = calendar_of(nation).add_working_days(day, working_days)
    return {"nation": nation, "from": day, "working_days": working_days, "date": last}


@app.command(name="list", epilog="Example: heard calendar list --year 2026")
def list_days(
    year: int = typer.Option(..., "--year", min=1900, max=2999, help="Which year."), nation: str = OURS, json: bool = JSON
) -> None:
    """The bank holidays of a year on weekdays, with the council's own changes."""
    from bot.cli.at_work import at_work
    from storage import cases

    async def look() -> WorkingCalendar:
        async with at_work() as at, at.memory.reading() as uow:
            where = as_nation(nation or at.settings.nation)
            ours = await cases.calendar_days(uow, where)
            added = {row.day: row.name for row in ours if not row.is_working}
            return WorkingCalendar.of(where, added, [row.day for row in ours if row.is_working])

    calendar = run(look)
    calendar.count_working_days(date(year, 1, 1), date(year, 12, 31))  # a year that is not known has no list, not an empty one
    days = calendar.skipped(date(year - 1, 12, 31), date(year, 12, 31))
    if json:
        print_json([{"date": day, "name": name} for day, name in days])
    else:
        show(table("Day", "Name", whole=["Day"]), ((f"{day:%a %d %b %Y}", name) for day, name in days))


@app.command(epilog='Example: heard calendar holiday 2027-05-14 --name "Proclaimed holiday" --as officer@council.example')
def holiday(
    day: str = typer.Argument(metavar="YYYY-MM-DD", help="The day."),
    name: str = typer.Option(..., "--name", help="What it is called, for the sentence that explains a date."),
    working: bool = flag("--working", "It is a working day after all."),
    nation: str = OURS,
    who: str = AS,
) -> None:
    """Add a bank holiday that was proclaimed later. A council's own closure day is none: it moves no statutory date."""
    from bot.cli.acting import acting
    from bot.cli.at_work import at_work

    on = as_day(day)
    if not name.strip():
        raise Answer("A bank holiday needs its name. Nothing was changed.")

    async def keep() -> int:
        from bot.office import office_of
        from casework.acting import Acting
        from casework.recounting import recount_open_cases

        async with at_work() as at:
            by = acting(at, who)
            where = as_nation(nation or at.settings.nation)
            calendar_of(where).is_working_day(on)  # refuses a day beyond the calendar: it would count for nothing
            async with at.memory.unit_of_work() as uow:
                await _keep(uow, where, on, name.strip()[:200], is_working=working, by=by.person.address, now=by.now)
            if where != at.settings.nation:
                return 0
            office = await office_of(at.settings, at.memory)
            why = f"{on} is {what}"
            return len(await recount_open_cases(at.memory, Acting(by.person, office, by.now), why))

    what = "a working day" if working else "a bank holiday"
    moved = run(keep)
    err().print(f"{on:%A %d %B %Y} is kept as {what}. Dates of open cases that moved: {moved}; their owners are told.")


async def _keep(uow: "UnitOfWork", nation: str, day: date, name: str, *, is_working: bool, by: str, now: Any) -> None:
    from storage import cases
    from storage.tables import CalendarDayRow

    known = {row.day: row for row in await cases.calendar_days(uow, nation)}
    row = known.get(day) or CalendarDayRow(nation=nation, day=day, name=name, added_at=now, added_by=by)
    row.name, row.is_working = name, is_working
    uow.add(row)
