"""Who may say that they are whom: where the settings name accounts of the machine, each acts from their own."""

import json
import os
import pwd
from dataclasses import replace

import pytest

from bot.cli.accounts import NotTheirAccount, account, who_acts
from casework.council import Council, Person, StaffRole
from tests.commands.hearing import OFFICER, PEOPLE, Heard

CHRIS = Person("c@council.example", "Chris", StaffRole.OFFICER, login="chris")
MORGAN = Person("m@council.example", "Morgan", StaffRole.MANAGER, login="morgan")
BOUND = Council(people=(CHRIS, MORGAN))
FREE = Council(people=(replace(CHRIS, login=""), replace(MORGAN, login="")))
ME = pwd.getpwuid(os.getuid()).pw_name


@pytest.mark.parametrize(
    ("said", "own", "caller", "who"),
    [
        ("c@council.example", "chris", "chris", CHRIS),
        ("", "chris", "chris", CHRIS),  # nobody need say who they are
        ("C@council.example", "heard", "chris", CHRIS),  # by sudo, as the service's account
        ("", "heard", "morgan", MORGAN),
        ("", "heard", "somebody", None),
        ("nobody@council.example", "chris", "chris", None),
    ],
)
def test_each_acts_from_their_own_account(said: str, own: str, caller: str, who: Person | None) -> None:
    assert who_acts(BOUND, said, own, caller) == who


@pytest.mark.parametrize(
    ("said", "own", "caller"),
    [
        ("c@council.example", "morgan", "morgan"),
        ("c@council.example", "heard", "morgan"),
        ("c@council.example", "heard", "heard"),
        ("c@council.example", "morgan", "chris"),  # what the environment says of sudo does not make Morgan Chris
    ],
)
def test_nobody_acts_from_somebody_elses(said: str, own: str, caller: str) -> None:
    with pytest.raises(NotTheirAccount, match="an account of their own"):
        who_acts(BOUND, said, own, caller)


def test_who_has_no_account_does_nothing_once_others_have() -> None:
    with pytest.raises(NotTheirAccount, match=r"adds login = 'heard'"):
        who_acts(Council(people=(replace(CHRIS, login=""), MORGAN)), "c@council.example", "heard", "heard")


def test_while_nobody_has_an_account_the_word_holds() -> None:
    assert who_acts(FREE, "c@council.example", "anybody", "anybody") == FREE.people[0]
    assert who_acts(FREE, "", "anybody", "anybody") is None


def test_the_account_is_the_machines_word_and_behind_sudo_that_of_who_called_it() -> None:
    assert account() == account({"LOGNAME": "somebody", "USER": "somebody"}) == ME
    assert account({"SUDO_UID": "0"}) == pwd.getpwuid(0).pw_name
    assert account({"SUDO_UID": "4294967290"}) == "uid 4294967290"
    assert account({"SUDO_UID": "x"}) == ME


def test_the_command_line_refuses_and_changes_nothing(heard_here: Heard) -> None:
    reference = heard_here.log()
    people = [{**row, "login": "somebody-else"} if row["address"] == OFFICER else row for row in PEOPLE]
    heard_here.settings["HEARD_PEOPLE"] = json.dumps(people)
    said = heard_here("case", "note", reference, "She called.", person=OFFICER)
    assert (said.code, "acts from an account of their own" in said.err) == (1, True), said.err

    heard_here.settings["HEARD_PEOPLE"] = json.dumps(people).replace("somebody-else", ME)
    assert heard_here("case", "note", reference, "She called again.").code == 0
    notes = [str(event) for event in heard_here.show(reference)["events"]]
    assert [("again" in note) for note in notes if "She called" in note] == [True]
