"""What follows from a list of issues, and what is read into one: pure, without a memory."""

from datetime import date

import pytest

from casework.issues.numbered import Finding, Issue, overall
from casework.issues.remedies import read_pounds
from casework.issues.suggesting import Suggested, suggest
from procedures.terms import Outcome, Procedure, Theme


def test_the_whole_follows_from_what_was_found_on_each() -> None:
    def of(*outcomes: Outcome) -> Outcome | None:
        plain = {"words": "", "theme": Theme.OTHER, "procedure": None, "wanted": "", "split_from": None, "is_withdrawn": False}
        more = {"confirmed_on": None, "confirmed_how": "", "version": 1}
        listed = [
            Issue(number=n, findings=(findings_of(one),), **plain, **more)  # type: ignore[arg-type]  # whatever a test gives
            for n, one in enumerate(outcomes, 1)
        ]
        return overall(listed, 1)

    upheld, partly, not_upheld, nothing = Outcome
    assert of() is None
    assert of(upheld, upheld) is upheld
    assert of(upheld, nothing) is upheld
    assert of(upheld, not_upheld) is partly
    assert of(partly, partly) is partly
    assert of(not_upheld, nothing) is not_upheld
    assert of(nothing, nothing) is nothing


def findings_of(outcome: Outcome) -> Finding:
    return Finding(1, outcome, "so", date(2025, 3, 10), "o@a.example")


@pytest.mark.parametrize(("typed", "pence"), [("150", 15_000), ("£1,250", 125_000), ("49.50", 4_950), (" 0.01 ", 1)])
def test_money_is_read_as_it_is_typed(typed: str, pence: int) -> None:
    assert read_pounds(typed) == pence


@pytest.mark.parametrize("typed", ["", "-5", "1.5", "ten", "1e3", "٣", "5.123"])
def test_what_is_no_money_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="is no amount of money"):
        read_pounds(typed)


def test_a_letters_own_numbers_or_its_sentences_are_suggested() -> None:
    said = "Hello. Nobody called me in May! I was moved to another town.\nThank you"
    reasons = [
        {"field": "theme", "value": "communication", "in": "text", "start": 9, "end": 22},
        {"field": "theme", "value": "placement", "in": "text", "start": 38, "end": 43},
        {"field": "theme", "value": "delay", "in": "subject", "start": 1, "end": 4},
        {"field": "kind", "value": "complaint", "in": "text", "start": 0, "end": 5},
    ]
    assert suggest(said, reasons) == [
        Suggested("Nobody called me in May!", Theme.COMMUNICATION),
        Suggested("I was moved to another town.", Theme.PLACEMENT),
    ]
    numbered = "My points:\n1. Nobody called me in May\n2) I was moved\nBye"
    assert [one.words for one in suggest(numbered, [])] == ["Nobody called me in May", "I was moved"]
    assert suggest("Please help", []) == [Suggested("Please help", Theme.OTHER)]
    assert suggest("  ", []) == []


def test_points_as_they_were_read_keep_their_words_theme_and_procedure() -> None:
    said = "Hello.\nNobody  called\nme. His plan is late. " + "x" * 3000
    reasons = [
        {"field": "theme", "value": "placement", "in": "text", "start": 0, "end": 5},
        {"field": "issue", "value": "communication", "in": "text", "start": 7, "end": 25},
        {"field": "issue", "value": "delay", "in": "text", "start": 26, "end": 43},
        {"field": "issue_procedure", "value": "corporate", "in": "text", "start": 26, "end": 43},
        {"field": "issue", "value": "other", "in": "text", "start": 44, "end": len(said)},
        {"field": "issue", "value": "other", "in": "text", "start": 0, "end": 0},
    ]
    first, second, long = suggest(said, reasons)

    assert first == Suggested("Nobody called me.", Theme.COMMUNICATION)
    assert second == Suggested("His plan is late.", Theme.DELAY, Procedure.CORPORATE)
    assert (len(long.words), long.words[-3:]) == (2000, "x …")
