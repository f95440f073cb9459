"""The command line beside the running service: what the people of a town's council type, at the time that it is there."""

import asyncio
import json
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path

import pytest

from tests.commands.hearing import Heard, Said
from tests.stories.town import OFFICER, Town


@dataclass
class Counter:
    """Everybody at work types here, each by their address. Make one with `counter_of`."""

    town: Town
    heard: Heard

    @property
    def today(self) -> date:
        return self.town.clock().date()

    async def types(self, command: str, *words: str, person: str = OFFICER.address) -> Said:
        """A command, which does what it is asked; the service looks at once at what it left."""
        said = await asyncio.to_thread(self.heard, *command.split(), *words, person=person)
        assert said.code == 0, f"{command}: {said.out}{said.err}"
        self.town.looks()
        return said


def counter_of(town: Town, folder: Path, world: pytest.MonkeyPatch) -> Counter:
    """A folder with the settings of this town's council. Its clock is the town's: the one place where a command asks the time."""

    class TownTime:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            return town.clock().astimezone(zone)

    world.setattr("bot.cli.at_work.datetime", TownTime)
    council = town.council
    people = [
        {"address": one.address, "name": one.name, "role": one.role.value} | ({"team": one.team} if one.team else {})
        for one in council.people
    ]
    settings = {
        "HEARD_PEOPLE": json.dumps(people),
        "HEARD_TEAMS": json.dumps([{"name": team.name, "manager": team.manager} for team in council.teams]),
        "HEARD_DUTY_ADDRESS": council.duty_addresses[0],
        "HEARD_FROM_ADDRESS": council.from_address,
        "HEARD_CONTACTS_EMAIL": council.contacts.email,
        "HEARD_CONTACTS_CHECKED_ON": str(council.contacts.checked_on),
        "HEARD_COUNCIL_ENVIRONMENT": council.environment,
    }
    return Counter(town, Heard(folder, town.memory.url, settings))
