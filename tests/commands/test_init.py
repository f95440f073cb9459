"""`init` without wires: files, answers, defaults, resuming, Ctrl-C, and what it writes."""

import stat
import tomllib
from datetime import date
from pathlib import Path

import pytest

from bot.initiating.example import lines, literal, reasons, written
from bot.settings import load
from bot.settings.table import SETTINGS
from tests.commands.hearing import PROJECT, Heard
from tests.commands.terminal import CTRL_C, CTRL_D, Sitting, at_a_terminal

COUNCIL = (
    ("Name of the council", "Anytown Council"),
    ("Name of the service", ""),
    ("Nation [england]", ""),
    ("marks a trial [test]", ""),
    ("Address of the service", "yoursay@anytown.example"),
    ("at work from [09:00]", "08:30"),
    ("until [17:00]", ""),
    ("reads within", ""),
    ("Reminders to staff", ""),
    ("Weekly digest on", "tuesday"),
    ("at [08:00]", ""),
)
NUMBERS = (
    ("Telephone by day", "0300 123 4567"),
    ("Its hours", ""),
    ("Telephone at night", "0300 765 4321"),
    ("Who gives an advocate", ""),
    ("Their telephone", ""),
    ("Ombudsman", ""),
    ("last rung on", "2026-11-01"),
    ("read the complaints procedure", "https://www.anytown.example/complaints"),
)
PEOPLE = (
    ("Address of the complaints officer", "c.officer@anytown.example"),
    ("Name:", "Chris Officer"),
    ("Role", ""),
    ("Address of the next person", "m.manager@anytown.example"),
    ("Name:", "Morgan Manager"),
    ("Role", ""),
    ("Team", "Fostering"),
    ("Address of the next person", ""),
    ("monitoring officer", "legal@anytown.example"),
    ("monitoring officer", "m.manager@anytown.example"),
    ("Who hears of an alert", "duty@anytown.example, rota@anytown.example"),
)
SECOND_ROUTE = (("by another route", ""), ("webhook", ""))
DATABASE = (("Database [sqlite:///heard.db]", ""),)
NO_WIRES = (("read a mailbox and answer by email?", "n"), ("Shall there be a chat? [y/N]", ""))
SAFETY = (("Signed off by", "A. Person, designated safeguarding lead"), ("on (YYYY-MM-DD)", "2026-11-02"), ("rehearsed on", ""))
ALL = (*COUNCIL, *NUMBERS, *PEOPLE, *SECOND_ROUTE, *DATABASE, *NO_WIRES, *SAFETY)


def settings_in(file: Path) -> dict[str, object]:
    return tomllib.loads(file.read_text("utf-8"))


@pytest.fixture
def bare(heard_bare: Heard) -> Heard:
    return heard_bare


def test_it_asks_and_writes_what_run_can_read(bare: Heard) -> None:
    with at_a_terminal(bare, "init") as sitting:
        sitting.answers(*ALL)
        assert sitting.ends() == 0

    file = bare.folder / "heard.toml"
    settings = load({"HEARD_SETTINGS": str(file)})
    assert (settings.council.name, settings.council.environment) == ("Anytown Council", "test")
    assert f"{settings.council.opens_at:%H:%M}" == "08:30"
    assert settings.council.digest_weekday == 1
    assert settings.council.duty_addresses == ("duty@anytown.example", "rota@anytown.example")
    assert settings.council.contacts.checked_on == date(2026, 11, 1)
    assert settings.council.contacts.policy_url == "https://www.anytown.example/complaints"
    assert settings.council.monitoring_officer == "m.manager@anytown.example"  # the first one named is nobody of the list
    assert [person.role for person in settings.council.people] == ["officer", "manager"]
    assert [(team.name, team.manager) for team in settings.council.teams] == [("Fostering", "m.manager@anytown.example")]
    assert settings.readiness.safety_signed_off_on == date(2026, 11, 2)
    assert settings.mailbox is None
    assert settings.telegram is None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "Still to do, drill: no alert was ever rehearsed" in " ".join(sitting.seen.split())
    assert "heard check" in sitting.seen


def test_each_question_says_why_in_the_examples_words(bare: Heard) -> None:
    with at_a_terminal(bare, "init") as sitting:
        sitting.answers(*COUNCIL[:3])
        before = " ".join(sitting.waits_for("marks a trial").split())
        sitting.ends(pressing=CTRL_C)

    assert reasons()["council.environment"] in before
    assert "Leave it out when people are really served." in before


def test_an_answer_that_is_none_is_asked_again(bare: Heard) -> None:
    with at_a_terminal(bare, "init") as sitting:
        sitting.answers(*COUNCIL[:2], ("Nation [england]", "atlantis"))
        sitting.waits_for("Wanted a nation that the law book knows, such as england.")
        asked = sitting.waits_for("Nation [england]")
        sitting.ends(pressing=CTRL_C)

    assert "atlantis" not in asked, "what was refused is no default"
    assert not list(bare.folder.glob("*.toml")), "an answer that was refused leaves nothing"


def test_an_answer_that_must_be_given_and_is_not_known_yet_has_a_way_on(bare: Heard) -> None:
    """The fault: Enter at such a question asked the same again for ever, and only Ctrl-C led on."""
    with at_a_terminal(bare, "init") as sitting:
        sitting.answers(("Name of the council", ""))
        sitting.waits_for("Wanted a line of text, such as Anytown Council.")
        sitting.waits_for("It cannot be left out. Not known yet? Type a stand-in, and run `heard init` again later.")
        sitting.answers(("Name of the council", "Anytown Council"), ("Name of the service", ""), ("Nation [england]", "atlantis"))
        assert "cannot be left out" not in sitting.waits_for("Nation [england]")
        sitting.ends(pressing=CTRL_C)


def test_hours_that_do_not_go_together_and_a_number_that_nobody_can_ring_are_asked_again_at_once(bare: Heard) -> None:
    """The fault: hours were refused after the last question, and every answer with them; "x" was taken for a telephone."""
    with at_a_terminal(bare, "init") as sitting:
        sitting.answers(*COUNCIL[:5], ("at work from", "09:00"), ("until [17:00]", "08:00"), ("reads within", ""))
        sitting.answers(("Reminders to staff", "23:00"), ("Weekly digest on", ""), ("at [08:00]", ""))
        refused = sitting.waits_for("Address of the service [yoursay@anytown.example]")
        sitting.types("\n")
        sitting.answers(("at work from", ""), ("until [08:00]", "17:00"), ("reads within", ""), ("Reminders to staff", "08:30"))
        sitting.answers(("Weekly digest on", ""), ("at [08:00]", ""), ("Telephone by day", "call us"))
        sitting.waits_for("Wanted a telephone number as people read it, such as 01632 960 000.")
        sitting.ends(pressing=CTRL_C)

    assert "wanted an opening before the close" in " ".join(refused.split())
    assert "wanted a time before 18:00: nobody at work is written to after that, so none would ever leave" in " ".join(
        refused.split()
    )


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D], ids=["Ctrl-C", "Ctrl-D"])
def test_whoever_stops_leaves_the_old_file_as_it_was(bare: Heard, key: str) -> None:
    file = bare.folder / "heard.toml"
    file.write_text('[council]\nname = "Old Council"\n')

    with at_a_terminal(bare, "init") as sitting:
        sitting.answers(("Name of the council [Old Council]", "New Council"))
        sitting.waits_for("Name of the service")
        code = sitting.ends(pressing=key)

    assert code == 1
    assert "Nothing was written" in sitting.seen
    assert file.read_text() == '[council]\nname = "Old Council"\n'
    assert [path.name for path in bare.folder.iterdir()] == ["heard.toml"]


def everything_as_it_was(sitting: Sitting, *last: tuple[str, str]) -> None:
    """Enter at every question, whatever is asked, until the last."""
    sitting.answers(
        *((question.split(" [")[0], "") for question, _ in (*COUNCIL, *NUMBERS)),
        ("Keep these people and their teams?", ""),
        ("Address of the next person", ""),
        ("monitoring officer", ""),
        ("Who hears of an alert", ""),
        *SECOND_ROUTE,
        ("Database", ""),
        ("answer by email?", "n"),
        ("Shall there be a chat?", ""),
        ("Signed off by", ""),
        ("on (", ""),
        ("rehearsed on", ""),
        *last,
    )


EXISTING = """
nation = "england"
duty_address = ["duty@anytown.example"]
from_address = "yoursay@anytown.example"
[database]
url = "sqlite:///cases.db"
[council]
name = "Old Council"
automatic_answers_a_day = 7
[contacts]
phone = "0300 1"
night_phone = "0300 2"
[[people]]
address = "c.officer@anytown.example"
name = "Chris Officer"
role = "officer"
[readiness]
safety_signed_off_by = "A. Person"
safety_signed_off_on = 2026-01-05
drill_on = 2026-01-06
"""


def test_it_goes_on_from_what_is_there_and_asks_before_it_replaces_it(bare: Heard) -> None:
    file = bare.folder / "heard.toml"
    file.write_text(EXISTING)
    file.chmod(0o640)

    with at_a_terminal(bare, "init") as sitting:
        everything_as_it_was(sitting, ("is there. Replace it?", "y"))
        assert sitting.ends() == 0

    before, after = tomllib.loads(EXISTING), settings_in(file)
    assert {key: after[key] for key in ("duty_address", "from_address", "database", "people", "readiness")} == {
        key: before[key] for key in ("duty_address", "from_address", "database", "people", "readiness")
    }
    assert after["council"]["name"] == "Old Council"  # type: ignore[index]  # it fails the test where it is none
    assert after["council"]["automatic_answers_a_day"] == 7  # type: ignore[index]  # it fails the test where it is none
    assert (bare.folder / "heard.toml.before").read_text() == EXISTING
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_whoever_does_not_want_it_replaced_keeps_it(bare: Heard) -> None:
    (bare.folder / "heard.toml").write_text(EXISTING)

    with at_a_terminal(bare, "init") as sitting:
        everything_as_it_was(sitting, ("is there. Replace it?", "n"))
        assert sitting.ends() == 1

    assert (bare.folder / "heard.toml").read_text() == EXISTING
    assert [path.name for path in bare.folder.iterdir()] == ["heard.toml"]


def test_without_a_terminal_and_without_answers_it_refuses(bare: Heard) -> None:
    said = bare("init")

    assert (said.code, said.out) == (2, "")
    assert "There is no terminal to ask at. Nothing was written." in said.err
    assert list(bare.folder.iterdir()) == []


@pytest.mark.parametrize("words", [("--defaults",), ()])
def test_a_folder_that_is_not_there_is_told_before_anything_is_asked(bare: Heard, words: tuple[str, ...]) -> None:
    said = bare("init", "--out", "nowhere/heard.toml", *words)

    assert (said.code, said.out) == (1, "")
    assert "There is no folder" in said.err
    assert "Nothing was written." in said.err


def test_the_defaults_make_a_trial_that_loads(bare: Heard) -> None:
    said = bare("init", "--defaults", "--out", "here.toml")

    settings = load({"HEARD_SETTINGS": str(bare.folder / "here.toml")})
    assert (said.code, said.out) == (0, "here.toml\n")
    assert settings.council.environment == "test"
    assert (settings.mailbox, settings.telegram, settings.warnings) != (None, None, ())


def test_answers_come_from_a_file(bare: Heard) -> None:
    (bare.folder / "answers.toml").write_text(
        'from_address = "yoursay@anytown.example"\n[mailbox]\nhost = "localhost"\nuser = "yoursay"\ntls = "none"\n'
        'password_file = "secret"\n[council]\nname = "Café \\"Town\\" Council"\nopens_at = 08:00:00\n'
    )
    (bare.folder / "secret").write_text("letmein\n")
    (bare.folder / "secret").chmod(0o600)

    said = bare("init", "--answers", "answers.toml")

    assert said.code == 0, said.err
    bare.settings["HEARD_SETTINGS"] = "heard.toml"
    # Allowed below: it fails the test where it is none
    assert settings_in(bare.folder / "heard.toml")["council"]["name"] == 'Café "Town" Council'  # type: ignore[index]
    assert stat.S_IMODE((bare.folder / "heard.toml").stat().st_mode) == 0o600
    assert "letmein" not in (bare.folder / "heard.toml").read_text()


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ("nation = ", "is not TOML"),
        ('nation = "atlantis"\n', "wanted a nation"),
        ('natoin = "england"\n', "Did you mean nation?"),
        ('[mailbox]\npassword = "swordfish"\n', "a secret does not belong in this file"),
        ('[mailbox]\nhost = "localhost"\n', "mailbox.user"),
    ],
)
def test_answers_that_are_none_are_told_and_nothing_is_written(bare: Heard, answers: str, told: str) -> None:
    (bare.folder / "answers.toml").write_text(answers)

    said = bare("init", "--answers", "answers.toml")

    assert (said.code, said.out) == (1, "")
    assert told in said.err
    assert "Nothing was written." in said.err
    assert "swordfish" not in said.err
    assert [path.name for path in bare.folder.iterdir()] == ["answers.toml"]


def test_scripts_replace_a_file_only_when_told_to(bare: Heard) -> None:
    (bare.folder / "heard.toml").write_text('[council]\nname = "Old Council"\n')

    refused = bare("init", "--defaults")
    replaced = bare("init", "--defaults", "--overwrite")

    assert refused.code == 1
    assert "--overwrite" in refused.err
    assert replaced.code == 0
    # Allowed below: it fails the test where it is none
    assert settings_in(bare.folder / "heard.toml")["council"]["name"] == "Old Council"  # type: ignore[index]
    assert (bare.folder / "heard.toml.before").read_text() == '[council]\nname = "Old Council"\n'


def test_a_settings_file_that_is_no_toml_is_left_alone(bare: Heard) -> None:
    (bare.folder / "heard.toml").write_text("nation = ")

    with at_a_terminal(bare, "init") as sitting:
        assert sitting.ends() == 1

    assert "is not TOML" in sitting.seen
    assert (bare.folder / "heard.toml").read_text() == "nation = "


def test_what_is_written_has_the_examples_comments_and_every_setting() -> None:
    """One source of explanations: nothing is left out, and nothing is said a second time elsewhere."""
    example = [line for line in lines() if line.startswith("# ")][1:]
    text = written({})

    assert [line for line in example if line not in text.splitlines()] == []
    assert tomllib.loads(text).keys() <= {setting.path.partition(".")[0] for setting in SETTINGS if "." in setting.path}
    assert all(not table for table in tomllib.loads(text).values())


def test_every_setting_has_a_reason() -> None:
    assert [setting.path for setting in SETTINGS if not setting.is_secret and not reasons().get(setting.path)] == []


def test_the_example_written_anew_says_the_same() -> None:
    example = tomllib.loads((PROJECT / "heard.example.toml").read_text("utf-8"))
    values = {
        f"{key}.{inner}" if isinstance(value, dict) else key: given
        for key, value in example.items()
        for inner, given in (value.items() if isinstance(value, dict) else [("", value)])
    }

    assert tomllib.loads(written(values)) == example


@pytest.mark.parametrize("value", ['a "quoted" \\ back', "Café ✓ 🙂", "a\x7fb", 7, 0.5, True, date(2026, 1, 2), ["a", "b"]])
def test_every_value_survives_being_written(value: object) -> None:
    assert tomllib.loads(f"value = {literal(value)}")["value"] == value
