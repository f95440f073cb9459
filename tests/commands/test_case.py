"""`case …`: what a complaints officer does in a day, sees and lists."""

import asyncio
import json
from typing import Any

import pytest

from bot.settings import database_url
from storage import cases
from storage.unit_of_work import open_memory
from tests.commands.hearing import CHECKED, MANAGER, MONDAY, OFFICER, PROJECT, Heard, letter

LIST_KEYS = [
    "reference",
    "kind",
    "procedure",
    "undecided",
    "stage",
    "state",
    "received_at",
    "due",
    "owner",
    "team",
    "not_counted",
]
ISSUE = "You were moved and nobody told you why."


def everything(heard: Heard) -> Any:
    """All that could have changed."""
    cases = heard("case", "list", "--json").json
    return cases, [heard.show(case["reference"]) for case in cases], heard("outbox", "list", "--all", "--json").json


def routed(heard: Heard, *words: str, procedure: str = "statutory") -> str:
    reference = heard.log("--email", "r.green@family.example", *words)
    said = heard("case", "route", reference, procedure, "--why", "a looked-after child", person=OFFICER)
    assert said.code == 0, said.err
    return reference


def test_a_day_of_an_officer(heard: Heard) -> None:
    """Received on Monday 10 March 2025; ten working days later is Monday 24 March."""
    reference = heard.log("--email", "r.green@family.example", "--name", "R Green", "--from", "parent")

    [listed] = heard("case", "list", "--open", "--json").json
    assert list(listed) == LIST_KEYS
    assert (listed["reference"], listed["kind"], listed["procedure"]) == (reference, "complaint", "undecided")
    assert (listed["undecided"], listed["stage"], listed["state"]) == (True, 1, "late")
    assert listed["received_at"] == "2025-03-10T12:00:00+00:00"

    route = heard("case", "route", reference, "corporate", "--why", "about a school", "--as", OFFICER)
    assert (route.code, route.out) == (0, "")
    assert "Next: acknowledgement by Monday 17 March 2025" in route.flat

    assigned = heard("case", "assign", reference, MANAGER, "--as", OFFICER)
    assert (assigned.code, assigned.out) == (0, "")

    answered = ("--answered-by", "Jo Field", "--job", "team manager", "--wanted", "To stay at your school")
    acknowledged = heard(
        "case", "acknowledge", reference, "--issue", ISSUE, "--issue", "Nobody calls.", *answered, "--as", OFFICER
    )
    assert (acknowledged.code, acknowledged.out) == (0, "")
    assert f"The acknowledgement of {reference} is on its way." in acknowledged.flat

    noted = heard("case", "note", reference, "Called; they prefer email.", "--as", MANAGER)
    assert (noted.code, noted.out) == (0, "")

    (heard.folder / "answer.txt").write_text("Dear R Green,\n\nwe are sorry – ✓.\n", "utf-8")
    answering = ("case", "respond", reference, "--words-from", "answer.txt", "--as", OFFICER)
    unlisted = heard(*answering, *CHECKED, "--outcome", "upheld")
    assert (unlisted.code, f"heard case issue add {reference} --suggested" in unlisted.flat) == (1, True)
    for number, words in enumerate((ISSUE, "Nobody calls."), start=1):
        for done in (
            ("issue", "add", reference, words),
            ("issue", "find", reference, str(number), "upheld", "--why", "nobody had told her"),
            ("remedy", reference, str(number), "apology", "--what", "We are sorry."),
        ):
            assert heard("case", *done, "--as", OFFICER).code == 0
    unsigned = heard(*answering)
    assert (unsigned.code, "add --checked-by ADDRESS --signed-by ADDRESS" in unsigned.flat) == (1, True)
    responded = heard("case", "respond", reference, "--words-from", "answer.txt", *CHECKED, "--as", OFFICER)
    assert (responded.code, responded.out) == (0, "")
    assert f"The response of {reference} is on its way." in responded.flat

    closed = heard("case", "close", reference, "--why", "answered, and no next step asked for", "--as", OFFICER)
    assert (closed.code, closed.out) == (0, "")
    assert heard("case", "list", "--open", "--json").json == []

    shown = heard.show(reference)
    assert (shown["procedure"], shown["undecided"], shown["owner"], shown["team"]) == ("corporate", False, MANAGER, "Team North")
    assert shown["state"] == "finished"
    assert [issue["words"] for issue in shown["issues"]] == [ISSUE, "Nobody calls."]
    assert {event["event"]: event["by"] for event in shown["events"]} | {"noted": MANAGER} == {
        "received": OFFICER,
        "route": OFFICER,
        "assigned": OFFICER,
        "acknowledged": OFFICER,
        "reg11_info_sent": OFFICER,
        "noted": MANAGER,
        "s1_reply_sent": OFFICER,
        "closed": OFFICER,
    }
    to_them = [row["notice"] for row in shown["outbox"] if row["notice"] in ("receipt", "acknowledgement", "response")]
    assert to_them == ["receipt", "acknowledgement", "response"]
    assert {"notice", "channel", "state", "sent_at"} <= set(shown["outbox"][0])
    assert {(row["state"], row["sent_at"]) for row in shown["outbox"]} == {("queued", None)}


def test_case_show_has_everything_about_a_case(heard: Heard) -> None:
    reference = heard.log("--email", "r.green@family.example", "--name", "R Green", said="Nobody calls.\nNobody at all.")

    shown = heard.show(reference)

    assert {*LIST_KEYS, "issues", "clocks", "events", "messages", "people", "outbox"} <= set(shown)
    [message] = shown["messages"]
    assert (message["number"], message["channel"], message["door"]) == (1, "letter", "hand")
    assert (message["words"], message["received_at"]) == ("Nobody calls.\nNobody at all.", "2025-03-10T12:00:00+00:00")
    [person] = shown["people"]
    assert (person["role"], person["name"], person["address"]) == ("complainant", "R Green", "r.green@family.example")
    clock = next(clock for clock in shown["clocks"] if clock["clock"] == "s1_response")
    assert (clock["stage"], clock["due"], clock["timeliness"]) == (1, "2025-03-24", "open_late")
    assert clock["authority"]
    assert clock["trace"]


def test_case_show_for_people_says_the_words_the_dates_and_the_door(heard: Heard) -> None:
    reference = heard.log("--email", "r.green@family.example", said="Nobody calls :smile: [bold]here[/bold].")

    said = heard("case", "show", reference)

    assert (said.code, said.err) == (0, "")
    for words in (
        reference,
        "route not confirmed",
        "Nobody calls :smile: [bold]here[/bold].",
        "by letter",
    ):
        assert words in said.out
    assert "2025-03-24" in said.out
    assert any(line.split() == ["receipt", "email", "queued"] for line in said.out.splitlines())


def test_case_show_quotes_the_words_that_led_to_the_reading(heard_here: Heard) -> None:
    (heard_here.folder / "one.eml").write_bytes(letter(words="👋 My foster son was moved.\nI want to\ncomplain."))
    reference = heard_here("import-mail", "one.eml", "--json").lines[0]["reference"]

    said = heard_here("case", "show", reference)

    assert "“I want to complain”" in said.out
    assert "“My foster son" in said.out


def test_a_reference_may_be_typed_as_it_is_said(heard_here: Heard) -> None:
    reference = heard_here.log()

    assert heard_here("case", "show", reference.lower().replace("-", " "), "--json").json["reference"] == reference


def test_whoever_shows_a_case_as_themselves_has_read_it(heard: Heard) -> None:
    reference = heard.log()

    heard("case", "show", reference)
    assert "read" not in [event["event"] for event in heard.show(reference)["events"]]
    heard("case", "show", reference, person=OFFICER)
    heard("case", "show", reference, "--as", MANAGER)

    assert [(event["event"], event["by"]) for event in heard.show(reference)["events"]].count(("read", OFFICER)) == 1
    assert ("read", MANAGER) not in [(event["event"], event["by"]) for event in heard.show(reference)["events"]]


def test_an_original_is_given_back_byte_for_byte(heard: Heard) -> None:
    raw = letter(words="Café – naïve ✓\r\nNobody calls.")
    (heard.folder / "one.eml").write_bytes(raw)
    reference = heard("import-mail", "one.eml", "--json").lines[0]["reference"]

    assert heard("case", "original", reference).raw == raw
    assert heard("case", "original", reference, "2").code == 1
    assert "has 1 message." in heard("case", "original", reference, "2").err
    assert heard("case", "original", reference, "0").code == 1


def test_the_list_begins_with_what_is_most_urgent(heard: Heard) -> None:
    later = heard.log(received="2025-03-20")
    earlier = heard.log(received="2025-03-10")
    heard(
        "case",
        "kind",
        thanks := heard.log(said="Thank you so much, you were great."),
        "compliment",
        "--why",
        "it thanks",
        "--as",
        OFFICER,
    )

    listed = heard("case", "list", "--json").json

    assert [case["reference"] for case in listed] == [earlier, later, thanks]
    assert listed[2]["procedure"] is None
    assert (listed[2]["undecided"], listed[2]["stage"], listed[2]["due"], listed[2]["state"]) == (False, 0, None, "thanked")


def test_the_list_on_a_day_is_what_it_was_on_that_day(heard: Heard) -> None:
    """Imported letters count by the days on which they came; the route of today was not known then."""
    (heard.folder / "box.mbox").write_bytes(
        b"".join(
            b"From someone Mon Mar 10 10:00:00 2025\n" + letter(number, at=at) + b"\n\n"
            for number, at in enumerate(["Mon, 10 Mar 2025 10:00:00 +0000", "Fri, 21 Mar 2025 10:00:00 +0000"])
        )
    )
    first, second = [line["reference"] for line in heard("import-mail", "box.mbox", "--json").lines[:-1]]
    heard("case", "route", first, "corporate", "--why", "about a school", "--as", OFFICER)
    heard("case", "assign", first, MANAGER, "--as", OFFICER)

    on_the_12th = heard("case", "list", "--date", "2025-03-12", "--json").json
    on_the_25th = heard("case", "list", "--date", "2025-03-25", "--json").json
    before = heard("case", "list", "--date", "2025-03-09", "--json").json

    assert [(case["reference"], case["procedure"], case["state"], case["owner"]) for case in on_the_12th] == [
        (first, "undecided", "received", None)
    ]
    assert [(case["reference"], case["state"]) for case in on_the_25th] == [(first, "late"), (second, "received")]
    assert before == []
    assert heard("case", "list", "--date", "someday").code == 2
    beyond = heard("case", "list", "--date", "9999-12-31")
    assert (beyond.code, beyond.out) == (1, "")
    assert "No date was guessed" in beyond.err


def test_the_list_of_a_team_or_of_open_cases_holds_no_others(heard: Heard) -> None:
    ours, other = heard.log(), heard.log()
    heard("case", "assign", ours, MANAGER, "--as", OFFICER)
    heard("case", "kind", other, "comment", "--why", "an opinion", "--as", OFFICER)
    heard("case", "close", other, "--why", "nothing to answer", "--as", OFFICER)

    assert [case["reference"] for case in heard("case", "list", "--team", "Team North", "--json").json] == [ours]
    assert [case["reference"] for case in heard("case", "list", "--open", "--json").json] == [ours]
    assert len(heard("case", "list", "--json").json) == 2


def test_nothing_is_sent_a_second_time(heard: Heard) -> None:
    reference = routed(heard)
    acknowledge = ("case", "acknowledge", reference, "--issue", ISSUE, "--as", OFFICER)
    respond = ("case", "respond", reference, "--words", "We are sorry.", *CHECKED, "--as", OFFICER)
    assert [heard(*acknowledge).code, heard(*respond).code] == [0, 0]
    before = everything(heard)

    again = [heard(*acknowledge), heard(*respond)]

    assert [said.code for said in again] == [1, 1]
    assert "was acknowledged on" in again[0].err
    assert "was answered on" in again[1].err
    assert everything(heard) == before


def test_who_cannot_be_written_to_is_not_said_to_be(heard: Heard) -> None:
    """An aunt called and left a number only: the letter has no way to go, and a person is asked to reach her."""
    reference = heard.log("--phone", "01632 960 111")
    heard("case", "route", reference, "corporate", "--why", "about a school", "--as", OFFICER)

    said = heard("case", "acknowledge", reference, "--issue", ISSUE, "--as", OFFICER)

    assert said.code == 0
    assert "there is no way to write to them" in said.err
    assert "cannot_reach" in [task["kind"] for task in heard("tasks", "list", "--json").json]


def test_words_from_stdin_are_the_answer(heard_here: Heard) -> None:
    reference = routed(heard_here)

    said = heard_here(
        "case", "respond", reference, "--words-from", "-", *CHECKED, "--as", OFFICER, given="We are sorry – ✓.".encode()
    )

    assert said.code == 0
    assert [row["notice"] for row in heard_here.show(reference)["outbox"]][-1] == "response"


@pytest.mark.parametrize("words", ["a\x00b", "half a \ud83d pair", "\u202eturned", "x" * 200_000, "🙂" * 10_000])
def test_words_of_any_kind_are_kept_and_shown(heard: Heard, words: str) -> None:
    reference = heard.log()

    noted = heard("case", "note", reference, words, "--as", OFFICER)

    shown = heard("case", "show", reference, "--json")
    assert (noted.code, shown.code) == (0, 0)
    assert len(next(event["note"] for event in shown.json["events"] if event["event"] == "noted")) >= len(words) - 1
    assert "\u202e" not in heard("case", "show", reference).out


def test_a_letter_that_came_back_is_shown_as_such(heard: Heard) -> None:
    reference = heard.log("--email", "r.green@family.example")
    ours = asyncio.run(_message_id_of_the_receipt(heard, reference))
    bounce = (PROJECT / "tests/letters/bounce_dsn.eml").read_bytes()
    bounce = bounce.replace(b"<receipt-7f3@anytown.example>", ours.encode())
    (heard.folder / "bounce.eml").write_bytes(bounce.replace(b"dilys.harper@post.example", b"r.green@family.example"))

    result = heard("import-mail", "bounce.eml", "--json").lines[0]

    assert (result["result"], result["reference"]) == ("automatic", reference)
    receipt = next(row for row in heard.show(reference)["outbox"] if row["notice"] == "receipt")
    assert receipt["came_back"] is True
    assert "came back" in heard("case", "show", reference).out


async def _message_id_of_the_receipt(heard: Heard, reference: str) -> str:
    memory = open_memory(database_url(heard.database))
    async with memory.reading() as uow:
        found = next(row.message_id for row in await cases.sent_of(uow, reference) if row.notice == "receipt")
    await memory.close()
    return found


def test_json_of_a_list_is_one_value(heard_here: Heard) -> None:
    heard_here.log()

    assert isinstance(json.loads(heard_here("case", "list", "--json").out), list)
    assert heard_here("case", "list", "--json").out.count("\n") == 1
    assert MONDAY in heard_here("case", "list", "--json").out


def test_what_may_be_recorded_is_listed_recorded_corrected_and_refused_with_its_rule(heard: Heard) -> None:
    """Received on Monday 10 March 2025; an advocate appointed on Friday 14: due on Friday 28."""
    reference = routed(heard)
    now = {row["event"]: row for row in heard("case", "steps", reference, "--json").json}
    assert {"advocate_requested", "s1_reply_sent"} <= now.keys()
    assert "agreed_start" not in now  # stage 1 has run out: what is late stays late
    assert "panel" not in now
    every = {row["event"]: row for row in heard("case", "steps", reference, "--all", "--json").json}
    assert every["panel"]["why_not"].startswith("panel needs stage 3 requested first")
    assert "advocate_requested" in heard("case", "steps", reference).flat

    asked = heard("case", "record", reference, "advocate-requested", "--on", "2025-03-11", person=OFFICER)
    assert (asked.code, asked.out) == (0, "")
    appointed = heard("case", "record", reference, "advocate_appointed", "--on", "2025-03-14", person=OFFICER)
    assert (appointed.code, appointed.out) == (0, "")
    assert {clock["clock"]: clock["due"] for clock in heard.show(reference)["clocks"]}["s1_response"] == "2025-03-28"

    corrected = heard(
        "case", "correct", reference, "advocate_appointed", "--on", "2025-03-12", "--why", "typed wrong", person=OFFICER
    )
    assert corrected.code == 0, corrected.err
    assert {clock["clock"]: clock["due"] for clock in heard.show(reference)["clocks"]}["s1_response"] == "2025-03-26"

    before = everything(heard)
    for words, said in (
        (("case", "record", reference, "extended", "--why", "busy"), "has no clock that extended"),
        (("case", "record", reference, "party"), "'party' is no event"),
        (("case", "record", reference, "panel", "--on", "2025-03-20"), "needs stage 3 requested first"),
        (("case", "record", reference, "terms_letter", "--on", "20 March"), "is not a date"),
        (("case", "correct", reference, "received"), "Give the true day with --on, or say --never"),
    ):
        refused = heard(*words, person=OFFICER)
        assert refused.code in (1, 2)
        assert said in refused.flat
    assert everything(heard) == before


def test_a_letter_that_came_in_pieces_is_put_together_once_all_are_there(heard: Heard) -> None:
    around = "From: {}\nSubject: Visits\nContent-Type: message/partial; id=w@f.example; number={}; total=2\n\n"
    within = "Subject: Visits\nContent-Type: text/plain\n\nNobody came, and\n"
    first, second = (around.format("mum@family.example", number) for number in (1, 2))
    (heard.folder / "one.eml").write_text(first + within)
    (heard.folder / "two.eml").write_text(second + "nobody rang.\n")
    reference = heard("import-mail", "one.eml", "--json").lines[0]["reference"]

    refused = heard("case", "original", reference, "--whole")
    heard("import-mail", "two.eml")

    assert (refused.code, refused.raw) == (1, b"")
    assert "not on the case" in refused.err
    assert heard("case", "original", reference, "2", "--whole").raw.endswith(b"\n\nNobody came, and\nnobody rang.\n")
