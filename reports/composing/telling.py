"""The story of a report in its first lines: sentences by rules, from figures that are shown. What is withheld is not told."""

from collections.abc import Iterator

from reports.composing.data import Data, counts, whole
from reports.composing.wording import Wording
from reports.values import Cell

THEMES = 3
FEW = 10
"""Of fewer than so many no percentage is told (people-and-safety.md §9.5, R8)."""
JUDGED = ("statutory", "corporate")
REACHES_BACK = "reaches_back"
"""Among the figures: whether anything is on record from before the period. What an earlier version kept does not say."""


def story(data: Data, wording: Wording) -> Iterator[str]:
    """What a reader in a hurry should know, a sentence each."""
    yield _came(data, wording)
    if whole(data.cell("complaints", "received", "count")) != 0:
        yield from _procedures(data, wording)
        yield from _informal(data, wording)
        for procedure in JUDGED:
            yield from _in_time(data, wording, procedure)
        yield from _upheld(data, wording)
        yield from _themes(data, wording)
    yield from _escalated(data, wording)
    yield from _ombudsman(data, wording)
    yield from _kind_words(data, wording)


def _came(data: Data, wording: Wording) -> str:
    now, before, change, percent = data.measure("complaints", "received")
    count, previous, difference = whole(now), whole(before), whole(change)
    if count is None:
        return wording.story("came_withheld")
    if count == 0:
        return wording.story("none_now", previous=f"{previous:,}") if previous else wording.story("none")
    said = f"{count:,}"
    if not previous and _is_first(data):
        return wording.story("came_first" if count > 1 else "came_first_one", count=said)
    if count == 1 and previous is not None:
        return wording.story("came_one", previous=f"{previous:,}")
    if not previous or not difference:
        alike = "came_count" if previous is None else "came_same" if previous else "came_alone"
        return wording.story(alike, count=said)
    more = wording.story("more" if difference > 0 else "fewer", difference=f"{abs(difference):,}")
    name = "came_few" if previous < FEW else "came"
    return wording.story(name, count=said, more=more, previous=f"{previous:,}", percent=_change(percent))


def _is_first(data: Data) -> bool:
    """Whether nothing at all is on record from before the period: then none is not said to have come."""
    return data.at(REACHES_BACK) is False


def _change(percent: Cell) -> str:
    return "" if percent.value is None else f"{float(str(percent.value)):+.1f}%".replace("-", "\u2212")


def _informal(data: Data, wording: Wording) -> Iterator[str]:
    count, share = whole(data.cell("complaints", "informal", "count")), data.cell("complaints", "informal_percent")
    if count and share.value is not None:
        few = "_few" if _are_few(share) else ""
        yield wording.story(f"informal{few}" if count > 1 else f"informal{few}_one", count=f"{count:,}", percent=share.value)


def _procedures(data: Data, wording: Wording) -> Iterator[str]:
    """The two procedures with the most complaints; of equal ones none is told before another."""
    found = [
        (whole(data.cell("complaints", "by_procedure", one, "count")), one) for one in data.words("complaints", "by_procedure")
    ]
    every = sorted(((count, one) for count, one in found if count), key=lambda pair: (-pair[0], pair[1]))
    most = [] if len(every) > 2 and every[1][0] == every[2][0] else every[:2]
    if len(most) == 1 and most[0][0] == whole(data.cell("complaints", "received", "count")):
        yield wording.story("procedure" if most[0][0] > 1 else "procedure_one", called=wording.term("told", most[0][1]))
    if len(most) == 2:
        (first, first_of), (second, second_of) = most
        names = [wording.term("told", one) for one in (first_of, second_of)]
        name = "procedures_ones" if first == 1 else "procedures_one" if second == 1 else "procedures"
        yield wording.story(name, first=f"{first:,}", first_name=names[0], second=f"{second:,}", second_name=names[1])


def _in_time(data: Data, wording: Wording, procedure: str) -> Iterator[str]:
    soon, later = (data.cell("complaints", "timeliness", procedure, "1", f"within_{days}_percent") for days in (10, 20))
    if soon.value is None:
        return
    called, few = wording.term("told", procedure), "_few" if _are_few(soon) else ""
    if soon.value == 100 and soon.denominator and soon.denominator > 1:
        yield wording.story("in_time_all", procedure=called, of=f"{soon.denominator:,}")
    elif later.value is None:
        yield wording.story(f"in_time{few}_short", procedure=called, share=_share(soon))
    else:
        yield wording.story(f"in_time{few}", procedure=called, share=_share(soon), later=_share(later))


def _are_few(share: Cell) -> bool:
    """Whether so few that a percentage would say more than is known: counts are told alone."""
    return share.denominator is not None and share.denominator < FEW


def _share(cell: Cell) -> str:
    """`49.0% (24 of 49)`; of few `2 of 7`."""
    made_of = _counted(cell)
    if not made_of:
        return f"{cell.value}%"
    return made_of if _are_few(cell) else f"{cell.value}% ({made_of})"


def _counted(cell: Cell) -> str:
    return f"{cell.numerator:,} of {cell.denominator:,}" if cell.numerator is not None and cell.denominator is not None else ""


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
        few = "upheld_few" if decided < FEW else "upheld"
        of_one = "upheld_one" if found else "upheld_one_none"
        name = of_one if decided == 1 else "upheld_none" if not found else "upheld_single" if found == 1 else few
        yield wording.story(name, decided=f"{decided:,}", found=f"{found:,}", percent=percent)


def _themes(data: Data, wording: Wording) -> Iterator[str]:
    """Those that came up more often than any other, three at most; of equal ones none is told before another."""
    steps = ("complaints", "issues")
    cells = {one: data.cell(*steps, "by_theme", one, "count") for one in data.words(*steps, "by_theme")}
    total, counted = whole(data.cell(*steps, "count")), {one: whole(cell) for one, cell in cells.items()}
    top = [str(one) for one in data.at(*steps, "top_themes") or ()]
    sizes = sorted((count for count in counted.values() if count is not None), reverse=True)
    if not total or len(sizes) < len(counted) or not top or sizes[0] < 2:
        return
    number = next((n for n in range(min(THEMES, len(top)), 0, -1) if n == len(sizes) or sizes[n - 1] > sizes[n]), 0)
    told = ", ".join(f"{wording.term('theme', one).lower()} ({counted[one]:,})" for one in top[:number])
    if told:
        yield wording.story("themes", total=f"{total:,}", themes=told)


def _escalated(data: Data, wording: Wording) -> Iterator[str]:
    """Of what came in; and what entered stage 2, where that is another number."""
    now, before = (data.cell("complaints", "escalation", f"{when}stage_1_to_2_percent") for when in ("", "previous_"))
    if now.value is not None and now.numerator is not None:
        if now.numerator == 0:
            yield wording.story("escalated_none")
        elif before.value is None:
            yield wording.story("escalated_alone", share=_counted(now))
        else:
            name = "escalated_few" if _are_few(now) else "escalated"
            yield wording.story(name, share=_counted(now), percent=now.value, before=_counted(before))
    began = counts(data.cell("complaints", "stages", one, "2", "count") for one in data.words("complaints", "stages"))
    if began and began != now.numerator:
        yield wording.story("entered" if began > 1 else "entered_one", count=f"{began:,}")


def _ombudsman(data: Data, wording: Wording) -> Iterator[str]:
    for body in data.words("ombudsman"):
        count, previous = (whole(cell) for cell in data.measure("ombudsman", body, "enquiries")[:2])
        if count and previous is not None:
            name = ("ombudsman" if count > 1 else "ombudsman_one") + _alone(data, previous)
            yield wording.story(name, body=wording.term("body", body), count=f"{count:,}", previous=f"{previous:,}")


def _alone(data: Data, previous: int) -> str:
    """The ending of a sentence without the year before."""
    return "_first" if not previous and _is_first(data) else ""


def _kind_words(data: Data, wording: Wording) -> Iterator[str]:
    """Compliments, and what was promised."""
    count, previous = (whole(cell) for cell in data.measure("compliments", "received")[:2])
    if count and previous is not None:
        name = ("compliments" if count > 1 else "compliments_one") + _alone(data, previous)
        yield wording.story(name, count=f"{count:,}", previous=f"{previous:,}")
    actions, done, overdue = (whole(data.cell("learning", name)) for name in ("actions", "done", "overdue"))
    if actions and done is not None and overdue is not None:
        yield wording.story(
            "learning" if actions > 1 else "learning_one", actions=f"{actions:,}", done=f"{done:,}", overdue=f"{overdue:,}"
        )
