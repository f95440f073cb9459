"""The office that the running service and every command work in."""

from bot.settings import Settings
from casework.office import Office
from procedures.rulebook import read_rulebook
from procedures.working_days import WorkingCalendar
from storage import cases
from storage.unit_of_work import Memory


async def office_of(settings: Settings, memory: Memory) -> Office:
    """The council, the law and the calendar, with the council's own days from the memory."""
    book = read_rulebook(settings.council.own_numbers, settings.nation)
    office = Office(settings.council, book, WorkingCalendar.of(settings.nation), settings.nation)
    async with memory.reading() as uow:
        days = await cases.calendar_days(uow, settings.nation)
    added = {day.day: day.name for day in days if not day.is_working}
    return office.with_days(added, frozenset(day.day for day in days if day.is_working))
