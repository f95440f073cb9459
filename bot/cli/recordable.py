"""What may be recorded on a case, as a table or as JSON."""

from collections.abc import Sequence

from bot.cli.at_work import at_work
from bot.cli.common import Answer, err, print_json, show, table
from casework.recording import Possible, what_may_be_recorded
from procedures.steps import steps, words_of
from procedures.terms import Event
from procedures.working_days import date_at_the_desk


async def steps_on(reference: str) -> list[Possible]:
    """Every step that the case's procedure knows and that has not happened."""
    async with at_work() as at, at.memory.reading() as uow:
        return await what_may_be_recorded(uow, reference, at.office, date_at_the_desk(at.now))


def refuse_if_decided_elsewhere(event: Event) -> None:
    """What the law wants weighed has a command of its own, which asks for each part of it."""
    step = steps().get(event)
    if step is not None and step.by:
        raise Answer(f"{words_of(event)} needs more than a day ({step.authority}): use `heard {step.by}`. Nothing was changed.")


def print_steps(found: Sequence[Possible], *, as_json: bool) -> None:
    """Show them: the word to type, what it means, what its reason must say, by what rule, and what stands against it."""
    if as_json:
        print_json([_plain(one) for one in found])
    elif not found:
        err().print("Nothing more can be recorded on it now. --all shows what waits for something else, and for what.")
    else:
        rows = ((one.step.event.value, one.step.says, one.step.why, one.why_not or _rule(one)) for one in found)
        show(table("Event", "It means", "--why says", "Rule, or what stands against it", whole=["Event"]), rows)


def _rule(one: Possible) -> str:
    return f"{one.step.authority}; by `heard {one.step.by}`" if one.step.by else one.step.authority


def _plain(one: Possible) -> dict[str, object]:
    return {
        "event": one.step.event.value,
        "means": one.step.says,
        "why": one.step.why or None,
        "authority": one.step.authority,
        "by": f"heard {one.step.by}" if one.step.by else None,
        "check": one.step.check,
        "possible": not one.why_not,
        "why_not": one.why_not or None,
    }
