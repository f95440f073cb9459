"""`calendar` and `deadlines`: dates to rely on, one at a time or by the thousand."""

import csv
import json

import pytest

from tests.commands.hearing import OFFICER, PROJECT, Heard

VECTORS = PROJECT / "tests" / "law" / "vectors.csv"


def test_calendar_add_gives_the_last_day_in_the_agreed_shape(heard_bare: Heard) -> None:
    said = heard_bare("calendar", "add", "--nation", "england", "--from", "2024-08-29", "--working-days", "65", "--json")

    assert (said.code, said.err) == (0, "")
    assert said.json == {"nation": "england", "from": "2024-08-29", "working_days": 65, "date": "2024-11-28"}


def test_calendar_add_says_to_a_person_what_was_not_counted(heard_bare: Heard) -> None:
    said = heard_bare("calendar", "add", "--from", "2026-04-02", "--working-days", "5")

    assert said.code == 0
    assert "Monday 13 April 2026" in said.out
    assert "Good Friday (03 April)" in said.out
    assert "Easter Monday (06 April)" in said.out


def test_nations_have_their_own_bank_holidays(heard_bare: Heard) -> None:
    """2 January is a bank holiday in Scotland only; St Patrick's Day in Northern Ireland only."""
    days = {
        nation: heard_bare("calendar", "add", "--nation", nation, "--from", "2024-12-31", "--working-days", "1", "--json").json
        for nation in ("england", "scotland", "wales", "northern_ireland")
    }

    assert {nation: answer["date"] for nation, answer in days.items()} == {
        "england": "2025-01-02",
        "wales": "2025-01-02",
        "northern_ireland": "2025-01-02",
        "scotland": "2025-01-03",
    }


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--from", "2024-02-30", "--working-days", "1"), "not a date of the form YYYY-MM-DD"),
        (("--from", "20240229", "--working-days", "1"), "not a date of the form YYYY-MM-DD"),
        (("--from", "2024-W10-1", "--working-days", "1"), "not a date of the form YYYY-MM-DD"),
        (("--from", "2024-02-29", "--working-days", "-1"), "greater than or equal to 0"),
        (("--from", "2024-02-29", "--working-days", "ten"), "integer"),
        (("--from", "2024-02-29"), "--working-days"),
        (("--working-days", "1"), "--from"),
        (("--from", "2024-02-29", "--working-days", "1", "--nation", "atlantis"), "northern_ireland, scotland, wales"),
    ],
)
def test_what_calendar_add_cannot_read_is_usage(heard_bare: Heard, words: tuple[str, ...], told: str) -> None:
    said = heard_bare("calendar", "add", *words)

    assert (said.code, said.out) == (2, "")
    assert told in said.flat


@pytest.mark.parametrize("start", ["1999-01-04", "2035-12-24", "9999-12-31"])
def test_a_date_beyond_the_known_holidays_is_refused_and_not_guessed(heard_bare: Heard, start: str) -> None:
    said = heard_bare("calendar", "add", "--from", start, "--working-days", "65", "--json")

    assert (said.code, said.out) == (1, "")
    assert "No date was guessed" in said.err


def test_a_batch_answers_each_line_in_order_from_a_file_or_stdin(heard_bare: Heard) -> None:
    asked = [
        {"nation": "england", "from": "2024-12-31", "working_days": 1},
        {"nation": "scotland", "from": "2024-12-31", "working_days": 1},
        {"from": "2024-08-29", "working_days": 65},
    ]
    text = "\n".join(json.dumps(one) for one in asked) + "\n\n"
    (heard_bare.folder / "asked.jsonl").write_text("\ufeff" + text, "utf-8")

    by_file = heard_bare("calendar", "add", "--batch", "asked.jsonl")
    by_pipe = heard_bare.alone("calendar", "add", "--batch", "-", given=text.encode())

    assert (by_file.code, by_file.err) == (0, "")
    assert [one["date"] for one in by_file.lines] == ["2025-01-02", "2025-01-03", "2024-11-28"]
    assert by_file.lines[2] == {"nation": "england", "from": "2024-08-29", "working_days": 65, "date": "2024-11-28"}
    assert by_pipe.raw == by_file.raw


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{not json", "it is not JSON"),
        (b"[1, 2]", "not an object"),
        (b"\xff\xfe\x00\x01", "it is not UTF-8"),
        (b"[" * 100_000, "it is not JSON"),
        (b'{"from": "2024-02-30", "working_days": 1}', "not a date"),
        (b'{"from": "2024-02-29"}', "working_days must be a whole number"),
        (b'{"from": "2024-02-29", "working_days": "5"}', "working_days must be a whole number"),
        (b'{"from": "2024-02-29", "working_days": true}', "working_days must be a whole number"),
        (b'{"from": "2024-02-29", "working_days": -1}', "working_days must be a whole number"),
        (b'{"from": "2024-02-29", "working_days": 1, "nation": "atlantis"}', "atlantis"),
        (b'{"from": "2024-02-29", "working_days": 1, "nation": 7}', "nation must be a word"),
        (b'{"from": "2040-02-29", "working_days": 1}', "No date was guessed"),
        (b'{"from": "2024-02-29\\u0000", "working_days": 1}', "not a date"),
    ],
)
def test_a_bad_line_of_a_batch_is_named_by_its_number(heard_bare: Heard, line: bytes, told: str) -> None:
    good = b'{"from": "2024-02-29", "working_days": 1}\n'

    said = heard_bare("calendar", "add", "--batch", "-", given=good + line + b"\n" + good)

    assert said.code == 1
    assert [one["date"] for one in said.lines] == ["2024-03-01"]
    assert said.err.startswith("Line 2: ")
    assert told in said.err


@pytest.mark.parametrize("command", [("calendar", "add"), ("deadlines",)])
@pytest.mark.parametrize("file", ["nowhere.jsonl", "."])
def test_a_batch_file_that_is_not_there_is_said_so(heard_bare: Heard, command: tuple[str, ...], file: str) -> None:
    said = heard_bare(*command, "--batch", file)

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("Cannot use ")


def test_calendar_list_shows_the_bank_holidays_of_a_year(heard_bare: Heard) -> None:
    said = heard_bare("calendar", "list", "--year", "2026", "--json")

    assert (said.code, said.err) == (0, "")
    assert {"date": "2026-04-03", "name": "Good Friday"} in said.json
    assert len(said.json) == 8
    assert "Fri 03 Apr 2026" in heard_bare("calendar", "list", "--year", "2026").out
    assert "Patrick" in heard_bare("calendar", "list", "--year", "2026", "--nation", "northern_ireland").out


def test_a_year_that_is_not_known_has_no_empty_list(heard_bare: Heard) -> None:
    said = heard_bare("calendar", "list", "--year", "2050", "--json")

    assert (said.code, said.out) == (1, "")
    assert "No date was guessed" in said.err


def test_a_proclaimed_holiday_is_kept_and_moves_new_deadlines(heard: Heard) -> None:
    """Without it, ten working days from Monday 10 March 2025 end on Monday 24 March; with it, on the Tuesday."""
    kept = heard("calendar", "holiday", "2025-03-14", "--name", "Proclaimed holiday", "--as", OFFICER)
    reference = heard.log()

    assert (kept.code, kept.out) == (0, "")
    assert {"date": "2025-03-14", "name": "Proclaimed holiday"} in heard("calendar", "list", "--year", "2025", "--json").json
    assert {clock["clock"]: clock["due"] for clock in heard.show(reference)["clocks"]}["s1_response"] == "2025-03-25"


def test_a_holiday_proclaimed_later_moves_the_dates_of_open_cases_and_says_how_many(heard: Heard) -> None:
    """V17: the same complaint, logged before the holiday was known."""
    reference = heard.log()
    kept = heard("calendar", "holiday", "2025-03-14", "--name", "Proclaimed holiday", "--as", OFFICER)

    assert "Dates of open cases that moved: 4" in kept.flat
    assert {clock["clock"]: clock["due"] for clock in heard.show(reference)["clocks"]}["s1_response"] == "2025-03-25"
    again = heard("calendar", "holiday", "2025-03-14", "--name", "Proclaimed holiday", "--as", OFFICER)
    assert "Dates of open cases that moved: 0" in again.flat


def test_a_holiday_can_be_taken_back(heard: Heard) -> None:
    heard("calendar", "holiday", "2025-03-14", "--name", "Proclaimed", "--as", OFFICER)

    heard("calendar", "holiday", "2025-03-14", "--name", "Proclaimed", "--working", "--as", OFFICER)

    assert "Proclaimed" not in heard("calendar", "list", "--year", "2025").out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("2025-03-14", "--name", "  ", "--as", OFFICER), 1, "needs its name"),
        (("2099-03-13", "--name", "Far", "--as", OFFICER), 1, "No date was guessed"),
        (("14.3.2025", "--name", "Dots", "--as", OFFICER), 2, "YYYY-MM-DD"),
        (("2025-03-14", "--name", "Nobody's"), 1, "Say who acts"),
        (("2025-03-14", "--name", "Stranger's", "--as", "stranger@else.example"), 1, "not one of the people"),
        (("2025-03-14", "--name", "Lost", "--nation", "atlantis", "--as", OFFICER), 2, "atlantis"),
    ],
)
def test_a_holiday_that_cannot_be_kept_changes_nothing(heard_here: Heard, words: tuple[str, ...], code: int, told: str) -> None:
    said = heard_here("calendar", "holiday", *words)

    assert (said.code, said.out) == (code, "")
    assert told in said.flat
    assert len(heard_here("calendar", "list", "--year", "2025", "--json").json) == 8


def test_deadlines_have_the_agreed_shape_with_authority_and_trace(heard_bare: Heard) -> None:
    said = heard_bare(
        "deadlines", "--procedure", "statutory", "--received", "2025-04-04", "--event", "s2_requested=2025-05-12", "--json"
    )

    assert (said.code, said.err) == (0, "")
    assert (said.json["procedure"], said.json["received"]) == ("statutory", "2025-04-04")
    by_name = {clock["clock"]: clock for clock in said.json["clocks"]}
    assert by_name["s1_response"]["due"] == "2025-04-22"  # Good Friday 18 and Easter Monday 21 April are not counted
    assert (by_name["s1_response"]["stage"], by_name["s1_response"]["kind"]) == (1, "statutory")
    assert {"clock", "stage", "kind", "due", "authority", "trace"} <= set(by_name["s1_response"])
    assert all(clock["authority"] for clock in said.json["clocks"])
    assert all(clock["trace"] and all(isinstance(step, str) for step in clock["trace"]) for clock in said.json["clocks"])
    assert {clock["stage"] for clock in said.json["clocks"]} > {1, 2}


def test_event_names_are_taken_with_and_without_on(heard_bare: Heard) -> None:
    without = heard_bare(
        "deadlines", "--procedure", "corporate", "--received", "2025-04-04", "--event", "acknowledged=2025-04-08", "--json"
    )
    with_on = heard_bare(
        "deadlines", "--procedure", "corporate", "--received", "2025-04-04", "--event", "acknowledged_on=2025-04-08", "--json"
    )

    assert without.raw == with_on.raw
    assert {clock["clock"]: clock["due"] for clock in without.json["clocks"]}["s1_response"] == "2025-04-24"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--procedure", "martial", "--received", "2025-04-04"), "martial"),
        (("--procedure", "statutory"), "--received"),
        (("--received", "2025-04-04"), "--procedure"),
        (("--procedure", "statutory", "--received", "yesterday"), "YYYY-MM-DD"),
        (("--procedure", "statutory", "--received", "2025-04-04", "--event", "lunch=2025-04-05"), "'lunch' is not an event"),
        (("--procedure", "statutory", "--received", "2025-04-04", "--event", "s2_requested"), "NAME=YYYY-MM-DD"),
        (("--procedure", "statutory", "--received", "2025-04-04", "--event", "s2_requested=soon"), "YYYY-MM-DD"),
        (("--procedure", "statutory", "--received", "2025-04-04", "--nation", "atlantis"), "atlantis"),
    ],
)
def test_what_deadlines_cannot_read_is_usage(heard_bare: Heard, words: tuple[str, ...], told: str) -> None:
    said = heard_bare("deadlines", *words)

    assert (said.code, said.out) == (2, "")
    assert told in said.flat


def test_deadlines_beyond_the_calendar_are_refused(heard_bare: Heard) -> None:
    said = heard_bare("deadlines", "--procedure", "statutory", "--received", "2036-01-07", "--json")

    assert (said.code, said.out) == (1, "")
    assert "No date was guessed" in said.err


def test_a_batch_of_deadlines_says_what_one_question_at_a_time_says(heard_bare: Heard) -> None:
    asked = [
        {"procedure": "statutory", "received": "2025-04-04", "events": {"s2_requested": "2025-05-12"}},
        {"procedure": "corporate", "received": "2025-04-04", "oral": False, "nation": "england"},
        {"procedure": "statutory", "received": "2025-04-04", "oral": True},
    ]

    said = heard_bare("deadlines", "--batch", "-", given="\n".join(map(json.dumps, asked)).encode())

    one = heard_bare(
        "deadlines", "--procedure", "statutory", "--received", "2025-04-04", "--event", "s2_requested=2025-05-12", "--json"
    )
    assert (said.code, said.err) == (0, "")
    assert [line["procedure"] for line in said.lines] == ["statutory", "corporate", "statutory"]
    assert said.lines[0] == one.json


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"nonsense", "it is not JSON"),
        (b"{}", "procedure must be one of statutory"),
        (b'{"procedure": "martial", "received": "2025-04-04"}', "procedure must be one of statutory"),
        (b'{"procedure": [], "received": "2025-04-04"}', "procedure must be one of statutory"),
        (b'{"procedure": "statutory"}', "not a date"),
        (b'{"procedure": "statutory", "received": "2025-04-04", "events": {"lunch": "2025-04-05"}}', "'lunch' is not an event"),
        (b'{"procedure": "statutory", "received": "2025-04-04", "events": ["s2_requested"]}', "events must be an object"),
        (b'{"procedure": "statutory", "received": "2025-04-04", "event": {}}', "'event' is not known here"),
        (b'{"procedure": "statutory", "received": "2025-04-04", "oral": "yes"}', "oral true or false"),
        (b'{"procedure": "statutory", "received": "2025-04-04", "nation": "atlantis"}', "atlantis"),
        (b'{"procedure": "statutory", "received": "2036-01-07"}', "No date was guessed"),
    ],
)
def test_a_bad_line_of_deadlines_is_named_by_its_number(heard_bare: Heard, line: bytes, told: str) -> None:
    good = b'{"procedure": "statutory", "received": "2025-04-04"}\n'

    said = heard_bare("deadlines", "--batch", "-", given=good + b"\n" + line + b"\n" + good)

    assert said.code == 1
    assert len(said.lines) == 1
    assert said.err.startswith("Line 3: ")
    assert told in said.err


def test_every_vector_passes_through_the_batch(heard_bare: Heard) -> None:
    with VECTORS.open(encoding="utf-8") as file:
        wanted = [
            (row["start"], int(name.removeprefix("plus_")), day)
            for row in csv.DictReader(file)
            for name, day in row.items()
            if name.startswith("plus_")
        ]
    asked = "\n".join(json.dumps({"from": start, "working_days": days}) for start, days, _ in wanted)

    said = heard_bare("calendar", "add", "--batch", "-", given=asked.encode())

    assert [line["date"] for line in said.lines] == [day for *_, day in wanted]


def test_dates_need_no_database_and_make_none(heard_bare: Heard) -> None:
    heard_bare("calendar", "add", "--from", "2024-08-29", "--working-days", "65")
    heard_bare("deadlines", "--procedure", "statutory", "--received", "2025-04-04")

    assert list(heard_bare.folder.iterdir()) == []


OWN = {"HEARD_COUNCIL_OWN_CLOCKS": "corporate.s1_response = 15 + 0 from received, corporate.s2_request_window = 28 days"}


def test_deadlines_count_by_the_councils_own_policy_where_there_are_settings(heard_bare: Heard) -> None:
    """Received Monday 14 December 2026; offices closed from 29 to 31 December: 15 working days end on Tuesday 12 January."""
    asked = ("deadlines", "--procedure", "corporate", "--received", "2026-12-14", "--event", "s1_reply_sent=2027-01-11", "--json")
    shipped = {one["clock"]: one for one in heard_bare(*asked).json["clocks"]}
    heard_bare.settings |= OWN | {"HEARD_COUNCIL_CLOSURE_DAYS": "2026-12-29, 2026-12-30, 2026-12-31"}
    own = {one["clock"]: one for one in heard_bare(*asked).json["clocks"]}

    assert "s1_response" not in shipped
    assert "s2_request_window" not in shipped
    assert (own["s1_response"]["due"], own["s2_request_window"]["due"]) == ("2027-01-12", "2027-02-08")
    assert own["s1_response"]["authority"].startswith("the council's own policy")
    assert any("closure day" in line for line in own["s1_response"]["trace"])
    assert list(heard_bare.folder.iterdir()) == []


def test_closure_days_move_no_statutory_date_of_a_batch(heard_bare: Heard) -> None:
    """Table H."""
    line = b'{"procedure": "statutory", "received": "2025-12-12"}\n{"procedure": "statutory", "received": "2025-12-12"}'
    heard_bare.settings |= {"HEARD_COUNCIL_CLOSURE_DAYS": "2025-12-29, 2025-12-30, 2025-12-31"}
    said = heard_bare("deadlines", "--batch", "-", given=line)

    first, again = said.lines
    assert first == again
    assert {one["clock"]: one["due"] for one in first["clocks"]}["s1_response"] == "2025-12-30"


def test_the_nation_of_the_settings_is_the_one_that_counts_unless_another_is_named(heard_bare: Heard) -> None:
    asked = ("deadlines", "--procedure", "statutory", "--received", "2025-04-16", "--json")
    heard_bare.settings |= {"HEARD_NATION": "wales"}
    welsh, english = heard_bare(*asked).json, heard_bare(*asked, "--nation", "england").json

    assert {one["clock"]: one["due"] for one in welsh["clocks"]}["acknowledgement"] == "2025-04-22"  # V16
    assert {one["clock"]: one["due"] for one in english["clocks"]}["acknowledgement"] == "2025-04-25"


def test_settings_that_cannot_be_used_are_refused_and_nothing_is_counted(heard_bare: Heard) -> None:
    heard_bare.settings |= {"HEARD_COUNCIL_OWN_CLOCKS": "statutory.s1_response = 20"}
    said = heard_bare("deadlines", "--procedure", "statutory", "--received", "2025-04-16")

    assert said.code != 0
    assert said.out == ""
    assert "the law sets this number" in said.flat
