"""Complaints on the corporate way whose words name what belongs to children's law, as a table or as JSON."""

from bot.cli.at_work import at_work
from bot.cli.common import err, print_json, run, show, table
from casework.decisions.second_look import Doubt, route_doubts


def print_route_doubts(*, as_json: bool, is_training: bool = False) -> None:
    """Each with the words' subjects; who reads them decides, not the list."""

    async def look() -> list[Doubt]:
        async with at_work() as at, at.memory.reading() as uow:
            return await route_doubts(uow, is_training=is_training)

    found = run(look)
    if as_json:
        print_json(
            [{"reference": one.case.reference, "received_on": one.case.received_on, "names": list(one.signs)} for one in found]
        )
    elif not found:
        err().print("No corporate complaint names what belongs to children's law.")
    else:
        rows = ((one.case.reference, one.case.received_on, ", ".join(one.signs)) for one in found)
        show(table("Reference", "Received", "Its words name", whole=["Reference", "Received"]), rows)
