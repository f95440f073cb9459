"""The page that tells a complaints manager the clocks and their numbers says what the law book says."""

import re
from pathlib import Path

import pytest

from procedures.clocks import ClockRule
from procedures.rulebook import read_rulebook
from procedures.terms import Event, Procedure

PAGE = (Path(__file__).parents[2] / "docs/procedures.md").read_text("utf-8")
PARTS = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n?)*)", PAGE, re.MULTILINE))
NATIONS = {"wales": "Wales", "scotland": "Scotland", "northern_ireland": "Northern Ireland"}
Row = list[str]


def part_of(rule: ClockRule) -> str:
    """Under which heading a clock stands: its nation's, or for England and what holds everywhere its procedure's."""
    if rule.nation in NATIONS and rule.procedure is not Procedure.DATA_PROTECTION:
        return NATIONS[rule.nation]
    return rule.procedure.replace("_", " ").capitalize()


def rows(part: str) -> dict[str, Row]:
    """The clocks that a part of the page lists, by name: number, starts on, stops on, force, source."""
    cells = (
        [cell.strip() for cell in line.strip("| ").split(" | ")] for line in PARTS[part].splitlines() if line.startswith("| `")
    )
    return {name.strip("`"): others for name, *others in cells}


def named(words: str) -> set[str]:
    return {word for word in re.findall(r"`(\w+)`", words) if word in set(Event)}


CLOCKS = read_rulebook().clocks
STANDING = [rule for rule in CLOCKS if rule.applies_until is None]


@pytest.mark.parametrize("rule", STANDING, ids=lambda rule: rule.rule_id)
def test_a_clock_stands_on_the_page_with_its_number_its_start_and_its_source(rule: ClockRule) -> None:
    number, starts_on, stops_on, force, source = rows(part_of(rule))[rule.name]

    assert number.split(";")[0].split(",")[0].removesuffix(" before") == (rule.length or "as soon as possible")
    assert named(starts_on) == {*rule.starts_on, *rule.oral_starts_on, *rule.or_later_on}
    assert named(stops_on) == set(rule.stops_on)
    assert force == rule.kind
    assert source.startswith(rule.authority)
    assert source.endswith("†") == rule.check


@pytest.mark.parametrize("rule", [rule for rule in STANDING if rule.extension], ids=lambda rule: rule.rule_id)
def test_how_much_longer_a_clock_may_run_stands_on_the_page_too(rule: ClockRule) -> None:
    longer = rule.extension
    assert longer is not None
    number, *_, source = rows(part_of(rule))[rule.name]

    months = f"{longer.up_to_months} months from `{longer.counted_from}`" if longer.up_to_months else ""
    most = longer.up_to_working_days or months or rule.working_days + longer.working_days
    assert f"at most {most} by `{longer.decided_by}`" in number
    assert longer.authority in source


@pytest.mark.parametrize("rule", [rule for rule in STANDING if rule.ends_on], ids=lambda rule: rule.rule_id)
def test_a_day_that_takes_the_place_of_a_number_stands_on_the_page(rule: ClockRule) -> None:
    number, *_ = rows(part_of(rule))[rule.name]

    assert all(f"or the day of `{event}`" in number for event in rule.ends_on)


@pytest.mark.parametrize("rule", [rule for rule in CLOCKS if rule.applies_until], ids=lambda rule: rule.rule_id)
def test_a_number_that_no_longer_holds_is_told_with_the_day_until_which_it_did(rule: ClockRule) -> None:
    part = PARTS[part_of(rule)]
    is_the_same = rule.name in rows(part_of(rule)) and rows(part_of(rule))[rule.name][0].startswith(rule.length)

    assert f"received until {rule.applies_until}" in part
    assert is_the_same or rule.length in part


def test_the_page_has_no_clock_that_the_law_book_has_not() -> None:
    known = {(part_of(rule), rule.name) for rule in STANDING}

    assert {(part, name) for part in {part for part, _ in known} for name in rows(part)} == known
