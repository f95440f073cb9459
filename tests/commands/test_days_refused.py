"""Every option that takes a day, by the real command line: which days it refuses, in which words, and that not a row is changed.

Each is tried with what is no date, with days that cannot be (in the future, before receipt, beyond the calendar, in an hour that
no clock showed), and last with a day that it takes: what was refused was refused for its day alone.
"""

import pytest

from tests.commands.dated import DAY, DESKS, Dated
from tests.commands.hearing import OFFICER, Heard, Said
from tests.commands.rows import every_row
from tests.commands.test_manner import LEAVES, TREE

NOT_DAYS = (
    "2025-02-29",  # no leap year
    "2025-03-32",
    "14/03/2025",
    "20250314",
    "２０２５-03-14",  # digits, and not those of a date
    "yesterday",
)
COMMANDS = [one for desk in DESKS.values() for one in desk.commands]
SAFE = ("Nothing was changed.", "Nothing was kept.", "Nothing was counted.", "No date was guessed.")


def test_every_option_that_takes_a_day_is_tried() -> None:
    there = {(path, one.opts[0]) for path in LEAVES for one in TREE[path].params if "YYYY" in str(getattr(one, "metavar", ""))}

    assert {_option(one) for one in COMMANDS} == there


@pytest.mark.parametrize("name", DESKS)
def test_no_day_that_cannot_be_changes_a_row_and_one_that_can_be_is_taken(heard: Heard, name: str) -> None:
    reference = DESKS[name].ready(heard)
    for one in DESKS[name].commands:
        before = every_row(heard)

        for day in NOT_DAYS:
            said = _said(heard, one, day, reference)
            assert (said.code, said.out) == (2, ""), (one.words, day, said.flat)
            assert one.not_a_date in said.flat, (one.words, day, said.flat)
        for day, told in one.refuses.items():
            said = _said(heard, one, day, reference)
            assert (said.code in (1, 2), said.out) == (True, ""), (one.words, day, said.flat)
            assert told in said.flat, (one.words, day, said.flat)
            assert said.code == 2 or any(safe in said.flat for safe in SAFE), (one.words, day, said.flat)
        assert every_row(heard) == before, one.words

        taken = _said(heard, one, one.takes, reference)
        assert taken.code == 0, (one.words, one.takes, taken.flat)
        assert (every_row(heard) == before) is one.shows, one.words


def _said(heard: Heard, one: Dated, day: str, reference: str) -> Said:
    return heard(*one.typed(day, reference), person=OFFICER)


def _option(one: Dated) -> tuple[tuple[str, ...], str]:
    """The command, and which of its options takes the day: the one before it, or what stands at its place."""
    typed = one.words.split()
    path = next(leaf for leaf in LEAVES if tuple(typed[: len(leaf)]) == leaf)
    at = next(number for number, word in enumerate(typed) if DAY in word)
    if typed[at - 1].startswith("--"):
        return path, typed[at - 1]
    places = [each for each in TREE[path].params if each.param_type_name == "argument"]
    return path, str(places[at - len(path)].opts[0])
