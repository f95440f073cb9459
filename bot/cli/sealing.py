"""`case seal`: a file that nobody sees alone; and what every command asks before it gives one out."""

from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from bot.cli.acting import act
from bot.cli.case import REFERENCE, WHY, reference_of
from bot.cli.common import AS, Answer, err, flag

if TYPE_CHECKING:
    from bot.cli.at_work import At
    from casework.sealing import Item


def add_to(app: typer.Typer) -> None:
    """Put this among the commands of a case."""
    app.command(epilog='Example: heard case seal K7M-W92-RXHC 2 1 --why "may be an indecent picture of a child"')(seal)


def seal(
    reference: str = REFERENCE,
    message: int = typer.Argument(help="Which of its messages, as `case show` numbers them."),
    number: int = typer.Argument(0, min=0, help="Which of its files; without, all that came.", show_default=False),
    why: str = WHY,
    is_lifted: bool = flag("--lift", "It need not be sealed: only for one of the two who opened it."),
    who: str = AS,
) -> None:
    """Seal a file that may be an indecent picture of a child: from then on nobody sees it alone, and the duty hears at once.

    Do not look at it again, copy, print or send it. It leaves by no command, bundle or letter. `heard case file` opens it to two
    people, officers or on duty, each with --why; every attempt is on the record of the case and told to the duty. Nothing is
    deleted.
    """
    from casework import sealing

    item = sealing.Item(reference_of(reference), message, number)
    if is_lifted:
        act(who, lambda uow, by: sealing.lift(uow, item, why, by), f"The seal of {item.called} is lifted.")
        return
    act(who, lambda uow, by: sealing.seal(uow, item, why, by), f"{item.called.capitalize()} is sealed. {sealing.POLICE}")


async def opened(at: "At", item: "Item", why: str, who: str) -> bool:
    """Whether an item was sealed and is now open to who asks, False where nothing is sealed. Raises Answer where it stays shut.

    The attempt is on record before anything is said.
    """
    from casework import sealing

    memory = replace(at.memory, person=None)  # the service's own: who may not see the case is noted, too
    async with memory.reading() as uow:
        if await sealing.standing(uow, item) is None:
            return False
    async with memory.unit_of_work() as uow:
        attempt = await sealing.try_to_open(uow, item, why, who or at.memory.person or "", at.office, at.now)
    if attempt is not None and not attempt.is_open:
        raise Answer(attempt.says)
    err().print(f"It is sealed, and open to you and one colleague. {sealing.POLICE}")
    return attempt is not None
