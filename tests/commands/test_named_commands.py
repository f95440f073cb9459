"""A command that a task or a refusal names can be typed: the real command line takes it, for that case in that state."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from bot.cli.every import app
from casework.decisions.by_an_officer import DECIDED_BY_AN_OFFICER, decided_anew, how_it_is_decided
from storage.tables import TaskKind
from tests.commands.hearing import OFFICER, Heard
from tests.commands.test_decide import WHY, statutory

ROOT = Path(__file__).parents[2]
REFERENCE = "K7M-W92-RXHC"
NAMED = re.compile(r"`heard ([^`]+)`")
TYPED = {
    "…": "she was in hospital until May",
    "PROCEDURE": "statutory",
    "DATE": "2026-03-04",
    "NUMBER": "2",
    "BASIS": "own_right",
    "ROLE": "chair",
    "RULE": "names",
}
"""What is typed for a word in capitals, where any word will not do."""
A_REFERENCE = re.compile(r"[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{4}")
IN_CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
TREE = typer.main.get_command(app)
WRONG_USE: type[Exception] = typer.BadParameter.__mro__[1]
"""What the parser raises: an option that must be there is missing, a word is none of those that it knows."""


def typed(command: str) -> list[str]:
    """The arguments as they are typed: a sentence for each …, a word for each word in capitals."""
    words = [TYPED.get(word, word).replace("…", TYPED["…"]) for word in shlex.split(command)]
    return [
        IN_CAPITALS.sub(lambda found: TYPED.get(found[0], "words"), word) if not A_REFERENCE.fullmatch(word) else word
        for word in words
    ]


class NotTaken(Exception):
    """The command line does not take it."""


def parsed(command: str) -> list[str]:
    """Have the real parser take a command; what is left of it after the command's own name. Raises NotTaken."""
    words, found, context = typed(command), TREE, typer.Context(TREE)
    while isinstance(found, TyperGroup) and words:
        inner = found.get_command(context, words[0])
        if inner is None:
            raise NotTaken(f"there is no command {words[0]}")
        found, words = inner, words[1:]
    try:
        if words:
            found.make_context(found.name, list(words))
    except WRONG_USE as error:
        raise NotTaken(str(error)) from error
    return words


def whole(command: str) -> None:
    """Raises NotTaken where it lacks anything that must be typed."""
    if not parsed(command):
        raise NotTaken(f"{command}: it names nothing to do it to")


@pytest.mark.parametrize("kind", DECIDED_BY_AN_OFFICER, ids=str)
def test_what_decides_a_task_of_an_officer_is_a_whole_command(kind: TaskKind) -> None:
    commands = NAMED.findall(how_it_is_decided(kind, REFERENCE))

    assert commands
    for command in commands:
        whole(command)


@pytest.mark.parametrize("kind", [TaskKind.INTEREST, TaskKind.LATE_COMPLAINT, TaskKind.LATE_PANEL], ids=str)
def test_what_takes_up_a_refusal_again_is_a_whole_command(kind: TaskKind) -> None:
    [command] = NAMED.findall(decided_anew(kind, REFERENCE))

    whole(command)
    assert "--new" in command


def test_a_command_that_lacks_what_must_be_typed_is_seen() -> None:
    for short in (
        "hold ended",
        "hold ended K7M-W92-RXHC",
        "joint apart",
        "decide nothing K7M-W92-RXHC",
        "case place K7M-W92-RXHC",
    ):
        with pytest.raises(NotTaken):
            whole(short)


def said_in_code(*places: str) -> Iterator[tuple[str, int, str]]:
    """File, line and command of each `heard …` in a string that is no docstring; what is filled in is a reference or a number."""
    for place in places:
        for file in sorted((ROOT / place).rglob("*.py")):
            tree = ast.parse(file.read_text("utf-8"))
            own = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            within = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
            for node in ast.walk(tree):
                if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and node not in own | within):
                    for command in NAMED.findall(_words(node)):
                        yield str(file.relative_to(ROOT)), node.lineno, command


def _words(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_words(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        code = ast.unparse(node.value)
        filled = {
            "event": "s2_requested",
            "notice": "hold",
            "starts_on": "grounds_arose",
            "outcome": "upheld",
            "on[0]": "s2_requested",
        }
        known = next((words for name, words in filled.items() if name in code), "1")
        return REFERENCE if "reference" in code or code in ("wanted", "case") else known
    words = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    return re.sub(r"\{(?:reference|named)?\}", REFERENCE, words)


def test_every_command_that_is_named_exists_and_is_whole_where_it_names_more_than_itself() -> None:
    named = [*said_in_code("casework", "intake", "notifications")]
    wrong = []
    for file, line, command in named:
        try:
            parsed(command)
        except NotTaken as error:
            wrong.append(f"{file}:{line} {command}: {error}")

    assert len(named) > 60
    assert wrong == []


# Against a case


def test_a_reopened_refusal_names_the_command_that_decides_it_and_the_case_takes_it(heard: Heard) -> None:
    reference = statutory(heard)
    weighed = ("--relation", "his great aunt, who met him", "--welfare", "about her own letters", "--child", "he was not asked")
    assert heard("decide", "interest", reference, "--no", *weighed, *WHY, person=OFFICER).code == 0
    assert heard("case", "close", reference, "--why", "refused, and told so", person=OFFICER).code == 0
    assert heard("decide", "reopen", reference, "--why", "You wrote that there is more.", person=OFFICER).code == 0

    [again] = [one for one in heard("tasks", "list", "--json").json if one["kind"] == "interest"]
    [command] = NAMED.findall(again["detail"])
    done = heard(*typed(command), person=OFFICER)

    assert done.code == 0, done.err
    assert heard("decide", "list", reference, "--json").json[-1]["answer"] is True


def test_a_refusal_that_the_procedure_of_today_does_not_know_is_no_task_when_it_is_opened_again(heard: Heard) -> None:
    """Refused for want of interest, then taken up under the corporate procedure, which asks for none, and passed on."""
    reference = statutory(heard)
    weighed = ("--relation", "his great aunt, who met him", "--welfare", "about her own letters", "--child", "he was not asked")
    assert heard("decide", "interest", reference, "--no", *weighed, *WHY, person=OFFICER).code == 0
    assert heard("case", "route", reference, "corporate", "--why", "it is about her letters", person=OFFICER).code == 0
    where = ("--to", "Anytown NHS Trust", "--sent", "her letter", "--consent", "by email on 3 March", *WHY)
    assert heard("decide", "transfer", reference, *where, person=OFFICER).code == 0
    assert heard("decide", "reopen", reference, "--why", "You wrote that there is more.", person=OFFICER).code == 0

    assert [one for one in heard("tasks", "list", "--json").json if one["kind"] == "interest"] == []
