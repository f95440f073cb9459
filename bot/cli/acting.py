"""Who acts, and one action of one person in one unit of work."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from bot.cli.common import Answer, err, run, safe

if TYPE_CHECKING:
    from bot.cli.at_work import At
    from casework.acting import Acting
    from casework.progress import Progress
    from procedures.terms import Notice
    from storage.unit_of_work import UnitOfWork

    Work = Callable[[UnitOfWork, Acting], Awaitable[Progress | None]]

T = TypeVar("T")


def acting(at: "At", who: str) -> "Acting":
    """Who acts: every action carries a person of the settings."""
    from casework.acting import Acting

    who = who or at.memory.person or ""  # whose account it is, where the settings say so
    if not who:
        raise Answer("Say who acts, with --as ADDRESS or HEARD_PERSON. Nothing was changed.")
    person = at.settings.council.person(who)
    if person is None:
        known = ", ".join(person.address for person in at.settings.council.people) or "nobody yet: add [[people]] to the settings"
        raise Answer(f"{safe(who)} is not one of the people in the settings ({known}). Nothing was changed.")
    return Acting(person, at.office, at.now)


def act(who: str, work: "Work", done: str) -> None:
    """One action of one person, in one unit of work; then say what was done and what comes next."""
    from bot.cli.at_work import at_work

    async def doing() -> "Progress | None":
        async with at_work() as at, at.memory.unit_of_work() as uow:
            return await work(uow, acting(at, who))

    progress = run(doing)
    err().print(done)
    _next(progress)


def carry_out(who: str, work: "Callable[[UnitOfWork, Acting], Awaitable[T]]") -> T:
    """One action of one person, in one unit of work, and what it gives."""
    from bot.cli.at_work import at_work

    async def doing() -> T:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            return await work(uow, acting(at, who))

    return run(doing)


def write_to(who: str, reference: str, notice: "Notice", work: "Work") -> None:
    """An action that writes to the person of the case; what is said is what is in the outbox afterwards."""
    from bot.cli.at_work import at_work
    from storage import cases

    async def doing() -> "tuple[Progress | None, bool, bool]":
        async with at_work() as at, at.memory.unit_of_work() as uow:
            progress = await work(uow, acting(at, who))
            case = await cases.find(uow, reference)
            is_queued = any(row.notice == notice for row in await cases.sent_of(uow, reference))
            return progress, is_queued, case is not None and case.is_training

    progress, leaves, is_training = run(doing)
    what = notice.value.replace("_", " ")
    if is_training:
        err().print(f"The {what} of {reference} is kept to be looked at. It is a case to learn on: nothing leaves.")
    elif leaves:
        err().print(f"The {what} of {reference} is on its way.")
    else:
        err().print(f"The {what} of {reference} is kept, but there is no way to write to them: see `heard tasks list`.")
    _next(progress)


def _next(progress: "Progress | None") -> None:
    if progress is not None and (due := progress.next_due) is not None:
        clock, on = due.deadline.clock.replace("_", " "), due.deadline.due_on
        err().print(f"Next: {clock} by {on:%A %d %B %Y} ({due.deadline.authority}).")
