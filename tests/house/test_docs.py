"""What the documents say is there, is there."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli.every import app
from bot.settings.table import BY_PATH

HERE = Path(__file__).parents[2]
DOCS = sorted([*HERE.glob("*.md"), *HERE.glob("docs/**/*.md")])
BLOCK = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def name_of(doc: Path) -> str:
    return doc.relative_to(HERE).as_posix()


def code_of(doc: Path) -> list[str]:
    """Lines of code blocks, and pieces of code within sentences."""
    text = doc.read_text("utf-8")
    blocks = [line.strip() for block in BLOCK.findall(text) for line in block.splitlines()]
    return blocks + re.findall(r"`([^`]+)`", BLOCK.sub("", text))


def every_command(command: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    found = {path: command}
    for name, inner in getattr(command, "commands", {}).items():
        found |= every_command(inner, (*path, name))
    return found


COMMANDS = every_command(typer.main.get_command(app))


@pytest.mark.parametrize("doc", DOCS, ids=name_of)
def test_every_command_in_the_documents_exists(doc: Path) -> None:
    for code in code_of(doc):
        if not (match := re.match(r"(?:/\S+/)?heard ((?:[a-z-]+ ?)+)", code)):
            continue
        words = tuple(match[1].split())
        path = max((path for path in COMMANDS if path == words[: len(path)]), key=len)
        assert path, f"there is no command `{code}`"
        assert not getattr(COMMANDS[path], "commands", {}), f"`{code}` is not a whole command"
        options = {name for parameter in COMMANDS[path].params for name in parameter.opts + parameter.secondary_opts} | {"--help"}
        assert set(re.findall(r"(?<= )--[a-z-]+", code)) <= options, f"`{code}` has an option that there is not"


@pytest.mark.parametrize("doc", DOCS, ids=name_of)
def test_every_make_command_in_the_documents_exists(doc: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (HERE / "Makefile").read_text("utf-8"), re.MULTILINE))

    assert {code.split()[1] for code in code_of(doc) if re.match(r"make [a-z]", code)} <= targets


@pytest.mark.parametrize("doc", DOCS, ids=name_of)
def test_every_file_and_link_in_the_documents_exists(doc: Path) -> None:
    text = doc.read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    rooms = "bot|intake|notifications|reports|casework|storage|procedures|templates|tests|docs"
    files = [code for code in code_of(doc) if re.fullmatch(rf"(?:{rooms})/[\w./*-]*", code)]

    assert [link for link in links if not (doc.parent / link).exists()] == []
    assert [file for file in files if not any(HERE.glob(file.rstrip("/"))) and not (HERE / f"{file}.py").exists()] == []


@pytest.mark.parametrize("doc", DOCS, ids=name_of)
def test_every_setting_that_the_documents_name_exists(doc: Path) -> None:
    sections = {path.partition(".")[0] for path in BY_PATH if "." in path}
    named = {
        code
        for code in code_of(doc)
        if re.fullmatch(r"[a-z_]+\.[a-z_]+", code)
        and code.partition(".")[0] in sections
        and not code.endswith((".db", ".py", ".md"))
    }

    assert {name.removesuffix("_file") for name in named} <= set(BY_PATH)


@pytest.mark.parametrize("path", [path for path, command in COMMANDS.items() if not hasattr(command, "commands")], ids=" ".join)
def test_every_command_has_help_and_an_example_of_itself(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]

    assert command.help
    assert f"heard {' '.join(path)}" in (command.epilog or "")
    assert [parameter.name for parameter in command.params if parameter.param_type_name == "option" and not parameter.help] == []


def test_every_decision_is_told_as_context_decision_and_consequences() -> None:
    decisions = sorted((HERE / "docs/decisions").glob("*.md"))

    assert [int(decision.name[:3]) for decision in decisions] == list(range(1, len(decisions) + 1))
    for decision in decisions:
        assert re.findall(r"^\*\*(\w+)\.\*\*", decision.read_text("utf-8"), re.MULTILINE) == [
            "Context",
            "Decision",
            "Consequences",
        ]
