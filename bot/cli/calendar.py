"""`calendar …`: working days, and the council's own changes to them."""

from collections.abc import Sequence
from datetime import date

import typer

from bot.cli.acting import acting
from bot.cli.common import AS, JSON, as_day, at_work, err, out, print_json, run, show, table
from procedures.working_days import WorkingCalendar
from storage import cases
from storage.tables import CalendarDayRow

app = typer.Typer(no_args_is_help=True, help="Working days and bank holidays.")

NATION = typer.Option("england", "--nation", help="england, wales, scotland or northern_ireland.")


@app.command(epilog="Example: heard calendar add --nation england --from 2024-08-29 --working-days 65 --json")
def add(
    start: str = typer.Option(..., "--from", metavar="YYYY-MM-DD", help="The event; counting begins the day after."),
    working_days: int = typer.Option(..., "--working-days", min=0, max=5000, help="How many."),
    nation: str = NATION,
    json: bool = JSON,
) -> None:
    """The last day of a period of working days that begins the day after an event."""
    calendar, day = WorkingCalendar.of(nation), as_day(start)
    last = calendar.add_working_days(day, working_days)
    if json:
        print_json({"nation": nation, "from": day, "working_days": working_days, "date": last})
        return
    skipped = ", ".join(f"{name} ({on:%d %B})" for on, name in calendar.skipped(day, last))
    out().print(f"{last:%A %d %B %Y}: {working_days} working days after {day:%A %d %B %Y}.")
    out().print(f"Not counted: weekends{' and ' + skipped if skipped else ''}. Calendar {calendar.version}.")


@app.command(name="list", epilog="Example: heard calendar list --year 2026")
def list_days(year: int = typer.Option(..., "--year", help="Which year."), nation: str = NATION, json: bool = JSON) -> None:
    """The bank holidays of a year, with the council's own changes."""

    async def look() -> Sequence[tuple[date, str]]:
        async with at_work() as at:
            return at.office.calendar.skipped(date(year - 1, 12, 31), date(year, 12, 31))

    days = run(look) if nation == "england" else WorkingCalendar.of(nation).skipped(date(year - 1, 12, 31), date(year, 12, 31))
    if json:
        print_json([{"date": day, "name": name} for day, name in days])
    else:
        show(table("Day", "Name"), ((f"{day:%a %d %b %Y}", name) for day, name in days))


@app.command(epilog='Example: heard calendar holiday 2027-05-14 --name "Proclaimed holiday" --as officer@council.example')
def holiday(
    day: str = typer.Argument(metavar="YYYY-MM-DD", help="The day."),
    name: str = typer.Option(..., "--name", help="What it is called, for the sentence that explains a date."),
    working: bool = typer.Option(False, "--working", help="It is a working day after all."),
    nation: str = NATION,
    who: str = AS,
) -> None:
    """Add a bank holiday that was proclaimed later. A council's own closure day is none: it moves no statutory date."""
    on = as_day(day)

    async def keep() -> None:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            by = acting(at, who)
            known = {row.day: row for row in await cases.calendar_days(uow, nation)}
            row = known.get(on) or CalendarDayRow(nation=nation, day=on, name=name, added_at=at.now, added_by=by.person.address)
            row.name, row.is_working = name, working
            uow.add(row)

    run(keep)
    err().print(
        f"{on:%A %d %B %Y} is kept as {'a working day' if working else 'a bank holiday'}. New deadlines use it from now on."
    )
