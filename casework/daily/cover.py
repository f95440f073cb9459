"""Cover: who is away, and who stands in. The deputy is reminded as well; whoever is away still is, for when they are back."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from casework.acting import Acting, Refused
from casework.council import Council, Person, StaffRole
from casework.representation import fold_address
from procedures.clocks import in_words
from storage import daily
from storage.tables import CoverRow
from storage.unit_of_work import UnitOfWork

LONGEST_DAYS = 366


async def stand_in(uow: UnitOfWork, away: str, deputy: str, from_on: date, until_on: date, acting: Acting) -> CoverRow:
    """Note that somebody is away, both days included, and who stands in.

    Officers note it of anybody, everybody of themselves. An officer's deputy is an officer: nobody else decides (practice.md 3).
    """
    person, other = _both(away, deputy, acting)
    if until_on < from_on:
        raise Refused(f"{in_words(until_on)} is before {in_words(from_on)}. Nothing was changed.")
    if until_on < acting.today:
        raise Refused(f"{in_words(until_on)} has passed. Nothing was changed.")
    if (until_on - from_on).days >= LONGEST_DAYS:
        raise Refused("That is longer than a year: take them out of the settings instead. Nothing was changed.")
    for row in await daily.cover_from(uow, from_on):
        if row.from_on > until_on:
            continue
        if fold_address(row.person) == fold_address(other.address):
            raise Refused(f"{other.name} is away from {row.from_on} to {row.until_on} as well. Nothing was changed.")
        if fold_address(row.person) == fold_address(person.address):
            raise Refused(
                f"{person.name} is away from {row.from_on} to {row.until_on} already, with {row.deputy} standing in. "
                "End that first, with `heard cover end`. Nothing was changed."
            )
    made = CoverRow(
        person=fold_address(person.address),
        deputy=fold_address(other.address),
        from_on=from_on,
        until_on=until_on,
        made_at=acting.now,
        made_by=acting.person.address,
    )
    uow.add(made)
    await uow.flush()
    return made


async def come_back(uow: UnitOfWork, away: str, acting: Acting) -> CoverRow:
    """They are back before they were to be: cover ends with yesterday."""
    person = acting.office.council.person(away)
    mine = person is not None and fold_address(person.address) == fold_address(acting.person.address)
    if acting.person.role is not StaffRole.OFFICER and not mine:
        raise Refused("Only a complaints officer may say it of somebody else. Nothing was changed.")
    found = [row for row in await daily.cover_from(uow, acting.today) if fold_address(row.person) == fold_address(away)]
    if not found:
        raise Refused(f"Nobody stands in for {away}. Nothing was changed.")
    await uow.delete(found[0])
    if found[0].from_on < acting.today:
        ended = CoverRow(**found[0].model_dump(exclude={"id"}))
        ended.until_on = acting.today - timedelta(days=1)
        uow.add(ended)
    await uow.flush()
    return found[0]


def deputies(rows: Iterable[CoverRow], council: Council) -> Mapping[str, Person]:
    """Who stands in, by the folded address of whoever is away. A deputy who left the settings stands in for nobody."""
    found = ((fold_address(row.person), council.person(row.deputy)) for row in rows)
    return {away: deputy for away, deputy in found if deputy is not None}


def with_deputies(people: Iterable[Person], standing_in: Mapping[str, Person]) -> tuple[Person, ...]:
    """The people and whoever stands in for them, each once. A deputy's own deputy is not asked: one is enough."""
    everyone: dict[str, Person] = {}
    for person in people:
        for one in (person, standing_in.get(fold_address(person.address))):
            if one is not None:
                everyone.setdefault(fold_address(one.address), one)
    return tuple(everyone.values())


def reads_today(council: Council, today: date, standing_in: Mapping[str, Person]) -> Person | None:
    """Who reads what comes in today: whose turn it is (`council.inbox_rota`), or who stands in for them."""
    reader = council.reads_on(today)
    return standing_in.get(fold_address(reader.address), reader) if reader else None


def _both(away: str, deputy: str, acting: Acting) -> tuple[Person, Person]:
    council = acting.office.council
    person, other = council.person(away), council.person(deputy)
    if person is None or other is None:
        missing = away if person is None else deputy
        raise Refused(f"{missing} is not one of the people in the settings. Nothing was changed.")
    if fold_address(person.address) == fold_address(other.address):
        raise Refused("Nobody stands in for themselves. Nothing was changed.")
    if acting.person.role is not StaffRole.OFFICER and fold_address(acting.person.address) != fold_address(person.address):
        raise Refused("Only a complaints officer may say that somebody else is away. Nothing was changed.")
    if person.role is StaffRole.OFFICER and other.role is not StaffRole.OFFICER:
        raise Refused(
            f"{other.name} is no complaints officer, and only one decides on complaints (the council's own rule). "
            "Choose another officer. Nothing was changed."
        )
    return person, other
