"""The office: what the council decided, the law it works by and the calendar it counts on, together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from casework.council import Council
from procedures.rulebook import Rulebook
from procedures.working_days import WorkingCalendar


@dataclass(frozen=True)
class Office:
    """What every action needs besides the case: one value instead of three arguments."""

    council: Council
    rulebook: Rulebook
    calendar: WorkingCalendar
    nation: str = "england"
    open_days: WorkingCalendar = None  # type: ignore[assignment]
    """The days on which somebody is at work: the calendar without the council's own closure days. They move no statutory date."""

    def __post_init__(self) -> None:
        if self.open_days is None:
            object.__setattr__(self, "open_days", self.calendar)

    @property
    def domain(self) -> str:
        """The domain of our own Message-IDs."""
        return self.council.from_address.rpartition("@")[2] or "council.example"

    def with_days(self, added: Mapping[date, str], removed: frozenset[date]) -> "Office":
        """The same office with bank holidays that came later, and with the closure days of its council."""
        calendar = WorkingCalendar.of(self.nation, added=added, removed=removed) if added or removed else self.calendar
        closed = dict.fromkeys(self.council.closure_days, "closure day")
        open_days = WorkingCalendar.of(self.nation, added={**closed, **added}, removed=removed) if closed else calendar
        return replace(self, calendar=calendar, open_days=open_days)
