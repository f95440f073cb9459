"""The people and teams of the settings, and whether they fit together."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from bot.settings.kinds import address, text
from bot.settings.sources import Found, Sources, did_you_mean
from casework.council import Person, StaffRole, Team

PERSON_KEYS = ("address", "name", "role", "team", "login")
TEAM_KEYS = ("name", "manager")
ROLES = tuple(StaffRole)


def people_and_teams(sources: Sources) -> tuple[tuple[Person, ...], tuple[Team, ...]]:
    """Who works here and in which teams; every mistake is noted in the sources."""
    people = tuple(person for where, row in rows("people", PERSON_KEYS, sources) if (person := a_person(where, row, sources)))
    teams = tuple(team for where, row in rows("teams", TEAM_KEYS, sources) if (team := a_team(where, row, sources)))
    if not sources.spoiled & {"people", "teams"}:
        sources.mistakes += misfits(people, teams)
    return people, teams


def rows(name: str, keys: tuple[str, ...], sources: Sources) -> list[tuple[str, Mapping[str, Any]]]:
    """The tables of a list, each with where it stands. Unknown keys are mistakes."""
    found = sources.found.get(name, Found([], name))
    if not isinstance(found.given, list) or not all(isinstance(row, dict) for row in found.given):
        sources.spoiled.add(name)
        sources.mistakes.append(
            f"{found.where}: found {found.given!r}; wanted tables, each of which begins with a line [[{name}]]."
        )
        return []
    placed = [(f"{found.where}, number {number}", row) for number, row in enumerate(found.given, 1)]
    for where, row in placed:
        for key in row:
            if key not in keys:
                sources.mistakes.append(f"{where}: there is no such thing as {key!r} here.{did_you_mean(key, keys)}")
    return placed


def a_person(where: str, row: Mapping[str, Any], sources: Sources) -> Person | None:
    """A member of staff, or none when something is missing or wrong."""
    given = {
        "address": taken(row, "address", address, f"{where}: wanted an address, such as a.person@anytown.gov.uk", sources),
        "name": taken(row, "name", text, f"{where}: wanted a name, such as A. Person", sources),
        "role": taken(
            row, "role", role, f"{where}: wanted a role: {', '.join(ROLES)}", sources, did_you_mean(str(row.get("role")), ROLES)
        ),
        "team": taken(row, "team", text, f"{where}: wanted the name of a team, such as Fostering", sources)
        if "team" in row
        else "",
        "login": taken(
            row, "login", text, f"{where}: wanted the name of their account on this machine, such as a.person", sources
        )
        if "login" in row
        else "",
    }
    if None in given.values():
        sources.spoiled.add("people")
        return None
    return Person(**given)


def a_team(where: str, row: Mapping[str, Any], sources: Sources) -> Team | None:
    """A team, or none when something is missing or wrong."""
    name = taken(row, "name", text, f"{where}: wanted the team's name, such as Fostering", sources)
    manager = ""
    if "manager" in row:
        manager = taken(
            row, "manager", address, f"{where}: wanted the manager's address, such as m.person@anytown.gov.uk", sources
        )
    if name is None or manager is None:
        sources.spoiled.add("teams")
        return None
    return Team(name, manager)


def role(given: Any) -> StaffRole:
    """What a member of staff does here."""
    return StaffRole(text(given).lower())


def taken(row: Mapping[str, Any], key: str, read: Any, wanted: str, sources: Sources, question: str = "") -> Any:
    """One value of a row, or none after noting the mistake."""
    try:
        return read(row.get(key))
    except ValueError:
        found = f"found {key} = {row[key]!r}" if key in row else f"no {key} was found"
        sources.mistakes.append(f"{wanted}; {found}.{question}")
        return None


def check_monitoring_officer(given: str, people: tuple[Person, ...], sources: Sources) -> None:
    """Who decides where every officer is walled from a case must be somebody known here."""
    addresses = [person.address.lower() for person in people]
    if given and "people" not in sources.spoiled and given.lower() not in addresses:
        sources.mistakes.append(
            f"council.monitoring_officer: {given} is not among [[people]]; wanted the address of one of them."
            f"{did_you_mean(given.lower(), addresses)}"
        )


def check_inbox_rota(given: tuple[str, ...], people: tuple[Person, ...], sources: Sources) -> None:
    """Who reads what comes in must be somebody known here: nobody else could be told that it is their turn."""
    addresses = [person.address.lower() for person in people]
    for one in given:
        if "people" not in sources.spoiled and one.lower() not in addresses:
            meant = did_you_mean(one.lower(), addresses)
            sources.mistakes.append(f"council.inbox_rota: {one} is not among [[people]]; wanted addresses of them.{meant}")


def misfits(people: tuple[Person, ...], teams: tuple[Team, ...]) -> list[str]:
    """What does not fit together: someone twice, a team that is nowhere, a manager who is nobody."""
    names = [team.name for team in teams]
    addresses = [person.address.lower() for person in people]
    mistakes = [f"people: {twice} is there twice; wanted one entry for each person." for twice in repeated(addresses)]
    mistakes += [f"teams: {twice} is there twice; wanted one entry for each team." for twice in repeated(names)]
    mistakes += [
        f"people: {person.address} is in the team {person.team!r}, not among [[teams]].{did_you_mean(person.team, names)}"
        for person in people
        if person.team and person.team not in names
    ]
    mistakes += [
        f"teams: the manager of {team.name}, {team.manager}, is not among [[people]].{did_you_mean(team.manager, addresses)}"
        for team in teams
        if team.manager and team.manager.lower() not in addresses
    ]
    return mistakes


def repeated(words: list[str]) -> list[str]:
    """The words that stand there more than once."""
    return [word for word, times in Counter(words).items() if times > 1]
