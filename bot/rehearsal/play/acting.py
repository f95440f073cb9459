"""One action of one person on the stage, as `heard case …` does it: one unit of work, or a refusal."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.rehearsal.play.scene import Scene
from bot.rehearsal.stage import OFFICER
from casework.acting import Acting, Refused
from casework.council import Person
from storage.unit_of_work import UnitOfWork

Work = Callable[[UnitOfWork, Acting], Awaitable[Any]]


async def act(scene: Scene, work: Work, person: Person = OFFICER) -> bool:
    """Do it and tell what came of it; False when it was refused, with the refusal told."""
    acting = await scene.stage.acting(person)
    try:
        async with scene.stage.memory.unit_of_work() as uow:
            await work(uow, acting)
    except Refused as no:
        scene.refused(str(no))
        return False
    if scene.stage.service is not None:
        scene.stage.service.bell.set()
    await scene.catch_up()
    return True
