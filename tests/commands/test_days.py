"""`remind` and `digest`: what a morning sends, rebuilt for any day, and sent only when told to."""

import pytest

from tests.commands.hearing import CHECKED, HEAD, MANAGER, OFFICER, Heard, letter, the_day

THURSDAY = "2025-03-20"
"""Two working days before Monday 24 March 2025, on which a complaint of Monday 10 March is to be answered.

It should have been acknowledged by Monday 17 March: on this day that is three working days late, and the head of service hears.
"""
GROUPS = ("overdue", "due_today", "due_soon")


@pytest.fixture
def with_a_case(heard: Heard) -> tuple[Heard, str]:
    """One complaint of the past, imported: it counts by the day on which it came."""
    (heard.folder / "one.eml").write_bytes(letter())
    return heard, heard("import-mail", "one.eml", "--json").lines[0]["reference"]


def queued(heard: Heard) -> list[str]:
    return [row["notice"] for row in heard("outbox", "list", "--all", "--json").json]


def test_remind_shows_the_bundles_of_a_day_from_the_events_up_to_then(with_a_case: tuple[Heard, str]) -> None:
    heard, reference = with_a_case

    said = heard("remind", "--date", THURSDAY, "--json")

    assert (said.code, said.err) == (0, "")
    assert [(bundle["to"], bundle["day"]) for bundle in said.json] == [(HEAD, THURSDAY), (OFFICER, THURSDAY)]
    lines = {name: [(line["reference"], line["clock"], line["due_on"]) for line in said.json[1][name]] for name in GROUPS}
    assert lines["due_soon"] == [(reference, "s1_response", "2025-03-24")]
    assert (reference, "acknowledgement", "2025-03-17") in lines["overdue"]
    assert lines["due_today"] == []
    assert queued(heard) == []


def test_remind_for_people_is_the_letter_itself(with_a_case: tuple[Heard, str]) -> None:
    heard, reference = with_a_case

    said = heard("remind", "--date", THURSDAY)

    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"To: {HEAD}\nSubject: ")
    assert f"To: {OFFICER}\nSubject: " in said.out
    assert said.out.count(reference) > 2


def test_before_a_case_came_nobody_is_reminded_of_it(with_a_case: tuple[Heard, str]) -> None:
    heard, _ = with_a_case

    for day in ("2025-03-07", "2025-03-22"):  # the Friday before; a Saturday
        said = heard("remind", "--date", day)
        assert (said.code, said.out) == (0, "")
        assert "Nobody is reminded of anything that day." in said.err
        assert heard("remind", "--date", day, "--json").json == []


def test_what_was_answered_later_was_still_owed_then(with_a_case: tuple[Heard, str]) -> None:
    heard, reference = with_a_case
    before = heard("remind", "--date", THURSDAY, "--json").json
    heard("case", "route", reference, "corporate", "--why", "about a school", "--as", OFFICER)
    heard("case", "respond", reference, "--words", "We are sorry.", *CHECKED, "--as", OFFICER)

    assert heard("remind", "--date", THURSDAY, "--json").json == before


@pytest.mark.parametrize("command", ["remind", "digest"])
def test_only_send_puts_it_in_the_outbox_and_only_once(with_a_case: tuple[Heard, str], command: str) -> None:
    heard, _ = with_a_case

    shown = heard(command, "--date", THURSDAY, "--json")
    assert queued(heard) == []
    sent = heard(command, "--date", THURSDAY, "--send", "--json")
    after = queued(heard)
    again = heard(command, "--date", THURSDAY, "--send")

    assert sent.json == shown.json
    assert after == [{"remind": "reminders"}.get(command, command)] * len(sent.json) != []
    assert f"{len(sent.json)} put in the outbox." in sent.err
    assert (again.code, again.out) == (0, "")
    assert "Nothing new was queued" in again.err
    assert queued(heard) == after


def test_digest_goes_to_each_who_leads_with_references_and_no_words(with_a_case: tuple[Heard, str]) -> None:
    heard, reference = with_a_case

    said = heard("digest", "--date", "2025-03-31")

    assert (said.code, said.err) == (0, "")
    assert [line.removeprefix("To: ") for line in said.out.splitlines() if line.startswith("To: ")] == [OFFICER, MANAGER, HEAD]
    assert reference in said.out
    for private in ("Rosalind", "Green", "r.green", "calls me back"):
        assert private not in said.out
    assert queued(heard) == []


def test_digest_for_programs_is_one_value(with_a_case: tuple[Heard, str]) -> None:
    heard, _ = with_a_case

    said = heard("digest", "--date", "2025-03-31", "--json")

    assert (said.code, said.err) == (0, "")
    assert [one["to"] for one in said.json] == [OFFICER, MANAGER, HEAD]


def test_without_a_day_it_is_today(heard_here: Heard) -> None:
    heard_here.log(received=str(the_day(-60)))

    assert heard_here("digest", "--json").json == heard_here("digest", "--date", str(the_day()), "--json").json
    assert heard_here("remind", "--json").json == heard_here("remind", "--date", str(the_day()), "--json").json


@pytest.mark.parametrize("command", ["remind", "digest"])
def test_a_day_to_come_is_shown_but_not_sent(heard_here: Heard, command: str) -> None:
    heard_here.log(received=str(the_day(-60)))
    tomorrow = str(the_day(7))

    assert heard_here(command, "--date", tomorrow, "--json").code == 0
    said = heard_here(command, "--date", tomorrow, "--send")

    assert (said.code, said.out) == (1, "")
    assert "has not come" in said.err
    assert set(queued(heard_here)) <= {"receipt", "new_case_for_staff"}


@pytest.mark.parametrize("command", ["remind", "digest"])
def test_a_day_that_is_none_is_refused(heard_here: Heard, command: str) -> None:
    for day in ("2025-02-30", "monday", "20250310", ""):
        said = heard_here(command, "--date", day)
        assert said.code == (2 if day else 0)
    beyond = heard_here(command, "--date", "2077-03-10")
    assert (beyond.code, beyond.out) == (1, "")
    assert "No date was guessed" in beyond.err


def test_without_anybody_who_leads_there_is_no_digest(heard_bare: Heard) -> None:
    said = heard_bare("digest")

    assert (said.code, said.out) == (0, "")
    assert "Nobody gets a digest" in said.err
