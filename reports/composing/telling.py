"""The story of a report in its first lines: sentences by rules, from figures that are shown. What is withheld is not told."""

from collections.abc import Iterator

from reports.composing.data import Data, counts, whole
from reports.composing.wording import Wording
from reports.values import Cell

THEMES = 3
JUDGED = ("statutory", "corporate")


def story(data: Data, wording: Wording) -> Iterator[str]:
    """What a reader in a hurry should know, a sentence each."""
    yield _came(data, wording)
    if whole(data.cell("complaints", "received", "count")) == 0:
        yield from _kind_words(data, wording)
        return
    yield from _procedures(data, wording)
    for procedure in JUDGED:
        yield from _in_time(data, wording, procedure)
    yield from _upheld(data, wording)
    themes = [str(one) for one in data.at("complaints", "issues", "top_themes") or ()][:THEMES]
    if themes:
        yield wording.story("themes", themes=", ".join(wording.term("theme", one).lower() for one in themes))
    yield from _escalated(data, wording)
    yield from _ombudsman(data, wording)
    yield from _kind_words(data, wording)


def _came(data: Data, wording: Wording) -> str:
    now, before, change, percent = data.measure("complaints", "received")
    count, previous, difference = whole(now), whole(before), whole(change)
    if count is None:
        return wording.story("came_withheld")
    if count == 0:
        return wording.story("none")
    said = f"{count:,}"
    if count == 1 and previous is not None:
        return wording.story("came_one", previous=f"{previous:,}")
    if not previous or not difference:
        alike = "came_count" if previous is None else "came_same" if previous else "came_alone"
        return wording.story(alike, count=said)
    more = wording.story("more" if difference > 0 else "fewer", difference=f"{abs(difference):,}")
    return wording.story("came", count=said, more=more, previous=f"{previous:,}", percent=_change(percent))


def _change(percent: Cell) -> str:
    return "" if percent.value is None else f"{float(str(percent.value)):+.1f}%".replace("-", "\u2212")


def _procedures(data: Data, wording: Wording) -> Iterator[str]:
    """The two procedures with the most complaints."""
    found = [
        (whole(data.cell("complaints", "by_procedure", one, "count")), one) for one in data.words("complaints", "by_procedure")
    ]
    most = sorted(((count, one) for count, one in found if count), key=lambda pair: (-pair[0], pair[1]))[:2]
    if len(most) == 1 and most[0][0] == whole(data.cell("complaints", "received", "count")):
        yield wording.story("procedure" if most[0][0] > 1 else "procedure_one", called=wording.term("told", most[0][1]))
    if len(most) == 2:
        (first, first_of), (second, second_of) = most
        names = [wording.term("told", one) for one in (first_of, second_of)]
        yield wording.story("procedures", first=f"{first:,}", first_name=names[0], second=f"{second:,}", second_name=names[1])


def _in_time(data: Data, wording: Wording, procedure: str) -> Iterator[str]:
    soon, later = (data.cell("complaints", "timeliness", procedure, "1", f"within_{days}_percent") for days in (10, 20))
    if soon.value is None:
        return
    called = wording.term("told", procedure)
    if soon.value == 100:
        yield wording.story("in_time_all", procedure=called)
    elif later.value is None:
        yield wording.story("in_time_short", procedure=called, share=_share(soon))
    else:
        yield wording.story("in_time", procedure=called, share=_share(soon), later=_share(later))


def _share(cell: Cell) -> str:
    made_of = (
        f" ({cell.numerator:,} of {cell.denominator:,})" if cell.numerator is not None and cell.denominator is not None else ""
    )
    return f"{cell.value}%{made_of}"


def _upheld(data: Data, wording: Wording) -> Iterator[str]:
    """Of all decided complaints; nothing where a part of them is withheld."""
    places = [
        ("complaints", "outcomes", procedure, outcome)
        for procedure in data.words("complaints", "outcomes")
        for outcome in data.words("complaints", "outcomes", procedure)
    ]
    decided = counts(data.cell(*steps) for steps in places)
    found = counts(data.cell(*steps) for steps in places if steps[-1] in ("upheld", "partially_upheld"))
    if decided and found is not None:
        percent = (200 * found + decided) // (2 * decided)
        yield wording.story("upheld", decided=f"{decided:,}", found=f"{found:,}", percent=percent)


def _escalated(data: Data, wording: Wording) -> Iterator[str]:
    now, before = (data.cell("complaints", "escalation", f"{when}stage_1_to_2_percent") for when in ("", "previous_"))
    if now.value is None:
        return
    if now.value == 0 and not before.value:
        yield wording.story("escalated_none")
    elif before.value is None:
        yield wording.story("escalated_alone", share=_share(now))
    else:
        yield wording.story("escalated", share=_share(now), before=_share(before))


def _ombudsman(data: Data, wording: Wording) -> Iterator[str]:
    for body in data.words("ombudsman"):
        count, previous = (whole(cell) for cell in data.measure("ombudsman", body, "enquiries")[:2])
        if count and previous is not None:
            name = "ombudsman" if count > 1 else "ombudsman_one"
            yield wording.story(name, body=wording.term("body", body), count=f"{count:,}", previous=f"{previous:,}")


def _kind_words(data: Data, wording: Wording) -> Iterator[str]:
    """Compliments, and what was promised."""
    count, previous = (whole(cell) for cell in data.measure("compliments", "received")[:2])
    if count and previous is not None:
        yield wording.story("compliments" if count > 1 else "compliments_one", count=f"{count:,}", previous=f"{previous:,}")
    actions, done, overdue = (whole(data.cell("learning", name)) for name in ("actions", "done", "overdue"))
    if actions and done is not None and overdue is not None:
        yield wording.story(
            "learning" if actions > 1 else "learning_one", actions=f"{actions:,}", done=f"{done:,}", overdue=f"{overdue:,}"
        )
