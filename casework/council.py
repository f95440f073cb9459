"""What a council has decided: its name, people, teams, hours and numbers. Settings become this; lower rooms get it as a value."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from procedures.own_numbers import Overrides, OwnNumber
from procedures.terms import AlarmRoute
from procedures.working_days import WorkingCalendar, date_at_the_desk, moment_at_the_desk

FRIDAY = 4
QUIET_FROM = time(18)
"""Nobody at work is written to after this (people-and-safety.md §4.3); what is safety goes its own way."""
ROTA_BEGINS = date(2024, 1, 1)
"""A Monday on which the first of every rota had the first turn."""


class StaffRole(StrEnum):
    """What a member of staff does here (people-and-safety.md §4.1)."""

    OFFICER = "officer"
    """The complaints manager (SI 2006/1738, reg. 10) or a deputy outside the services complained about."""
    MANAGER = "manager"
    HEAD_OF_SERVICE = "head_of_service"
    DIRECTOR = "director"


@dataclass(frozen=True)
class Person:
    """A member of staff. The address is who they are: every action carries it."""

    address: str
    name: str
    role: StaffRole
    team: str = ""
    login: str = ""
    """Their account on the machine: where anybody has one, each acts from their own alone (`bot.cli.accounts`)."""


@dataclass(frozen=True)
class Team:
    """A team whose work people write about."""

    name: str
    manager: str = ""
    """A person's address."""


@dataclass(frozen=True)
class Contacts:
    """Where people can turn. Numbers are dated: `heard check` asks for a look when they are old."""

    phone: str = "01632 960 000"
    hours: str = "Monday to Friday, 9am to 5pm"
    email: str = "yoursay@council.example"
    night_phone: str = "01632 960 999"
    advocate_name: str = "Coram Voice"
    advocate_phone: str = "0808 800 5792"
    ombudsman_phone: str = "0300 061 0614"
    ombudsman_name: str = "Local Government and Social Care Ombudsman"
    """The nation's own: nobody is sent to another's."""
    policy_url: str = "https://www.council.example/complaints"
    """Where everybody can read the procedure (Suffolk, 23 015 464: it was not published)."""
    checked_on: date | None = None


@dataclass(frozen=True)
class Council:
    """Everything about the council that a decision or a letter needs."""

    name: str = "Anytown Council"
    service_name: str = "Your Say"
    contacts: Contacts = field(default_factory=Contacts)
    people: tuple[Person, ...] = ()
    teams: tuple[Team, ...] = ()
    duty_addresses: tuple[str, ...] = ()
    """Who hears of a safety alert and of trouble, at any hour."""
    from_address: str = "yoursay@council.example"
    closure_days: tuple[date, ...] = ()
    """Days on which nobody is at work though the nation works, like those between Christmas and New Year."""
    own_clocks: tuple[tuple[str, str, OwnNumber], ...] = ()
    """What the council has set otherwise: procedure, clock, its period. None that the law sets."""
    opens_at: time = time(9)
    closes_at: time = time(17)
    read_by_working_days: int = 1
    """How soon a person reads a new message, counted from the day after it came (practice.md §7: default one working day)."""
    reminders_at: time = time(8, 30)
    digest_at: time = time(8)
    digest_weekday: int = 0
    """0 is Monday."""
    automatic_answers_an_hour: int = 2
    automatic_answers_a_day: int = 10
    alarm_routes: tuple[AlarmRoute, ...] = ()
    """By what a safety alert rings besides mail, and trouble with mail instead of it."""
    monitoring_officer: str = ""
    """The address of one of the people: decides, and hears, where every officer is walled from a case (practice.md §3)."""
    address_lines: tuple[str, ...] = ()
    """The postal address at the head of a letter, line by line."""
    logo: str = ""
    """The path of a PNG or JPEG picture for the head of a letter."""
    answers_signed_by: tuple[StaffRole, ...] = (StaffRole.OFFICER, StaffRole.MANAGER, StaffRole.HEAD_OF_SERVICE)
    """Whose signature lets an answer leave."""
    inbox_rota: tuple[str, ...] = ()
    """Addresses of people: who reads what comes in, one a weekday, then from the first again."""
    environment: str = ""
    """Shown in every staff mail when set: `test`."""
    plus_addressing: bool = True
    """Whether answers may come to from_address with a token in it. Without, they are known by the letters that they name."""

    @property
    def own_numbers(self) -> Overrides:
        """What it has set otherwise, as the law book takes it."""
        numbers: dict[str, dict[str, OwnNumber]] = {}
        for procedure, clock, own in self.own_clocks:
            numbers.setdefault(procedure, {})[clock] = own
        return numbers

    def person(self, address: str) -> Person | None:
        """The member of staff with this address, or none."""
        folded = address.strip().lower()
        return next((person for person in self.people if person.address.lower() == folded), None)

    def reads_on(self, day: date) -> "Person | None":
        """Whose turn it is to read what comes in on a day; none without a rota, and on a weekend.

        Weekdays are counted through, so that everybody has the same share however many they are. A bank holiday is a turn
        like any other: one that is proclaimed late moves nobody's day.
        """
        if not self.inbox_rota or day.weekday() > FRIDAY:
            return None
        weeks = (day - ROTA_BEGINS).days // 7
        return self.person(self.inbox_rota[(5 * weeks + day.weekday()) % len(self.inbox_rota)])

    def with_role(self, *roles: StaffRole) -> tuple[Person, ...]:
        return tuple(person for person in self.people if person.role in roles)

    @property
    def officers(self) -> tuple[Person, ...]:
        return self.with_role(StaffRole.OFFICER)

    def may_decide(self, person: Person) -> bool:
        """Whether what only the complaints officer may do is this person's: an officer's, and the monitoring officer's."""
        return person.role is StaffRole.OFFICER or self.is_monitoring_officer(person)

    def is_monitoring_officer(self, person: Person) -> bool:
        return bool(self.monitoring_officer) and person.address.lower() == self.monitoring_officer.lower()

    def officers_for(self, walled: Collection[str]) -> tuple[Person, ...]:
        """The officers from whom a case is not kept; with none left the monitoring officer, then whoever is over all services.

        `walled` holds folded addresses. Parents name everyone: that must not leave a case with nobody (practice.md §3).
        """
        left = tuple(person for person in self.officers if person.address.lower() not in walled)
        over_all = [person for person in self.people if self.is_monitoring_officer(person)]
        over_all += [one for one in self.with_role(StaffRole.DIRECTOR, StaffRole.HEAD_OF_SERVICE) if not one.team]
        return left or tuple(person for person in over_all if person.address.lower() not in walled)[:1]

    def on_duty_for(self, walled: Collection[str]) -> tuple[str, ...]:
        """The addresses that hear of danger: those on duty from whom the case is not kept, else who stands in for them.

        Never empty while anybody is on duty: where everybody is walled, a child's safety goes before the wall.
        """
        left = tuple(address for address in self.duty_addresses if address.strip().lower() not in walled)
        return left or tuple(person.address for person in self.officers_for(walled)) or self.duty_addresses

    def is_staffed(self, moment: datetime, calendar: WorkingCalendar) -> bool:
        """Whether someone is at work and has an hour left: in the last hour the night words are said (practice.md §2)."""
        day = date_at_the_desk(moment)
        if not calendar.is_working_day(day):
            return False
        last = moment_at_the_desk(day, self.closes_at) - timedelta(hours=1)
        return moment_at_the_desk(day, self.opens_at) <= moment < last

    def read_by(self, received_on: date, calendar: WorkingCalendar) -> date:
        """The day by which a person reads what came on `received_on`."""
        return calendar.add_working_days(received_on, self.read_by_working_days)

    def next_staffed(self, moment: datetime, calendar: WorkingCalendar) -> datetime:
        """When someone is next at work, from `moment` on."""
        day = date_at_the_desk(moment)
        if calendar.is_working_day(day) and moment < moment_at_the_desk(day, self.opens_at):
            return moment_at_the_desk(day, self.opens_at)
        return moment_at_the_desk(calendar.add_working_days(day, 1), self.opens_at)

    def working_time_later(self, moment: datetime, calendar: WorkingCalendar, length: timedelta) -> datetime:
        """When so much time has passed while someone was at work, from `moment` on."""
        closes = moment_at_the_desk(date_at_the_desk(moment), self.closes_at)
        is_open = calendar.is_working_day(date_at_the_desk(moment)) and moment < closes
        start = max(moment, moment_at_the_desk(date_at_the_desk(moment), self.opens_at)) if is_open else None
        start = start or self.next_staffed(moment, calendar)
        left = moment_at_the_desk(date_at_the_desk(start), self.closes_at) - start
        return start + length if length <= left else self.working_time_later(start + left, calendar, length - left)
