"""What may be recorded on a case, as a table or as JSON."""

from collections.abc import Iterable, Sequence

import typer

from bot.cli.at_work import at_work
from bot.cli.common import Answer, as_day, err, print_json, safe, show, table
from casework.issues.recommendations import FOLLOWS_FROM, Recommendation
from casework.recordable import what_may_be_recorded
from casework.recording import Possible
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


def what_was_recommended(given: Iterable[str]) -> list[Recommendation]:
    """What `--action "ADDRESS YYYY-MM-DD WORDS"` gives."""
    found = []
    for one in given:
        owner, day, words = [*one.split(maxsplit=2), "", "", ""][:3]
        if not words:
            raise typer.BadParameter(
                f"{safe(one)[:60]!r} is not 'ADDRESS YYYY-MM-DD WORDS', like 'head@council.example 2026-05-01 Train the team.'"
            )
        found.append(Recommendation(words, owner, as_day(day)))
    return found


def say_who_does_it(reference: str, event: Event, numbers: Sequence[int]) -> None:
    """The actions that were made; where a step brings recommendations and none was named, how to."""
    source = FOLLOWS_FROM.get(event)
    if numbers:
        err().print(f"Somebody does each of them: action {', '.join(map(str, numbers))}. See `heard actions list`.")
    elif source is not None:
        err().print(
            "Was anything recommended? Each recommendation is an action with a person and a day: "
            f"`heard actions add {reference} --source {source.value} …`."
        )


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
