"""What the Monday digest says, worked out by hand. Monday is 15 June 2026; its week is 8 to 14 June.

Answers to statutory complaints are due ten working days after receipt; 25 May 2026 is a bank holiday, the rest of May and June
has none after it. Same week last year: 9 to 15 June 2025.
"""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from casework.council import Council, Person, StaffRole
from notifications.digest.decisions import ToDecide
from notifications.digest.figures import (
    Digest,
    Records,
    Safety,
    ServiceState,
    View,
    compile_digest,
    late_on,
    view_of,
    weigh,
)
from notifications.digest.passages import Passage
from notifications.on_desk import CaseOnDesk, Standings
from notifications.rendering import Rendered, render
from procedures.terms import Channel, Event, Kind, Notice, Outcome, Role
from storage.tables import TaskKind
from tests.mouth import pages
from tests.mouth.offices import COUNCIL, DIRECTOR, HEAD, MANAGER, OFFICE, OFFICER, OWNER, case

MONDAY = date(2026, 6, 15)
ALL = View(None)


def passage(reference: str, received: date, **more: Any) -> Passage:
    plain: dict[str, Any] = {"kind": Kind.COMPLAINT, "raised_by": Role.PARENT, "team": "Team North", "outcome": None}
    return Passage(reference, received=received, **{**plain, **more})


def on_desk(reference: str, received: date, **more: Any) -> tuple[Passage, CaseOnDesk]:
    """The same open case as both queries give it."""
    team, extra = more.pop("team", "Team North"), dict(more)
    return passage(reference, received, team=team), case(reference, received, team=team, **extra)


def compiled(
    *cases: tuple[Passage, CaseOnDesk],
    today: date = MONDAY,
    view: View = ALL,
    others: tuple[Passage, ...] = (),
    **more: Any,
) -> Digest:
    desk = [one for _, one in cases]
    now = Standings(OFFICE, today)
    late_before = late_on(desk, Standings(OFFICE, today - timedelta(days=7)), now)
    records = Records([*(one for one, _ in cases), *others], weigh(desk, now), late_before, **more)
    return compile_digest(records, OFFICE, today, view)


def mail(digest: Digest, council: Council = COUNCIL) -> Rendered:
    return render(Notice.DIGEST, Channel.EMAIL, "en", digest.facts, council)


def section(text: str, heading: str) -> list[str]:
    """The lines under a heading."""
    return text.partition(f"\n{heading}\n")[2].partition("\n\n")[0].splitlines()


# Received, due: 28 May to 11 June (2 late on 15 June); 14 May to 29 May (11); 5 June to 19 June; 12 June to 26 June
TWO_LATE = on_desk("4HX-C9Y-2RM8", date(2026, 5, 28), team="Leaving Care")
ELEVEN_LATE = on_desk("K7M-W92-RXH4", date(2026, 5, 14))
DUE_FRIDAY = on_desk("8RC-2HK-47XW", date(2026, 6, 5))
DUE_LATER = on_desk("9FM-3KC-88RX", date(2026, 6, 12))
FOUR = (TWO_LATE, ELEVEN_LATE, DUE_FRIDAY, DUE_LATER)


def test_late_comes_first_and_the_oldest_of_it_first() -> None:
    digest = compiled(*FOUR)

    assert [(duty.reference, duty.days, duty.due_on) for duty in digest.late] == [
        ("K7M-W92-RXH4", 11, date(2026, 5, 29)),
        ("4HX-C9Y-2RM8", 2, date(2026, 6, 11)),
    ]
    assert [(duty.reference, duty.due_on) for duty in digest.due] == [("8RC-2HK-47XW", date(2026, 6, 19))]
    assert (digest.late_last_week, digest.on_track) == (1, 1)


def test_the_story_says_in_one_line_how_it_stands() -> None:
    said = mail(compiled(*FOUR))

    assert said.subject == "Your Say, week to Sun 14 Jun: 2 late, 1 due this week, 0 thank-yous"
    assert section(said.text, "THE WEEK IN ONE LINE") == [
        "2 complaints are late (1 last week).",
        "The oldest is 11 days late in Team North.",
        "1 is due this week on Fri 19 Jun.",
    ]


def test_with_nothing_late_the_first_line_says_so_and_no_empty_table_is_shown() -> None:
    said = mail(compiled(DUE_LATER))

    assert said.subject.startswith("Your Say, week to Sun 14 Jun: nothing late, 0 due this week")
    assert section(said.text, "THE WEEK IN ONE LINE") == ["Nothing is late (0 last week).", "Nothing is due this week."]
    assert section(said.text, "TODAY") == ["# Late            0", "^ Due this week   0", "+ On track        1"]
    assert "LATE" not in said.text and "DUE THIS WEEK" not in said.text and "THANK-YOUS" not in said.text
    assert section(said.text, "CHANGED SINCE LAST WEEK") == ["Nothing."]


def test_what_is_wrong_stands_before_the_numbers_and_the_numbers_before_the_rest() -> None:
    text = mail(compiled(*FOUR, view=View(None, safety=True, service=True), service=ServiceState())).text
    order = ["THE WEEK IN ONE LINE", "TODAY", "LATE (", "DUE THIS WEEK", "The numbers", "CHANGED", "SAFETY", "THE SERVICE ITSELF"]

    places = [text.index(f"\n{heading}") for heading in order]

    assert places == sorted(places)
    assert section(text, "TODAY") == ["# Late            2", "^ Due this week   1", "+ On track        1"]


def test_a_line_names_the_case_the_team_what_is_owed_and_the_days() -> None:
    unacknowledged = replace(DUE_FRIDAY[1], events={Event.RECEIVED: date(2026, 6, 5)})  # 8, 9, 10, 11, 12 June

    lines = section(mail(compiled(TWO_LATE, (DUE_FRIDAY[0], unacknowledged), ELEVEN_LATE)).text, "LATE (oldest first)")

    assert [re.split(r"\s{2,}", line) for line in lines[1:]] == [
        ["# K7M-W92-RXH4", "Team North", "Stage 1 answer", "11 days late"],
        ["# 4HX-C9Y-2RM8", "Leaving Care", "Stage 1 answer", "2 days late"],
        ["# 8RC-2HK-47XW", "Team North", "Acknowledge", "1 day late"],
    ]


def test_an_answered_case_is_not_late_for_its_acknowledgement() -> None:
    answered = replace(ELEVEN_LATE[1], events={Event.RECEIVED: date(2026, 5, 14), Event.S1_REPLY_SENT: date(2026, 6, 1)})

    digest = compiled((ELEVEN_LATE[0]._replace(answered=date(2026, 6, 1)), answered))

    assert digest.late == () and digest.weeks[0].open == 0 and digest.on_track == 0


def test_what_is_open_is_late_due_or_on_track_and_nothing_is_counted_twice() -> None:
    digest = compiled(*FOUR)

    assert digest.weeks[0].open == len(digest.late) + len(digest.due) + digest.on_track == 4


@pytest.mark.parametrize(
    ("today", "week_to"),
    [
        (date(2026, 6, 15), date(2026, 6, 14)),
        (date(2026, 6, 17), date(2026, 6, 14)),
        (date(2026, 6, 21), date(2026, 6, 14)),
        (date(2026, 6, 22), date(2026, 6, 21)),
    ],
)
def test_on_any_day_the_week_is_the_one_that_ended_last(today: date, week_to: date) -> None:
    assert compiled(DUE_LATER, today=today).week_to == week_to


ANSWERED = (
    # 28 May to 11 June is 10 working days, 12 June 11; 14 May to 12 June 20 (25 May left out), 13 May to 12 June 21
    passage("A", date(2026, 5, 28), answered=date(2026, 6, 11)),
    passage("B", date(2026, 5, 28), answered=date(2026, 6, 12)),
    passage("C", date(2026, 5, 14), answered=date(2026, 6, 12)),
    passage("D", date(2026, 5, 13), answered=date(2026, 6, 12)),
    passage("E", date(2026, 5, 13), answered=date(2026, 6, 15)),  # this Monday: next week's
    passage("F", date(2026, 5, 13), answered=date(2026, 6, 7)),  # last week
)


def test_how_soon_answers_came_is_counted_in_working_days_from_receipt() -> None:
    this, last, _ = compiled(others=ANSWERED).weeks

    assert (this.answered, this.in_10, this.in_20) == (4, 1, 3)
    assert (last.answered, last.in_10, last.in_20) == (1, 0, 1)


def test_new_ones_are_counted_in_their_week_this_year_and_last() -> None:
    new = [
        passage("a", date(2026, 6, 8), raised_by=Role.CHILD),
        passage("b", date(2026, 6, 14), raised_by=Role.CARE_LEAVER),
        passage("c", date(2026, 6, 15)),
        passage("d", date(2026, 6, 7)),
        passage("e", date(2025, 6, 9), raised_by=Role.CHILD),
        passage("f", date(2025, 6, 15), raised_by=Role.CHILD, closed=date(2025, 6, 17)),
        passage("g", date(2025, 6, 16)),
        passage("h", date(2025, 6, 8), withdrawn=date(2025, 6, 16)),
        passage("i", date(2026, 6, 9), kind=Kind.COMPLIMENT),
        passage("j", date(2026, 6, 9), kind=Kind.ENQUIRY),
    ]

    this, last, year = compiled(others=tuple(new)).weeks

    assert (this.new, this.young, this.thanks) == (2, 2, 1)
    assert (last.new, year.new, year.young) == (1, 2, 2)
    assert (this.open, last.open, year.open) == (6, 4, 3)  # e, f, g were open on 16 June 2025; e and g still are


def test_what_waits_for_an_answer_is_judged_by_the_stage_it_was_in() -> None:
    through = passage(
        "x",
        date(2026, 1, 5),
        answered=date(2026, 1, 19),
        s2_requested=date(2026, 2, 2),
        s2_answered=date(2026, 3, 9),
        s3_requested=date(2026, 4, 1),
        s3_answered=date(2026, 6, 1),
    )
    days = [(1, 4), (1, 5), (1, 18), (1, 19), (2, 2), (3, 8), (3, 9), (4, 1), (5, 31), (6, 1)]

    assert [through.is_open(date(2026, month, day)) for month, day in days] == [
        False, True, True, False, True, True, False, True, True, False,
    ]  # fmt: skip


def test_few_are_counts_and_many_have_their_percentage_beside_the_count() -> None:
    few = mail(compiled(others=ANSWERED)).text
    many = mail(compiled(others=tuple(ANSWERED[n % 4]._replace(reference=str(n)) for n in range(11)))).text

    assert re.search(r"in 10 days +1 of 4 +0 of 1 +0\n", few) and "%" not in few
    assert re.search(r"in 10 days +3 of 11 \(27%\) ", many) and re.search(r"in 20 days +9 of 11 \(82%\) ", many)


def test_own_voice_is_a_count_and_from_ten_on_a_share() -> None:
    young = [passage(str(n), MONDAY - timedelta(days=3), raised_by=Role.CHILD if n < 4 else Role.PARENT) for n in range(12)]

    assert re.search(r"from young people +4 \(33%\) +0 +0\n", mail(compiled(others=tuple(young))).text)
    assert re.search(r"from young people +4 +0 +0\n", mail(compiled(others=tuple(young[:9]))).text)


def test_what_changed_is_told_in_lines_that_begin_with_their_sign() -> None:
    friday = date(2026, 6, 12)
    moved = (
        passage("a", date(2026, 5, 1), answered=date(2026, 5, 8), s2_requested=friday),
        passage("b", date(2026, 5, 1), answered=date(2026, 5, 8), closed=friday, outcome=Outcome.UPHELD),
        passage("c", date(2026, 5, 1), answered=date(2026, 5, 8), closed=friday, outcome=Outcome.NOT_UPHELD),
        passage("d", date(2026, 5, 1), answered=date(2026, 5, 8), closed=friday),
        passage("e", date(2026, 5, 1), withdrawn=friday, closed=friday),
        passage("f", date(2026, 5, 1), answered=date(2026, 5, 8), closed=MONDAY, outcome=Outcome.UPHELD),
        passage("g", friday, kind=Kind.COMPLIMENT, closed=friday),
    )

    said = mail(compiled(others=moved, corrected=("a", "elsewhere"))).text

    assert section(said, "CHANGED SINCE LAST WEEK") == [
        "+ 1 went to step 2",
        "- 3 finished (1 right, 1 not)",
        "- 1 stopped by the person",
        "= 1 date was corrected",
    ]
    assert section(said, "THANK-YOUS") == ["Team North 1"]


def test_thanks_are_counted_by_team_most_first() -> None:
    thanks = [("Duty", 9), ("Team North", 10), ("Team North", 11), ("", 12)]

    said = mail(compiled(others=tuple(passage(str(d), date(2026, 6, d), team=t, kind=Kind.COMPLIMENT) for t, d in thanks)))

    assert section(said.text, "THANK-YOUS") == ["Team North 2, no team 1, Duty 1"]
    assert said.subject.endswith("4 thank-yous")


# Slices


def test_each_role_has_its_slice() -> None:
    all_of_it = View(None, safety=True, service=True)

    assert view_of(OFFICER, COUNCIL) == all_of_it
    assert view_of(HEAD, COUNCIL) == View(None, safety=True)
    assert view_of(replace(HEAD, team="Duty"), COUNCIL) == View(frozenset({"Duty"}))
    assert view_of(DIRECTOR, COUNCIL) == View(None, lines_from=10, due_lines=False, safety=True)
    assert view_of(MANAGER, COUNCIL) == View(frozenset({"Team North"}))
    assert view_of(OWNER, COUNCIL) == View(frozenset({"Duty"}))
    assert view_of(Person("new@council.example", "New", StaffRole.MANAGER), COUNCIL) is None


def test_a_manager_sees_their_team_and_nothing_of_safety() -> None:
    records: dict[str, Any] = {"safety": Safety(2, 1, 1), "service": ServiceState(quarantined=3)}
    thanks = passage("t", date(2026, 6, 9), team="Leaving Care", kind=Kind.COMPLIMENT)

    said = mail(compiled(*FOUR, view=View(frozenset({"Leaving Care"})), others=(thanks,), **records))

    assert said.text.startswith("Week to Sunday 14 June: Leaving Care\n")
    assert "4HX-C9Y-2RM8" in said.text and "Leaving Care 1" in said.text
    assert "Team North" not in said.text and "K7M" not in said.text
    assert "1 complaint is late (0 last week)." in said.text
    assert "SAFETY" not in said.text and "SERVICE" not in said.text


def test_a_director_has_no_case_line_below_ten_days_late() -> None:
    view = View(None, lines_from=10, due_lines=False, safety=True)

    both, one = mail(compiled(*FOUR, view=view)).text, mail(compiled(TWO_LATE, DUE_FRIDAY, view=view)).text

    assert "K7M-W92-RXH4" in both and "4HX" not in both and "8RC" not in both
    assert "2 complaints are late" in both
    assert section(one, "LATE (oldest first)") == ["None is 10 days late or more."]
    assert "1 complaint is late (0 last week).\nIt is 2 days late in Leaving Care." in one


def test_safety_and_the_state_of_the_service_are_counts() -> None:
    service = ServiceState(2, ("mailbox",), 1, 0, date(2026, 9, 1))

    text = mail(compiled(view=View(None, safety=True, service=True), safety=Safety(2, 1, 3), service=service)).text
    calm = mail(compiled(view=View(None, safety=True, service=True), safety=Safety(2, 2, 0), service=ServiceState())).text

    assert section(text, "THE WEEK IN ONE LINE")[-2:] == ["3 safety alerts are still open.", "The service itself needs a look."]
    assert "still open" not in calm and "needs a look" not in calm
    assert section(text, "SAFETY") == ["2 alerts this week, 1 dealt with.", "# 3 alerts are open in all: heard tasks list"]
    assert section(text, "THE SERVICE ITSELF") == [
        "# Silent: mailbox. Look now: heard health",
        "# 2 letters could not be read: heard quarantine list",
        "# 1 message was not delivered this week: heard outbox list",
        "# Bank holidays are known until 1 September 2026 only: install a newer release",
    ]
    assert section(calm, "SAFETY") == ["2 alerts this week, all dealt with."]
    assert section(calm, "THE SERVICE ITSELF") == ["Every door and loop is turning."]


def test_a_long_list_ends_with_a_number_and_a_command() -> None:
    late = [on_desk(f"CASE-{n:03}", date(2026, 5, 14)) for n in range(40)]

    said = mail(compiled(*late))

    assert len(re.findall(r"# CASE-", said.text)) == 30 and "and 10 more: heard case list" in said.text
    assert said.html and len(said.html) < 102_000


# Both readings


def test_the_html_says_the_same_as_the_text_in_the_same_order_as_tables_with_captions() -> None:
    full = View(None, safety=True, service=True)
    thanks = passage("t", date(2026, 6, 9), kind=Kind.COMPLIMENT)
    service = ServiceState(2, ("mailbox", "telegram"), 1, 1, date(2026, 9, 1))
    for digest in (
        compiled(*FOUR, view=full, others=(*ANSWERED, thanks), safety=Safety(2, 1, 3), service=service, corrected=("t",)),
        compiled(DUE_LATER, view=full, safety=Safety(0, 0, 0), service=ServiceState()),
        compiled(TWO_LATE, view=View(None, lines_from=10)),
    ):
        said = mail(digest)
        assert said.html is not None
        page = pages.read(said.html)

        assert page.text.casefold().split() == said.text.casefold().split()
        assert len(page.named("h1")) == 1 and page.named("html")[0]["lang"] == "en" and page.title == said.subject
        data = [table for table in page.named("table") if table.get("role") != "presentation"]
        assert len(data) == len(page.named("caption")) and all(cell.get("scope") in ("col", "row") for cell in page.named("th"))
        assert not re.search(r"#[0-9a-f]{6}", " ".join(value for _, given in page.tags for value in given.values()))


def test_the_team_of_a_stranger_thing_is_shown_as_text() -> None:
    odd = on_desk("4HX-C9Y-2RM8", date(2026, 5, 28), team="</table><script>1. # North")

    said = mail(compiled(odd))

    assert said.html and "<script" not in said.html and "</table><script>1. # North" in said.text


def test_an_officer_reads_what_waits_to_be_decided_and_nobody_else_does() -> None:
    waiting = [
        ToDecide("A", TaskKind.FREEZE, is_late=True),
        ToDecide("B", TaskKind.ROUTE_DOUBT, is_late=False),
        ToDecide("C", TaskKind.INTEREST, is_late=True),
    ]
    officers = View(None, safety=True, service=True, without=frozenset({"C"}))
    told = mail(compiled(view=officers, service=ServiceState(), to_decide=waiting))

    assert section(told.text, "TO DECIDE") == [
        "# 1 decision is overdue: heard tasks list",
        "^ 1 route is in doubt: look at the words again",
        "2 wait for an officer.",
    ]
    assert "To decide" in (told.html or "")
    assert "TO DECIDE" not in mail(compiled(view=View(None, safety=True), to_decide=waiting)).text
