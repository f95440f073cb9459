"""Who acts, and one action of one person in one unit of work."""

from collections.abc import Awaitable, Callable

from bot.cli.common import Answer, At, at_work, err, run, safe
from casework.actions import Acting
from casework.progress import Progress
from storage.unit_of_work import UnitOfWork


def acting(at: At, who: str) -> Acting:
    """Who acts: every action carries a person of the settings."""
    if not who:
        raise Answer("Say who acts, with --as ADDRESS or HEARD_PERSON. Nothing was changed.")
    person = at.settings.council.person(who)
    if person is None:
        known = ", ".join(person.address for person in at.settings.council.people) or "nobody yet: add [[people]] to the settings"
        raise Answer(f"{safe(who)} is not one of the people in the settings ({known}). Nothing was changed.")
    return Acting(person, at.office, at.now)


def act(who: str, work: Callable[[UnitOfWork, Acting], Awaitable[Progress | None]], done: str) -> None:
    """One action of one person, in one unit of work; then say what was done and what comes next."""

    async def doing() -> Progress | None:
        async with at_work() as at, at.memory.unit_of_work() as uow:
            return await work(uow, acting(at, who))

    progress = run(doing)
    err().print(done)
    if progress is not None and (due := progress.next_due) is not None:
        err().print(
            f"Next: {due.deadline.clock.replace('_', ' ')} by {due.deadline.due_on:%A %d %B %Y} ({due.deadline.authority})."
        )
