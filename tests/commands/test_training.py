"""`heard log --training`: a case to learn on, from the command line."""

from tests.commands.hearing import OFFICER, Heard

CALL = ("log", "--training", "--by", "phone", "--words", "My son has had no visit since May.", "--received", "2025-03-10T16:20")


def test_a_case_to_learn_on_has_its_dates_says_what_it_is_and_stands_in_no_other_list(heard: Heard) -> None:
    reference = heard(*CALL, "--email", "r.green@family.example", person=OFFICER).out.strip()

    shown = heard.show(reference)
    assert {clock["clock"]: clock["due"] for clock in shown["clocks"]}["s1_response"] == "2025-03-24"
    assert shown["flags"][0].startswith("A case to learn on")
    assert {row["state"] for row in shown["outbox"]} == {"cancelled"}
    assert [row["reference"] for row in heard("case", "list", "--training", "--json").json] == [reference]
    assert heard("case", "list", "--json").json == []


def test_a_doubted_route_of_a_case_to_learn_on_stands_among_those_to_learn_on_alone(heard_here: Heard) -> None:
    words = (
        "--words",
        "The Independent Reviewing Officer of our looked after child ignored us.",
        "--received",
        "2025-03-10T16:20",
    )
    reference = heard_here("log", "--training", "--by", "phone", *words, person=OFFICER).out.strip()
    heard_here("case", "route", reference, "corporate", "--why", "read", person=OFFICER)

    assert heard_here("case", "list", "--route-doubt", "--json").json == []
    doubted = heard_here("case", "list", "--route-doubt", "--training", "--json").json
    assert [row["reference"] for row in doubted] == [reference]


def test_its_tasks_alerts_advocates_and_costs_stand_among_those_to_learn_on_alone(heard_here: Heard) -> None:
    words = ("--words", "My son has had no visit since May. His carer hits him.", "--received", "2025-03-10T16:20")
    reference = heard_here("log", "--training", "--by", "phone", *words, person=OFFICER).out.strip()
    heard_here("case", "route", reference, "statutory", "--why", "read", person=OFFICER)
    heard_here("case", "record", reference, "skip_s1_agreed", "--why", "both agreed", person=OFFICER)
    heard_here("advocacy", "ask", reference, "--provider", "Coram Voice", person=OFFICER)
    number = heard_here("pool", "add", "P. Person", "--role", "investigator", "--checked-on", "2025-03-01", person=OFFICER)
    assert number.code == 0
    appointed = heard_here("pool", "appoint", "1", reference, "--role", "investigator", "--declared", "none", person=OFFICER)
    assert appointed.code == 0, appointed.err
    assert heard_here("pool", "hours", "1", "--time", "2:00", person=OFFICER).code == 0

    for list_of in (("tasks", "list"), ("alert", "list"), ("advocacy", "list"), ("pool", "costs")):
        shown = heard_here(*list_of, "--training", "--json").json
        assert {row["reference"] for row in shown} == {reference}, list_of
        assert [row for row in heard_here(*list_of, "--json").json if row["reference"]] == [], list_of


def test_what_is_about_it_is_not_sent_again(heard_here: Heard) -> None:
    reference = heard_here(*CALL, "--email", "r.green@family.example", person=OFFICER).out.strip()
    [row, *_] = [one for one in heard_here("outbox", "list", "--all", "--json").json if one["reference"] == reference]

    said = heard_here("outbox", "retry", str(row["number"]), person=OFFICER)

    assert (said.code, "case to learn on" in said.err, "Nothing was changed." in said.err) == (1, True, True)


def test_its_letter_is_kept_to_be_looked_at(heard_here: Heard) -> None:
    reference = heard_here(*CALL, "--email", "r.green@family.example", person=OFFICER).out.strip()
    heard_here("case", "route", reference, "statutory", "--why", "read", person=OFFICER)
    said = heard_here("case", "acknowledge", reference, "--issue", "No visit.", person=OFFICER)

    assert (said.code, "It is a case to learn on: nothing leaves." in said.err) == (0, True)


def test_a_real_address_is_refused(heard_here: Heard) -> None:
    """A real letter from there would be taken for the made-up person's."""
    said = heard_here(*CALL, "--email", "r.green@gmail.com", person=OFFICER)

    assert (said.code, "belongs to nobody" in said.err, "Nothing was kept." in said.err) == (1, True, True)
    assert heard_here("case", "list", "--training", "--json").json == []
