"""The manner of the house, where no linter looks."""

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
ROOMS = ("bot", "intake", "notifications", "reports", "casework", "storage", "procedures", "templates")
MAY_ASK_THE_TIME = ("bot/service.py", "bot/cli/", "bot/rehearsal/", "storage/migrations/__main__.py")
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
MAY_CATCH_EVERYTHING = ("intake/reader.py", "intake/reception.py", "bot/loops.py", "bot/cli/__init__.py")
"""Where a letter is read, where it is admitted, where a loop is supervised, and where a command ends before a person."""
FILES = sorted(file for room in ROOMS for file in (HERE / room).rglob("*.py"))
WORDS = """
    Arrival Door Letter Representation Complaint Compliment Complainant Advocate Standing Case Procedure Stage Event Clock
    Deadline Extension Pause Notice Receipt Acknowledgement Ledger Outcome Remedy Learning Enquiry Quarantine Outbox Officer
"""
LONGEST_FUNCTION = 60
LONGEST_FILE = 400


def name_of(file: Path) -> str:
    return file.relative_to(HERE).as_posix()


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"), str(file))


def calls(file: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree(file)) if isinstance(node, ast.Call))


def test_the_time_is_only_asked_where_the_service_begins() -> None:
    """Everyone else is told `now` or `today`, so that any day can be tried."""
    found = [
        f"{name_of(file)}:{call.lineno}"
        for file in FILES
        if not name_of(file).startswith(MAY_ASK_THE_TIME)
        for call in calls(file)
        if isinstance(call.func, ast.Attribute)
        and (getattr(call.func.value, "id", getattr(call.func.value, "attr", "")), call.func.attr) in CLOCKS
    ]

    assert found == []


def test_only_the_command_line_prints() -> None:
    found = [
        f"{name_of(file)}:{call.lineno}"
        for file in FILES
        if not name_of(file).startswith("bot/cli") and file.name != "__main__.py"
        for call in calls(file)
        if isinstance(call.func, ast.Name) and call.func.id == "print"
    ]

    assert found == []


def test_no_statement_is_put_together_from_words() -> None:
    """SQL in an f-string lets a value become a statement."""
    statement = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|VACUUM)\s", re.IGNORECASE)
    found = [
        f"{name_of(file)}:{node.lineno}"
        for file in FILES
        for node in ast.walk(tree(file))
        if isinstance(node, ast.JoinedStr)
        and isinstance(node.values[0], ast.Constant)
        and statement.match(str(node.values[0].value))
        and str(node.values[0].value).isupper()
    ]

    assert found == []


def test_everything_is_caught_in_few_places_only() -> None:
    found = [
        f"{name_of(file)}:{caught.lineno}"
        for file in FILES
        if name_of(file) not in MAY_CATCH_EVERYTHING
        for caught in ast.walk(tree(file))
        if isinstance(caught, ast.ExceptHandler)
        and (caught.type is None or (isinstance(caught.type, ast.Name) and caught.type.id in ("Exception", "BaseException")))
    ]

    assert found == []


def test_whatever_a_linter_is_told_to_pass_over_has_its_reason() -> None:
    """Beside it, or in the line above: who meets it must be able to tell whether it still holds."""
    bare = re.compile(r"#\s*(noqa(: ?[A-Z0-9, ]+)?|type: ?ignore(\[[a-z, -]+\])?)\s*$")
    found = []
    for file in [*FILES, *(HERE / "tests").rglob("*.py"), *(HERE / "bench").rglob("*.py")]:
        lines = ["", *file.read_text("utf-8").splitlines()]
        for number, (before, line) in enumerate(itertools.pairwise(lines), start=1):
            if bare.search(line) and not before.strip().startswith("#"):
                found.append(f"{name_of(file)}:{number}")

    assert found == []


def test_no_task_is_left_alone() -> None:
    """A task that nobody holds is lost when it is collected, and dies once, silently."""
    found = [
        f"{name_of(file)}:{line.lineno}"
        for file in FILES
        for line in ast.walk(tree(file))
        if isinstance(line, ast.Expr)
        and isinstance(line.value, ast.Call)
        and isinstance(line.value.func, ast.Attribute)
        and line.value.func.attr in ("create_task", "ensure_future")
        and getattr(line.value.func.value, "id", "") in ("asyncio", "loop")
    ]

    assert found == []


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_file_and_its_functions_are_short(file: Path) -> None:
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and "migrations/versions" not in name_of(file)  # a list of tables is as long as it is
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]

    assert long == []
    assert len(file.read_text("utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_every_file_says_what_it_is_for(file: Path) -> None:
    assert ast.get_docstring(tree(file)) or not file.read_text("utf-8").strip(), f"{name_of(file)} has no docstring"


def test_log_lines_are_constant_events() -> None:
    """An f-string in a log call is a place where a name gets in unseen."""
    found = [
        f"{name_of(file)}:{call.lineno}"
        for file in FILES
        for call in calls(file)
        if isinstance(call.func, ast.Attribute)
        and getattr(call.func.value, "id", "") in ("logger", "log", "logging", "LOGGER")
        and call.func.attr in ("debug", "info", "warning", "error", "exception", "critical")
        and call.args
        and not isinstance(call.args[0], ast.Constant)
    ]

    assert found == []


def test_the_glossary_has_every_word_of_the_house() -> None:
    glossary = (HERE / "docs/glossary.md").read_text("utf-8")
    missing = [word for word in WORDS.split() if not re.search(rf"^\| [^|]*\b{word}\b", glossary, re.MULTILINE)]

    assert missing == []
