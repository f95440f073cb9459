"""The story of a small council: one is told in the singular, and of fewer than ten no percentage."""

from typing import Any

import pytest

from reports.composing.data import data_of
from reports.composing.telling import story
from reports.composing.wording import wording


def told(received: int, previous: int, *, informal: int = 0, upheld: int = 0, not_upheld: int = 0) -> list[str]:
    difference = received - previous
    complaints: dict[str, Any] = {
        "received": {
            "count": received,
            "previous": previous,
            "change": difference,
            "change_percent": round(100 * difference / previous, 1) if previous else None,
        },
        "informal": {"count": informal, "previous": 0, "change": informal, "change_percent": None},
        "informal_percent": round(100 * informal / received, 1),
        "outcomes": {"corporate": {"upheld": upheld, "not_upheld": not_upheld}},
    }
    parts = {"complaints.informal_percent": [informal, received]}
    return list(story(data_of({"complaints": complaints, "parts": parts, "hidden": []}), wording("en")))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (told(12, 11, informal=1), "1 complaint was settled without a formal stage (8.3%)."),
        (told(12, 11, informal=2), "2 complaints were settled without a formal stage (16.7%)."),
        (told(7, 6, informal=1), "1 of them was settled without a formal stage."),
        (told(7, 6, informal=2), "2 of them were settled without a formal stage."),
        (told(7, 1), "7 complaints came in, 6 more than in the same period of the year before (1)."),
        (told(30, 9), "30 complaints came in, 21 more than in the same period of the year before (9)."),
        (told(9, 10), "9 complaints came in, 1 fewer than in the same period of the year before (10, \u221210.0%)."),
        (told(20, 20, upheld=1, not_upheld=8), "Of 9 decided complaints 1 was upheld at least in part."),
        (told(20, 20, not_upheld=30), "None of the 30 decided complaints was upheld."),
        (told(20, 20, upheld=1), "One complaint is decided: it was upheld at least in part."),
        (told(20, 20, not_upheld=1), "One complaint is decided: it was not upheld."),
        (told(20, 20, upheld=5, not_upheld=4), "Of 9 decided complaints 5 were upheld at least in part."),
        (told(20, 20, upheld=5, not_upheld=5), "Of 10 decided complaints 5 were upheld at least in part (50%)."),
    ],
)
def test_few_are_told_as_they_are(lines: list[str], expected: str) -> None:
    assert expected in lines


def test_a_number_that_is_withheld_is_not_said_to_be_small() -> None:
    """It may be withheld for the sake of another one."""
    path = "complaints.received.count"
    found = list(story(data_of({"complaints": {"received": {"count": None}}, "hidden": [path]}), wording("en")))

    assert found == ["How many complaints came in is withheld, so that small numbers cannot be worked out."]


def of_themes(**counted: int) -> list[str]:
    top = sorted(counted, key=lambda theme: (-counted[theme], theme))[:3]
    issues = {
        "count": sum(counted.values()),
        "by_theme": {theme: {"count": n} for theme, n in counted.items()},
        "top_themes": top,
    }
    received = {"count": 20, "previous": 20, "change": 0, "change_percent": 0.0}
    figures = {"complaints": {"received": received, "issues": issues}, "hidden": []}
    return [line for line in story(data_of(figures), wording("en")) if "issues" in line]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            of_themes(delay=5, decision=7, other=6, placement=4),
            ["What came up most often, of 22 issues: decision (7), other (6), delay (5)."],
        ),
        (of_themes(delay=5, decision=7, other=5, placement=5), ["What came up most often, of 22 issues: decision (7)."]),
        (of_themes(delay=5, decision=5, other=5, placement=5), []),
        (of_themes(assessment=1, communication=1, decision=1), []),
        (of_themes(assessment=2), ["What came up most often, of 2 issues: assessment (2)."]),
    ],
    ids=["three", "three alike behind one", "all alike", "one of each", "one theme"],
)
def test_of_themes_that_came_up_equally_often_none_is_told_before_another(lines: list[str], expected: list[str]) -> None:
    """An alphabet is no majority."""
    assert lines == expected
