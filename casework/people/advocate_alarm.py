"""The alarm when an advocate who was asked for is not appointed in three working days (practice.md 3)."""

from datetime import date, datetime

from casework.office import Office
from casework.opening import task
from procedures.targets import within
from procedures.working_days import moment_at_the_desk
from storage.filing import Filing
from storage.tables import TaskKind


def watch(filing: Filing, reference: str, asked_on: date, office: Office, now: datetime) -> None:
    """Put the alarm on the list; it falls due on the third working day, and closes with the appointment. Once a case."""
    by = office.calendar.add_working_days(asked_on, within(TaskKind.ADVOCATE_LATE.value))
    due = moment_at_the_desk(by, office.council.closes_at)
    filing.add(task(f"advocate_late:{reference}", TaskKind.ADVOCATE_LATE, reference, due, now, f"asked for on {asked_on}"))
