"""No number of the law stands in casework: it asks the clock, whose rule says the number and by what authority.

Every number above two in `casework/` has its line here, with what it is. A new one is red until somebody has said what it is;
one that the law sets has no line to be given, and belongs into `procedures/rules/`. Small numbers are caught where days are
counted: nothing but 1, the next working day, is typed there.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
CASEWORK = sorted((HERE / "casework").rglob("*.py"))
COUNTING = {"add_working_days", "subtract_working_days", "months_later", "last_day"}
OTHER = {  # file, and the numbers in it that are none of the law's: what they are
    "alerts.py": ({16}, "how often an alarm is said again"),
    "answers/checking_drafts.py": ({5, 15, 25, 60, 1024}, "words of a sentence and of a reason"),
    "answers/drafts.py": ({1_000_000, 15_000_000}, "bytes that a mail carries"),
    "answers/redacting.py": ({40}, "what is shown"),
    "answers/sending_drafts.py": ({3}, "the third stage"),
    "answers/writing_drafts.py": ({12, 14}, "points of the letters"),
    "council.py": ({4, 5, 7, 8, 9, 10, 17, 18, 30, 2024}, "the council's hours, its rota, what machines send in a day"),
    "daily/behaviour.py": ({6}, "months to the review of a plan (practice.md 5.8)"),
    "daily/compliments.py": ({5}, "urgency"),
    "daily/cover.py": ({366}, "days for which somebody may stand in"),
    "daily/equality.py": ({4, 5, 16}, "the council's year, what is shown from, signs of a number"),
    "decisions/course.py": ({3}, "words of a consent"),
    "decisions/discretions.py": ({4}, "words of a reason"),
    "decisions/duties.py": ({3}, "urgency"),
    "decisions/holds.py": ({7, 30, 90, 180}, "days before the last one on which a person is reminded"),
    "issues/answering.py": ({3}, "the shortest name"),
    "issues/issue_list.py": ({2000}, "signs of an issue"),
    "issues/numbered.py": ({3, 100}, "the third stage, what is shown, pence of a pound"),
    "issues/remedies.py": ({100, 10_000_000}, "pence"),
    "issues/suggesting.py": ({12}, "issues that are suggested"),
    "letters/doorbell.py": ({3, 8, 10, 20, 60}, "seconds and minutes of a doorbell"),
    "letters/of_steps.py": ({3}, "the third stage, urgency"),
    "letters/opened.py": ({3}, "a group of what is matched"),
    "office.py": ({10_000}, "cases whose dates are remembered"),
    "opening.py": ({3, 4, 5}, "urgency, thanks passed on (practice.md 5)"),
    "people/authority.py": ({5}, "days to ask for what is missing (practice.md 5.4)"),
    "people/naming.py": ({4096}, "names that are remembered"),
    "people/needs.py": ({300, 1000}, "signs of what somebody needs, and of who"),
    "people/pool.py": ({3, 4, 12, 24, 30, 60}, "checks of people, hours and pence, the council's year"),
    "people/wishes.py": ({15}, "minutes"),
    "places.py": ({10}, "signs of a number"),
    "progress.py": ({3, 5}, "the third stage, what is due soon"),
    "receiving.py": ({4}, "urgency"),
    "recounting.py": ({4, 40, 200}, "urgency, what is listed, what is moved at once"),
    "reference.py": ({9, 10, 20}, "the shape of a reference"),
}
NOT_READ = ("answers/word/",)
"""The measures of a Word file."""
SPELT = re.compile(
    r"\b(?:\d+|two|three|five|six|ten|twelve|fifteen|twenty|twenty-five|thirty|sixty-five)\b(?:-|\s)(?:working |calendar )?"
    r"(?:days?|weeks?|months?|years?)\b|\bday \d+\b",
    re.IGNORECASE,
)
SAID = {"within five working days", "three days"}
"""The council's own practice, in its words: who withdraws is spoken with (practice.md 3), a place is sealed (practice.md 2)."""


def name_of(file: Path) -> str:
    return file.relative_to(HERE / "casework").as_posix()


def read() -> Iterator[tuple[str, ast.Module]]:
    for file in CASEWORK:
        if not name_of(file).startswith(NOT_READ):
            yield name_of(file), ast.parse(file.read_text("utf-8"), str(file))


def numbers(tree: ast.AST) -> set[float]:
    """But how many signs of a text are kept: `words[:300]`."""
    cut = {id(one) for node in ast.walk(tree) if isinstance(node, ast.Slice) for one in ast.walk(node)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
        and node.value > 2
        and id(node) not in cut
    }


READ = dict(read())


@pytest.mark.parametrize("name", READ)
def test_every_number_of_a_file_has_been_looked_at_and_is_none_of_the_laws(name: str) -> None:
    """Equal, not less: a line that nothing needs any more would let the next number in."""
    assert numbers(READ[name]) == OTHER.get(name, (set(), ""))[0]


def counted(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in COUNTING:
                yield node


@pytest.mark.parametrize("name", READ)
def test_where_days_are_counted_no_number_is_typed_but_the_next_day(name: str) -> None:
    typed = [
        f"{name}:{call.lineno}"
        for call in counted(READ[name])
        for node in ast.walk(call)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value != 1
    ]

    assert [one for one in typed if not one.startswith("people/pool.py")] == []


def docstrings(tree: ast.Module) -> set[int]:
    """The lines on which words stand that nobody is told: the docstrings of what is defined, and of values."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}


@pytest.mark.parametrize("name", READ)
def test_no_refusal_and_no_task_spells_a_period_of_the_law(name: str) -> None:
    told = docstrings(READ[name])
    found = [
        match.group()
        for node in ast.walk(READ[name])
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
        for match in SPELT.finditer(node.value)
        if not any(words in node.value for words in SAID)
    ]

    assert found == []


def test_a_number_of_the_law_in_code_is_seen() -> None:
    late = ast.parse("until = months_later(arose, 12)\nlast = calendar.add_working_days(received, 2)")

    assert numbers(late) == {12}
    assert len([*counted(late)]) == 2
    assert SPELT.search("you have twenty working days") and SPELT.search("from day 25 on")
