"""`case …`: what is refused, to whom, and that nothing is changed by it."""

import pytest

from tests.commands.hearing import CHECKED, HEAD, MANAGER, OFFICER, Heard
from tests.commands.test_case import ISSUE, everything, routed

NOWHERE = "K7M-W92-RXHC"

ACTIONS = [
    ("assign", MANAGER),
    ("route", "statutory", "--why", "a looked-after child"),
    ("kind", "comment", "--why", "an opinion"),
    ("acknowledge", "--issue", ISSUE),
    ("respond", "--words", "We are sorry."),
    ("note", "They called."),
    ("close", "--why", "answered"),
]


@pytest.mark.parametrize(("action", "words"), [(action, words) for action, *words in ACTIONS], ids=[one[0] for one in ACTIONS])
def test_every_action_wants_a_known_person_and_a_case_that_is_there(heard_here: Heard, action: str, words: list[str]) -> None:
    reference = heard_here.log()
    before = everything(heard_here)

    nobody = heard_here("case", action, reference, *words)
    stranger = heard_here("case", action, reference, *words, "--as", "stranger@else.example")
    mistyped = heard_here("case", action, reference[:-1] + ("2" if reference[-1] != "2" else "3"), *words, "--as", OFFICER)
    unknown = heard_here("case", action, NOWHERE, *words, "--as", OFFICER)

    assert [said.code for said in (nobody, stranger, mistyped, unknown)] == [1, 1, 1, 1]
    assert [said.out for said in (nobody, stranger, mistyped, unknown)] == [""] * 4
    assert "Say who acts" in nobody.err
    assert "not one of the people" in stranger.err
    assert "check symbol" in mistyped.err
    assert f"There is no case {NOWHERE}" in unknown.err
    assert everything(heard_here) == before


@pytest.mark.parametrize("reference", [NOWHERE, "K7M-W92-RXH5", "", "drop table", "\u202eevil", "x" * 5000])
def test_a_reference_that_is_none_is_said_so(heard_here: Heard, reference: str) -> None:
    for words in (("show", reference), ("show", reference, "--json"), ("original", reference)):
        said = heard_here("case", *words)

        assert (said.code, said.out) == (1, "")
        assert "is not a reference" in said.err or "There is no case" in said.err
        assert "\u202e" not in said.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("route", "undecided", "--why", "because"), "not a decision"),
        (("route", "statutory"), "needs its reason"),
        (("route", "statutory", "--why", "  "), "needs its reason"),
        (("kind", "comment"), "Say why"),
        (("acknowledge", "--issue", ISSUE), "route is not confirmed"),
        (("respond", "--words", "We are sorry."), "before the route is confirmed"),
        (("respond",), "needs words"),
        (("respond", "--words", " \n "), "needs words"),
        (("respond", "--words-from", "nowhere.txt"), "Cannot use nowhere.txt"),
        (("respond", "--words-from", "."), "Is a directory"),
        (("respond", "--words-from", "garbage.bin"), "not UTF-8"),
        (("note", ""), "empty note"),
        (("note", "  "), "empty note"),
        (("assign", "stranger@else.example"), "not one of the people"),
        (("close",), "has had no answer"),
        (("close", "--why", "tired of it"), "has had no answer"),
    ],
)
def test_what_is_refused_says_why_and_changes_nothing(heard_here: Heard, words: tuple[str, ...], told: str) -> None:
    (heard_here.folder / "garbage.bin").write_bytes(b"\xff\xfe\x00\x81" * 50)
    reference = heard_here.log()
    before = everything(heard_here)

    said = heard_here("case", words[0], reference, *words[1:], "--as", OFFICER)

    assert (said.code, said.out) == (1, "")
    assert told in said.err
    assert everything(heard_here) == before


@pytest.mark.parametrize(
    "words",
    [
        ("route", "martial"),
        ("kind", "ticket"),
        ("respond", "--words", "Sorry.", "--outcome", "perhaps"),
        ("respond", "--words", "Sorry.", "--words-from", "answer.txt"),
        ("assign",),
        ("sing",),
        ("note",),
    ],
)
def test_a_word_that_nobody_knows_is_usage(heard_here: Heard, words: tuple[str, ...]) -> None:
    reference = heard_here.log()
    before = everything(heard_here)

    said = heard_here("case", words[0], reference, *words[1:], "--as", OFFICER)

    assert (said.code, said.out) == (2, "")
    assert said.err
    assert everything(heard_here) == before


def test_only_an_officer_decides(heard_here: Heard) -> None:
    reference = heard_here.log()
    before = everything(heard_here)

    for person in (MANAGER, HEAD):
        said = heard_here("case", "route", reference, "statutory", "--why", "because", "--as", person)
        assert said.code == 1
        assert "Only a complaints officer" in said.err

    assert everything(heard_here) == before


def test_a_closed_case_takes_notes_and_nothing_else(heard_here: Heard) -> None:
    reference = routed(heard_here)
    heard_here("case", "respond", reference, "--words", "We are sorry.", *CHECKED, "--as", OFFICER)
    heard_here("case", "close", reference, "--why", "answered", "--as", OFFICER)

    refused = [heard_here("case", action, reference, *words, "--as", OFFICER) for action, *words in ACTIONS if action != "note"]

    assert {said.code for said in refused} == {1}
    assert all("was closed on" in said.err for said in refused)
    assert heard_here("case", "note", reference, "They called again.", "--as", OFFICER).code == 0
