"""The office: what the council decided, the law it works by and the calendar it counts on, together."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from casework.council import Council
from procedures.clocks import Deadline
from procedures.rulebook import Rulebook
from procedures.terms import Event, Procedure
from procedures.working_days import WorkingCalendar

_KEPT = 10_000
"""Cases of which the deadlines are remembered, at most."""


@dataclass(frozen=True)
class Office:
    """What every action needs besides the case: one value instead of three arguments."""

    council: Council
    rulebook: Rulebook
    calendar: WorkingCalendar
    nation: str = "england"
    open_days: WorkingCalendar = None  # type: ignore[assignment]  # __post_init__ sets it
    """The days on which somebody is at work: the calendar without the council's own closure days. They move no statutory date."""
    _counted: dict[tuple[object, ...], tuple[Deadline, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.open_days is None:
            object.__setattr__(self, "open_days", self.calendar)

    @property
    def domain(self) -> str:
        """The domain of our own Message-IDs."""
        return self.council.from_address.rpartition("@")[2] or "council.example"

    def deadlines(
        self, procedure: Procedure, events: Mapping[Event, date], *, oral: bool, not_counted: list[str] | None = None
    ) -> tuple[Deadline, ...]:
        """The deadlines of a case, by its procedure's rules and this calendar. What was counted for the same dates is kept:
        a day's letters have the same, and a sweep meets them again. What was left out because it ends beyond the calendar is
        said in `not_counted`, each time; without it UnknownDates is raised.
        """
        same = (procedure, oral, *events.items())
        found = self._counted.get(same)
        if found is None:
            if len(self._counted) >= _KEPT:
                self._counted.clear()
            left_out: list[str] = []
            found = self.rulebook.deadlines(
                procedure,
                events,
                self.calendar,
                oral=oral,
                local_calendar=self.open_days,
                not_counted=None if not_counted is None else left_out,
            )
            if not_counted is not None and left_out:
                not_counted += left_out
                return found
            self._counted[same] = found
        return found

    def with_days(self, added: Mapping[date, str], removed: frozenset[date]) -> "Office":
        """The same office with bank holidays that came later, and with the closure days of its council."""
        calendar = WorkingCalendar.of(self.nation, added=added, removed=removed) if added or removed else self.calendar
        closed = dict.fromkeys(self.council.closure_days, "closure day")
        open_days = WorkingCalendar.of(self.nation, added={**closed, **added}, removed=removed) if closed else calendar
        return replace(self, calendar=calendar, open_days=open_days)
