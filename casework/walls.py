"""Walls: whoever is complained about, or has a conflict of interest, neither sees nor handles nor hears of the case.

A person named in a complaint is walled at once; an officer confirms or lifts it with a reason (practice.md §3). The memory
itself holds the gate (`storage.walls.gate`): here is what people decide, and who hears instead.
"""

from casework.council import Person
from casework.representation import fold_address
from storage import walls
from storage.unit_of_work import UnitOfWork
from storage.walls import walled_from

__all__ = ["is_walled", "walled_from"]


async def is_walled(uow: UnitOfWork, person: Person | str, reference: str) -> bool:
    """Whether this case is kept from this member of staff, or this address."""
    address = person if isinstance(person, str) else person.address
    return reference in await walls.walled_from(uow, fold_address(address))
