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

    @property
    def domain(self) -> str:
        """The domain of our own Message-IDs."""
        return self.council.from_address.rpartition("@")[2] or "council.example"

    def with_days(self, added: Mapping[date, str], removed: frozenset[date]) -> "Office":
        """The same office with the council's own changes to the calendar."""
        return replace(self, calendar=WorkingCalendar.of(self.nation, added=added, removed=removed)) if added or removed else self
