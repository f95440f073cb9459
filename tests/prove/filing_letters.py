"""`python -m tests.prove.filing_letters URL`: files the collected letters from where the door stands, a few at a time."""

import asyncio
import sys

from intake.reception import Reception
from storage import inbound
from storage.inbound import DoorStep
from storage.unit_of_work import open_memory
from tests.casework.rooms import MONDAY, OFFICE
from tests.desk.letters import BOUNDARY, DOOR, NAMES, OURS, arrivals

FEW = 4


async def file_from_where_the_door_stands(url: str) -> None:
    memory = open_memory(url)
    reception = Reception(memory, lambda: OFFICE, BOUNDARY, OURS)
    async with memory.reading() as uow:
        door = await inbound.door(uow, DOOR)
    position = door.position if door else 0
    sys.stdout.write("at work\n")
    sys.stdout.flush()
    while position < len(NAMES):
        some = arrivals()[position : position + FEW]
        position = some[-1].position
        await reception.admit(some, MONDAY, DoorStep(DOOR, "1", position, MONDAY, MONDAY))
    await memory.close()


if __name__ == "__main__":
    asyncio.run(file_from_where_the_door_stands(sys.argv[1]))
