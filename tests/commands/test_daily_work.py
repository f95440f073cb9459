"""The daily work on the command line: a case to read, log by hand, calls, advocates, cover, the pool, plans, equality."""

import json
import re

import pytest

from tests.commands.hearing import CHECKED, MANAGER, MONDAY, OFFICER, PEOPLE, SETTINGS, Heard, the_day
from tests.commands.test_on_the_screen import on_a_terminal

SCAN = b"%PDF-1.4 a scan \x00\xff"


def done(heard: Heard, *words: str, person: str = OFFICER) -> str:
    said = heard(*words, person=person)
    assert said.code == 0, said.err
    return said.out.strip() or said.err


def answered(heard: Heard, *words: str) -> str:
    reference = heard.log("--email", "r.green@family.example", "--from", "parent", *words)
    done(heard, "case", "route", reference, "statutory", "--why", "a looked-after child")
    done(heard, "case", "respond", reference, "--words", "We are sorry.", *CHECKED)
    return reference


# A case to read


def test_a_case_is_read_from_what_was_said_to_what_happened(heard_here: Heard) -> None:
    """Received on Monday 10 March 2025: due on Monday 24 March."""
    reference = heard_here.log("--email", "r.green@family.example", "--name", "R Green", said="He was moved.\nNobody told us.")
    done(heard_here, "case", "route", reference, "statutory", "--why", "a looked-after child")
    done(heard_here, "case", "assign", reference, MANAGER)

    page = done(heard_here, "case", reference)  # a reference alone shows it

    heads = ["What was said", "What is asked for", "What must happen next", "Who is on it", "Why it was read so", "What happened"]
    assert [page.index(f"\n{head}\n") for head in heads] == sorted(page.index(f"\n{head}\n") for head in heads)
    assert "Mon 10 Mar 2025, no hour noted by letter, taken down by Ravi Shah\nHe was moved.\nNobody told us." in page
    assert re.search(r"# Stage 1 answer: by Mon 24 Mar 2025, \d+ working days late\.", page)
    assert "SI 2006/1738, reg. 14" in page
    assert "With: Jo Field, Team North." in page
    assert "Route: undecided to statutory: a looked-after child (Ravi Shah; put on record on" not in page
    assert "Route: undecided to statutory: a looked-after child (Ravi Shah)" in page

    shown = heard_here.show(reference)
    step = next(one for one in shown["next"] if one["clock"] == "s1_response")
    assert (step["what"], step["due"], step["how"], step["task"]) == ("Stage 1 answer", "2025-03-24", "late", None)
    assert step["authority"].startswith("SI 2006/1738, reg. 14")
    assert {"what", "words", "who", "on", "recorded_on", "stands"} == set(shown["history"][0])
    assert {"next", "history", "wanted", "enquiry", "calls", "flags", "staff", "kept_from", "owner_name"} <= set(shown)


def test_what_they_need_stands_at_the_top_of_the_case_until_it_is_ended(heard_here: Heard) -> None:
    reference = heard_here.log()
    need = ("case", "need")
    said = done(heard_here, *need, "add", reference, "interpreter", "--words", "Kurmanji", "--for", "her mum", person=MANAGER)
    assert said.strip() == f"Number 1 on {reference}: they need interpreter: Kurmanji (her mum)."
    done(heard_here, *need, "add", reference, "easy_read")

    assert (
        "They need: interpreter: Kurmanji (her mum); easy read." in done(heard_here, "case", "show", reference).splitlines()[:8]
    )
    shown = heard_here.show(reference)["needs"]
    assert [(one["number"], one["need"], one["words"], one["recorded_by"]) for one in shown] == [
        (1, "interpreter", "Kurmanji", MANAGER),
        (2, "easy_read", None, OFFICER),
    ]

    refused = heard_here(*need, "end", reference, "1", person=OFFICER)
    assert refused.code and "Say why it is needed no more" in refused.flat
    done(heard_here, *need, "end", reference, "1", "--why", "she learned English, she says")
    listed, every = done(heard_here, *need, "list", reference), done(heard_here, *need, "list", reference, "--all")
    assert "Kurmanji" not in listed and "easy read" in listed
    assert "she learned English, she says" in every
    assert [one["ended_why"] for one in json.loads(done(heard_here, *need, "list", reference, "--all", "--json"))] == [
        "she learned English, she says",
        None,
    ]
    assert heard_here.show(reference)["flags"] == ["They need: easy read."]


def test_what_was_corrected_is_still_there_and_marked(heard_here: Heard) -> None:
    reference = heard_here.log()
    done(heard_here, "case", "correct", reference, "received", "--on", "2025-03-07", "--why", "the stamp says so")

    page = done(heard_here, "case", "show", reference)

    assert "Received (Ravi Shah; put on record on" in page
    assert "No longer stands." in page
    assert "corrected from 2025-03-10: the stamp says so" in page


def test_on_a_terminal_without_colours_a_page_keeps_within_80_columns_and_says_what_is_late(heard_here: Heard) -> None:
    reference = heard_here.log("--name", "R Green", said="He was moved and nobody told us. " * 8)
    done(heard_here, "case", "route", reference, "statutory", "--why", "a looked-after child")

    plain = on_a_terminal(heard_here, "case", reference, NO_COLOR="1")

    assert max(map(len, plain)) <= 80
    assert any(line.startswith("  # Stage 1 answer: by Mon 24 Mar 2025") for line in plain)


def test_the_list_says_in_words_what_is_due_first(heard_here: Heard) -> None:
    late = heard_here.log()
    soon = heard_here.log(received=str(the_day()))
    done(heard_here, "case", "assign", late, MANAGER)

    first, second, *_, last = done(heard_here, "case", "list").splitlines()[1:]

    assert re.match(rf"# late by \d+ +{late} +2025-03-", first)
    assert "(route not confirmed)" in first
    assert first.endswith("Jo Field")
    assert re.match(rf"\^ in \d days? +{soon} ", second)
    assert second.endswith("nobody yet")
    assert last == "2 cases: 1 late, 1 due within 5 working days. 1 of them is with nobody yet."


# Log by hand


@pytest.mark.parametrize(
    ("by", "channel", "means", "form"),
    [
        ("visit", "in_person", "visit", "oral"),
        ("web_form", "web", "web_form", "written"),
        ("social_media", "web", "social_media", "written"),
        ("phone", "phone", "phone", "oral"),
        ("email", "email", "email", "written"),
    ],
)
def test_whatever_way_it_came_it_is_a_case_with_the_same_clocks(
    heard_here: Heard, by: str, channel: str, means: str, form: str
) -> None:
    reference = done(heard_here, "log", "--by", by, "--words", "Nobody calls.", "--received", "2025-03-10T16:20")

    shown = heard_here.show(reference)

    assert (shown["messages"][0]["channel"], shown["messages"][0]["means"], shown["form"]) == (channel, means, form)
    assert (shown["messages"][0]["hour_known"], shown["messages"][0]["taken_by"]) == (True, "Ravi Shah")
    assert {clock["clock"]: clock["due"] for clock in shown["clocks"]}["s1_response"] == "2025-03-24"


def test_what_was_handed_over_in_writing_at_a_visit_is_written(heard_here: Heard) -> None:
    reference = done(heard_here, "log", "--by", "visit", "--written", "--words", "Nobody calls.")

    assert heard_here.show(reference)["form"] == "written"


def test_a_scan_is_kept_with_the_words_and_given_back_byte_for_byte(heard_here: Heard) -> None:
    (heard_here.folder / "letter.pdf").write_bytes(SCAN)
    reference = heard_here.log("--file", "letter.pdf")

    [file] = heard_here.show(reference)["messages"][0]["attachments"]
    assert (file["name"], file["media_type"], file["size"]) == ("letter.pdf", "application/pdf", len(SCAN))
    assert heard_here("case", "file", reference, "1", "1").raw == SCAN
    assert heard_here("case", "file", reference, "1", "2").code == 1
    assert heard_here("case", "file", reference, "9").code == 1


def test_files_that_are_too_large_are_refused_and_nothing_is_kept(heard_here: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.intake.FILES_AT_MOST", 3)
    (heard_here.folder / "letter.pdf").write_bytes(SCAN)

    said = heard_here("log", "--by", "letter", "--words", "x", "--file", "letter.pdf", person=OFFICER)

    assert said.code == 1
    assert "Nothing was kept" in said.err
    assert heard_here("case", "list", "--json").json == []


def test_an_enquiry_of_an_mp_runs_on_the_councils_own_number_and_says_what_may_be_told(heard_here: Heard) -> None:
    """Fifteen working days after Monday 10 March 2025: Monday 31 March. As a complaint: ten, Monday 24 March."""
    heard_here.settings["HEARD_COUNCIL_OWN_CLOCKS"] = "member_enquiry.member_response = 15"
    words = ("--mp", "Dee Clay MP", "--for", "R Green", "--email", "dee@parliament.example")
    reference = heard_here.log(*words, said="My constituent has had no visit since May.")

    shown = heard_here.show(reference)
    assert (shown["kind"], shown["procedure"], shown["due"]) == ("enquiry", None, "2025-03-31")
    assert shown["enquiry"] == {"member": "mp", "name": "Dee Clay MP", "constituent": "R Green", "has_consent": False}
    assert "MP Dee Clay MP asks for R Green; no consent was seen" in done(heard_here, "case", reference)

    done(heard_here, "case", "kind", reference, "complaint", "--why", "she wants to complain")
    done(heard_here, "case", "route", reference, "statutory", "--why", "a looked-after child")
    turned = heard_here.show(reference)
    assert (turned["kind"], turned["received_at"][:10], turned["procedure"]) == ("complaint", MONDAY, "statutory")
    assert {clock["clock"]: clock["due"] for clock in turned["clocks"]}["s1_response"] == "2025-03-24"


@pytest.mark.parametrize("words", [("--mp", "A", "--councillor", "B"), ("--for", "R Green"), ("--consent-seen",)])
def test_an_enquiry_has_one_member(heard_here: Heard, words: tuple[str, ...]) -> None:
    assert heard_here("log", "--by", "email", "--words", "x", *words, person=OFFICER).code == 2
    assert heard_here("case", "list", "--json").json == []


# Calls


def test_a_call_is_noted_with_what_was_agreed_and_a_missed_one_is_a_task(heard_here: Heard) -> None:
    reference = heard_here.log("--phone", "01632 960 111")
    missed = heard_here("case", "call", reference, "--outcome", "no_answer", person=OFFICER)
    assert (missed.code, missed.out) == (0, "")
    assert "To be called again on" in missed.err
    assert "call_back" in [task["kind"] for task in heard_here("tasks", "list", "--json").json]

    spoke = ("--outcome", "spoke", "--with", "R Green", "--agreed", "a letter by Friday", "--by", "video")
    done(heard_here, "case", "call", reference, *spoke, person=MANAGER)

    shown = heard_here.show(reference)
    assert [(call["outcome"], call["who"], call["agreed"]) for call in shown["calls"]] == [
        ("no_answer", "Ravi Shah", None),
        ("spoke", "Jo Field", "a letter by Friday"),
    ]
    assert "Video call: spoke; R Green; a letter by Friday (Jo Field)" in done(heard_here, "case", reference)
    assert "call_back" not in [task["kind"] for task in heard_here("tasks", "list", "--json").json]
    assert heard_here("case", "call", reference, "--outcome", "spoke", person=OFFICER).code == 1
    assert heard_here("case", "call", reference, "--outcome", "spoke", "--at", "noon", person=OFFICER).code == 2


# Advocates, equality, cover, pool, plans


def test_the_advocacy_log_shows_who_waits(heard_here: Heard) -> None:
    reference = heard_here.log("--from", "child")
    done(heard_here, "advocacy", "offer", reference, "--answer", "accepted", "--on", "2025-03-11")

    [line] = heard_here("advocacy", "list", "--alarms", "--json").json
    assert (line["reference"], line["asked_on"], line["alarm"]) == (reference, "2025-03-11", True)
    assert f"# alarm  {reference}" in done(heard_here, "advocacy", "list")
    done(heard_here, "advocacy", "ask", reference, "--provider", "Coram Voice")
    appointed = done(heard_here, "advocacy", "appoint", reference, "--provider", "Coram Voice", "--on", "2025-03-14")

    assert "3 working days after the request" in appointed
    assert heard_here("advocacy", "list", "--alarms", "--json").json == []
    assert heard_here("advocacy", "offer", reference, "--answer", "perhaps", person=OFFICER).code == 2


def test_equality_answers_are_shown_on_no_case_and_never_in_small_numbers(heard_here: Heard) -> None:
    reference = answered(heard_here)
    before = heard_here.show(reference)
    kept = done(heard_here, "equality", "keep", reference, "--answer", "age=16 to 17", "--answer", "disability=yes")

    assert "2 answers kept" in kept
    assert heard_here.show(reference) == before
    year = the_day().year if the_day().month >= 4 else the_day().year - 1
    assert heard_here("equality", "figures", "--year", str(year), "--json").json["disability"] == {
        "yes": None,
        "no": 0,
        "prefer not to say": 0,
    }
    assert "hidden" in done(heard_here, "equality", "figures", "--year", str(year))
    assert "1 answer kept" in done(heard_here, "equality", "keep", "--answer", "sex=female")  # who rang without a name
    assert heard_here("equality", "figures", "--year", str(year), "--json").json["sex"]["female"] is None
    assert "16 to 17" in done(heard_here, "equality", "questions")
    assert heard_here("equality", "keep", reference, "--answer", "shoe=44", person=OFFICER).code == 2
    assert heard_here("equality", "keep", reference, person=OFFICER).code == 1


def test_who_is_away_hands_over_and_the_deputy_is_named(heard_here: Heard) -> None:
    other = {"address": "second@anytown.example", "name": "Ann Bell", "role": "officer"}
    heard_here.settings = {**SETTINGS, "HEARD_PEOPLE": json.dumps([*PEOPLE, other])}
    reference = heard_here.log()
    done(heard_here, "case", "assign", reference, OFFICER)
    days = ("--from", str(the_day()), "--until", str(the_day(5)))

    refused = heard_here("cover", "add", OFFICER, "--deputy", MANAGER, *days, person=OFFICER)
    done(heard_here, "cover", "add", OFFICER, "--deputy", other["address"], *days)

    assert (refused.code, "is no complaints officer" in refused.err) == (1, True)
    assert [one["deputy"] for one in heard_here("cover", "list", "--json").json] == [other["address"]]
    assert [one["reference"] for one in heard_here("cover", "handover", OFFICER, "--json").json] == [reference]
    done(heard_here, "cover", "end", OFFICER)
    assert heard_here("cover", "list", "--json").json == []
    assert heard_here("cover", "handover", MANAGER).code == 1


def test_the_pool_appoints_counts_and_refuses_an_employee(heard_here: Heard) -> None:
    reference = answered(heard_here)
    done(heard_here, "case", "record", reference, "s2_requested")
    employee = heard_here("pool", "add", "E", "--role", "independent_person", "--email", MANAGER, person=OFFICER)
    assert (employee.code, "SI 2006/1738, reg. 2 and 17(2)" in employee.err) == (1, True)

    checked = ("--checked-on", str(the_day(-30)), "--hourly", "35.50")
    done(heard_here, "pool", "add", "P Person", "--role", "independent_person", *checked)
    [person] = heard_here("pool", "list", "--json").json
    number = str(person["number"])
    done(heard_here, "pool", "appoint", number, reference, "--role", "independent_person", "--declared", "knows nobody of it")
    assert "ip_appointed" in [event["event"] for event in heard_here.show(reference)["events"]]
    [appointment] = heard_here("pool", "list", "--json").json[0]["appointments"]
    of_it = str(appointment["appointment"])
    done(heard_here, "pool", "hours", of_it, "--time", "6:30", "--expenses", "12.40")

    [cost] = heard_here("pool", "costs", "--json").json
    assert (cost["reference"], cost["minutes"], cost["cost_pence"]) == (reference, 390, 24315)
    assert "£243.15" in done(heard_here, "pool", "costs")
    assert reference in done(heard_here, "pool", "list")
    done(heard_here, "pool", "check", number, "--on", str(the_day()))
    done(heard_here, "pool", "leave", of_it, "--why", "has moved away")
    assert heard_here("pool", "list", "--json").json[0]["appointments"][0]["ended_on"] == str(the_day())
    for wrong in (("--time", "6.5"), ("--expenses", "twelve")):
        assert heard_here("pool", "hours", of_it, *wrong, person=OFFICER).code == 2


def test_a_behaviour_plan_is_warned_of_begun_reviewed_and_counted(heard_here: Heard) -> None:
    reference = heard_here.log("--from", "parent")
    done(heard_here, "plan", "warn", reference, "--why", "threats by telephone", "--on", str(the_day(-10)))
    letter = ("--contact", OFFICER, "--letter-on", str(the_day()))
    done(heard_here, "plan", "begin", "1", "--limits", "calls on Tuesdays", *letter)

    [plan] = heard_here("plan", "list", "--from", str(the_day()), "--json").json
    assert (plan["plan"], plan["reference"], plan["contact"]) == (1, reference, OFFICER)
    assert "plan_review" in [task["kind"] for task in heard_here("tasks", "list", "--json").json]
    assert "1 in force." in heard_here("plan", "list", "--from", str(the_day())).err
    assert "goes on" in done(heard_here, "plan", "review", "1", "--why", "still needed")
    assert "ends" in done(heard_here, "plan", "review", "1", "--end", "--why", "quiet")

    of_a_child = heard_here.log("--from", "child")
    refused = heard_here("plan", "warn", of_a_child, "--why", "shouted", person=OFFICER)
    assert (refused.code, "no behaviour plan for a child" in refused.err) == (1, True)


def test_a_plan_says_whether_a_letter_leaves_and_takes_no_half_an_order(heard_here: Heard) -> None:
    reference = heard_here.log("--from", "parent", "--email", "mum@family.example")
    why = ("--why", "You shouted at Ada.")
    empty = heard_here("plan", "warn", reference, *why, "--asks", "", person=OFFICER)
    assert (empty.code, "says what you ask of them" in empty.err) == (1, True)
    assert heard_here("plan", "list", "--json").json == []

    assert "No letter was sent." in done(heard_here, "plan", "warn", reference, *why, "--on", str(the_day(-10)))
    assert "A letter is queued for 1 reader." in done(
        heard_here, "plan", "warn", reference, *why, "--asks", "Please do not shout."
    )
    begins = ("plan", "begin", "1", "--limits", "calls on Tuesdays", "--contact", OFFICER, "--send")
    both = heard_here(*begins, "--letter-on", str(the_day(-1)), person=OFFICER)
    assert (both.code, "Give --send or --letter-on, not both" in both.err) == (1, True)
    assert "A letter is queued for 1 reader." in done(heard_here, *begins)
    assert "No letter was sent." in done(heard_here, "plan", "review", "1", "--why", "still needed")
    assert "A letter is queued for 1 reader." in done(heard_here, "plan", "review", "1", "--end", "--why", "quiet", "--send")
