"""The calendars are made from the package, and never lose a day."""

import tomllib
from datetime import date
from pathlib import Path

from procedures.make_calendar import NATIONS, RULES, calendar_text, days_given, days_kept, name_in_use, package_version


def test_what_ships_is_what_would_be_made_again() -> None:
    """Red when somebody edits a calendar by hand, or the package has learnt of a day: make them anew."""
    for name, (_, subdivision) in NATIONS.items():
        file = RULES / f"calendar_{name}.toml"
        shipped = tomllib.loads(file.read_text("utf-8"))
        days = days_kept(file) | days_given(subdivision)

        made_again = tomllib.loads(calendar_text(name, days, shipped["package_version"], shipped["read_on"]))
        assert made_again == shipped


def test_the_package_version_is_written_down() -> None:
    shipped = tomllib.loads((RULES / "calendar_england_wales.toml").read_text("utf-8"))

    assert shipped["source"] == f"holidays {shipped['package_version']} (Python package), GB-ENG"
    assert package_version() >= shipped["package_version"]
    assert shipped["version"] == f"england_wales-{shipped['read_on']}"


def test_a_day_that_the_package_forgets_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "calendar.toml"
    file.write_text('[[day]]\non = 2012-06-05\nname = "Diamond Jubilee of Elizabeth II"\n', "utf-8")

    assert days_kept(file) == {date(2012, 6, 5): "Diamond Jubilee of Elizabeth II"}
    assert days_kept(tmp_path / "none.toml") == {}


def test_days_have_the_names_that_people_use() -> None:
    assert name_in_use("May Day") == "Early May bank holiday"
    assert name_in_use("Boxing Day (observed)") == "bank holiday for Boxing Day"
    assert name_in_use("Good Friday") == "Good Friday"
