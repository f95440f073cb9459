"""Cases that belong together: a family's, the same matter told twice, complaints made jointly. Linked, never fused.

Nothing crosses: each case keeps its people, letters, clocks and answers. A link is for the staff of both.
"""

from dataclasses import dataclass

from casework.acting import Acting, Refused, only_officers, the_case
from procedures.people import LinkKind
from procedures.terms import Event
from storage import people, walls
from storage.filing import Filing, write
from storage.tables import LinkRow
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Linked:
    """Another case, and how it belongs with this one."""

    reference: str
    kind: LinkKind
    why: str


async def link(uow: UnitOfWork, reference: str, other: str, kind: LinkKind, why: str, acting: Acting) -> None:
    """Say that two cases belong together. Both go on by themselves, with their own dates."""
    only_officers(acting, "link cases")
    if reference == other:
        raise Refused("A case is not linked to itself. Nothing was changed.")
    await the_case(uow, reference)
    await the_case(uow, other)
    if not why.strip():
        raise Refused("Say why they belong together. Add --why. Nothing was changed.")
    if any(one.reference == other for one in await linked_with(uow, reference)):
        raise Refused(f"{reference} and {other} are linked already. Nothing was changed.")
    first, second = sorted((reference, other))
    filing = Filing()
    filing.add(
        LinkRow(
            one_reference=first,
            other_reference=second,
            kind=kind,
            why=why.strip(),
            made_at=acting.now,
            made_by=acting.person.address,
        ),
        # Without the other's number or the reason: who is walled from the one may read the history of the other.
        acting.event(reference, Event.NOTED, f"linked with another case ({kind.value})"),
        acting.event(other, Event.NOTED, f"linked with another case ({kind.value})"),
    )
    await write(uow, [filing])


async def linked_with(uow: UnitOfWork, reference: str) -> list[Linked]:
    """The cases that belong with this one, without those that are kept from who reads."""
    kept = await walls.kept_from_reader(uow)
    found = []
    for row in await people.links_of(uow, reference):
        other = row.other_reference if row.one_reference == reference else row.one_reference
        if other not in kept:
            found.append(Linked(other, row.kind, row.why))
    return found
