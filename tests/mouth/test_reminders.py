"""Who is told what on which morning. Every date was counted by hand on the calendar of England.

The case of `offices.case` came on Thursday 19 March 2026: 20, 23, 24, 25, 26, 27, 30, 31 March, 1, 2 April make its answer
due on Thursday 2 April. Good Friday is 3 April, Easter Monday 6 April.
"""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from casework.council import Person, StaffRole
from notifications.ladder import rungs_on_the_way, rungs_until
from notifications.on_desk import CaseOnDesk
from notifications.reminders import Bundle, Told, as_text, plan_reminders
from procedures.clocks import Deadline
from procedures.rulebook import shipped_rulebook
from procedures.terms import Event, Kind, Procedure
from procedures.working_days import WorkingCalendar
from storage.tables import TaskKind, TaskRow
from tests.mouth.offices import COUNCIL, DIRECTOR, HEAD, MANAGER, OFFICE, OFFICER, OWNER, REFERENCE, at, case

DUE = date(2026, 4, 2)


def plan(today: date, *cases: CaseOnDesk, tasks: tuple[TaskRow, ...] = (), told: set[Told] | None = None) -> dict[str, Bundle]:
    bundles = plan_reminders(cases or (case(),), tasks, told or set(), OFFICE, today)
    assert len({bundle.person.address for bundle in bundles}) == len(bundles), "one bundle a person"
    return {bundle.person.address: bundle for bundle in bundles}


def who(today: date, *cases: CaseOnDesk) -> set[str]:
    return set(plan(today, *cases))


def task(kind: TaskKind, due: date, reference: str | None = REFERENCE) -> TaskRow:
    return TaskRow(
        key=f"{kind}:{due}", kind=kind, case_reference=reference, made_at=at(due), due_at=at(due, 17), detail="Sam said so"
    )


@pytest.mark.parametrize(
    ("today", "rungs"),
    [
        (date(2026, 3, 30), ()),
        (date(2026, 3, 31), ("T-2",)),  # Tuesday: 1 and 2 April are left
        (date(2026, 4, 1), ("T-2",)),
        (date(2026, 4, 2), ("T-2", "due")),
        (date(2026, 4, 7), ("T-2", "due", "+1")),  # Tuesday after Easter
        (date(2026, 4, 8), ("T-2", "due", "+1")),
        (date(2026, 4, 9), ("T-2", "due", "+1", "+3")),
        (date(2026, 4, 13), ("T-2", "due", "+1", "+3", "+5")),
        (date(2026, 4, 17), ("T-2", "due", "+1", "+3", "+5")),
        (date(2026, 4, 20), ("T-2", "due", "+1", "+3", "+5", "+10")),
        (date(2026, 4, 24), ("T-2", "due", "+1", "+3", "+5", "+10")),
        (date(2026, 4, 27), ("T-2", "due", "+1", "+3", "+5", "+15")),
        (date(2026, 5, 5), ("T-2", "due", "+1", "+3", "+5", "+20")),  # 4 May is the early May bank holiday
    ],
)
def test_the_ladder_is_climbed_in_working_days(today: date, rungs: tuple[str, ...]) -> None:
    assert rungs_until(DUE, today, OFFICE.calendar) == rungs


def test_the_ladder_over_christmas() -> None:
    """Due Thursday 24 December 2026: 25 and 28 December and 1 January are not counted, so the first late day is the 29th."""
    due = date(2026, 12, 24)

    assert rungs_until(due, date(2026, 12, 22), OFFICE.calendar)[-1] == "T-2"
    assert rungs_until(due, date(2026, 12, 29), OFFICE.calendar)[-1] == "+1"
    assert rungs_until(due, date(2026, 12, 31), OFFICE.calendar)[-1] == "+3"
    assert rungs_until(due, date(2027, 1, 4), OFFICE.calendar)[-1] == "+3"
    assert rungs_until(due, date(2027, 1, 5), OFFICE.calendar)[-1] == "+5"


def test_a_clock_that_ends_on_a_sunday_is_due_for_staff_on_the_friday() -> None:
    sunday = date(2026, 6, 14)

    assert rungs_until(sunday, date(2026, 6, 9), OFFICE.calendar) == ()
    assert rungs_until(sunday, date(2026, 6, 10), OFFICE.calendar) == ("T-2",)
    assert rungs_until(sunday, date(2026, 6, 12), OFFICE.calendar) == ("T-2", "due")
    assert rungs_until(sunday, date(2026, 6, 15), OFFICE.calendar) == ("T-2", "due", "+1")


@pytest.mark.parametrize(
    ("today", "people"),
    [
        (date(2026, 3, 25), set[Person]()),  # day 4
        (date(2026, 3, 26), {OWNER}),  # day 5, on the way
        (date(2026, 3, 31), {OWNER}),
        (date(2026, 4, 2), {OWNER, OFFICER}),
        (date(2026, 4, 7), {OWNER, OFFICER, MANAGER}),
        (date(2026, 4, 9), {OWNER, OFFICER, MANAGER, HEAD}),
        (date(2026, 4, 13), {OWNER, OFFICER, MANAGER, HEAD}),
    ],
)
def test_each_rung_has_its_hearers_and_the_director_none(today: date, people: set[Person]) -> None:
    assert who(today) == {person.address for person in people}
    assert DIRECTOR.address not in who(today)


def stage_2(**events: date) -> Deadline:
    """Asked for on Monday 24 March 2025: the clock of the answer (V1's way of counting)."""
    known = {Event.RECEIVED: date(2025, 3, 10), Event.S2_REQUESTED: date(2025, 3, 24)}
    known |= {Event(name): day for name, day in events.items()}
    found = OFFICE.rulebook.deadlines(Procedure.STATUTORY, known, OFFICE.calendar)
    return next(one for one in found if one.clock == "s2_response")


def test_stage_2_is_told_of_on_days_10_and_20_and_once_extended_on_days_45_55_and_60() -> None:
    """Good Friday 18 and Easter Monday 21 April, 5 and 26 May do not count: day 25 is Wednesday 30 April, day 65 27 June."""
    first, longer = stage_2(), stage_2(delay_notice=date(2025, 4, 29))

    assert rungs_on_the_way(first, OFFICE.calendar) == (("day 10", date(2025, 4, 7)), ("day 20", date(2025, 4, 23)))
    assert rungs_on_the_way(longer, OFFICE.calendar) == (
        ("day 45", date(2025, 5, 30)),
        ("day 55", date(2025, 6, 13)),
        ("day 60", date(2025, 6, 20)),
    )
    ahead = rungs_on_the_way(longer, OFFICE.calendar)
    assert rungs_until(longer.due_on, date(2025, 6, 25), OFFICE.calendar, ahead) == ("day 45", "day 55", "day 60", "T-2")


@pytest.mark.parametrize(
    ("nation", "clock", "due", "ahead"),
    [
        ("england", "s1_response", date(2025, 3, 24), (("day 5", date(2025, 3, 17)),)),
        ("wales", "s1_discussion", date(2025, 3, 24), (("day 5", date(2025, 3, 17)),)),
        # 28 days; 17 March is a holiday there
        ("northern_ireland", "response", date(2025, 4, 7), (("day 5", date(2025, 3, 18)), ("day 10", date(2025, 3, 25)))),
        ("scotland", "s1_response", date(2025, 3, 14), ()),  # five days have no way to be told of on
    ],
)
def test_the_first_answer_of_each_nation_is_told_of_on_the_days_that_its_file_names_whatever_it_calls_its_clock(
    nation: str, clock: str, due: date, ahead: tuple[tuple[str, date], ...]
) -> None:
    """Received and acknowledged on Monday 10 March 2025."""
    calendar = WorkingCalendar.of(nation)
    known = {Event.RECEIVED: date(2025, 3, 10), Event.ACKNOWLEDGED: date(2025, 3, 10)}
    found = shipped_rulebook().deadlines(Procedure.STATUTORY, known, calendar)
    answer = next(one for one in found if one.rule.answers)

    assert (answer.clock, answer.due_on) == (clock, due)
    assert rungs_on_the_way(answer, calendar) == ahead


def test_the_delay_notice_is_told_of_on_day_24_when_it_must_go_tomorrow() -> None:
    known = {Event.RECEIVED: date(2025, 3, 10), Event.S2_REQUESTED: date(2025, 3, 24)}
    found = OFFICE.rulebook.deadlines(Procedure.STATUTORY, known, OFFICE.calendar)
    notice = next(one for one in found if one.clock == "s2_delay_notice")

    ahead = rungs_on_the_way(notice, OFFICE.calendar)
    assert rungs_until(notice.due_on, date(2025, 4, 30), OFFICE.calendar, ahead) == ("T-2", "day 24", "due")


def test_before_the_day_the_officers_hear_of_a_case_without_an_owner() -> None:
    assert who(date(2026, 3, 31), case(owner="")) == {OFFICER.address}
    assert who(date(2026, 3, 31), case(owner="left@council.example")) == {OFFICER.address}


def test_where_the_settings_name_no_officer_the_duty_address_hears() -> None:
    office = replace(OFFICE, council=replace(COUNCIL, people=()))

    bundles = plan_reminders([case()], (), set(), office, DUE)

    assert [bundle.person.address for bundle in bundles] == ["duty@council.example"]


def test_a_head_of_service_of_another_team_hears_nothing() -> None:
    other = Person("hetty@council.example", "Hetty", StaffRole.HEAD_OF_SERVICE, team="Leaving Care")
    office = replace(OFFICE, council=replace(COUNCIL, people=(*COUNCIL.people, other)))

    addresses = {bundle.person.address for bundle in plan_reminders([case()], (), set(), office, date(2026, 4, 9))}

    assert other.address not in addresses and HEAD.address in addresses


@pytest.mark.parametrize("day", [date(2026, 4, 3), date(2026, 4, 4), date(2026, 4, 5), date(2026, 4, 6)])
def test_nobody_is_written_to_at_easter(day: date) -> None:
    assert plan(day) == {}


def test_a_bundle_says_how_many_working_days_and_what() -> None:
    late = case("4HX-C9Y-2RM8", date(2026, 3, 17))  # due Tuesday 31 March
    today = case("8RC-2HK-47XW")
    soon = case("9FM-3KC-88RX", date(2026, 3, 23))  # due Wednesday 8 April; Tuesday 7 and Wednesday 8 are left

    bundle = plan(DUE, soon, today, late)[OWNER.address]

    assert [(line.reference, line.days, line.due_on) for line in bundle.overdue] == [("4HX-C9Y-2RM8", 2, date(2026, 3, 31))]
    assert [(line.reference, line.days) for line in bundle.due_today] == [("8RC-2HK-47XW", 0)]
    assert [(line.reference, line.days) for line in bundle.due_soon] == [("9FM-3KC-88RX", 2)]
    assert bundle.facts["overdue"] == [
        {
            "reference": "4HX-C9Y-2RM8",
            "clock": "s1_response",
            "stage": 1,
            "days": 2,
            "team": "Team North",
            "due_on": "2026-03-31",
            "what": "",
        }
    ]


def test_of_several_missed_rungs_only_the_latest_is_told_and_the_others_count_as_told() -> None:
    bundle = plan(date(2026, 4, 10))[OFFICER.address]

    assert [(line.days, line.rungs) for line in bundle.overdue] == [(4, ("due", "+1", "+3"))]
    assert [row.rung for row in bundle.told] == ["due", "+1", "+3"]


def test_a_rung_that_was_told_is_not_told_again_until_the_next_one() -> None:
    told = {(row.case_reference, row.clock, row.due_on, row.rung, row.person) for row in plan(DUE)[OWNER.address].told}

    assert OWNER.address in plan(DUE)
    assert OWNER.address not in plan(DUE, told=told)
    assert plan(date(2026, 4, 7), told=told)[OWNER.address].overdue[0].rungs == ("+1",)


def test_a_date_that_moved_has_a_ladder_of_its_own() -> None:
    told = {(row.case_reference, row.clock, row.due_on, row.rung, row.person) for row in plan(DUE)[OWNER.address].told}
    complex_case = case(events={Event.COMPLEX_DECIDED: DUE})  # 20 working days: Monday 20 April

    assert plan(date(2026, 4, 16), complex_case, told=told)[OWNER.address].due_soon[0].due_on == date(2026, 4, 20)


ENDINGS: dict[str, dict[str, Any]] = {
    "answered": {"events": {Event.S1_REPLY_SENT: date(2026, 4, 1)}},
    "answered but never acknowledged": {
        "events": {Event.S1_REPLY_SENT: date(2026, 4, 1), Event.ADVOCATE_REQUESTED: date(2026, 3, 20)},
    },
    "closed": {"events": {Event.CLOSED: date(2026, 4, 1)}},
    "withdrawn": {"events": {Event.WITHDRAWN: date(2026, 4, 1)}},
    "a compliment": {"kind": Kind.COMPLIMENT},
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_has_ended_is_never_chased(ending: str) -> None:
    ended = case(**ENDINGS[ending])
    if "never acknowledged" in ending:
        ended = replace(ended, events={name: on for name, on in ended.events.items() if name is not Event.ACKNOWLEDGED})

    for n in range(60):
        assert plan(DUE + timedelta(days=n), ended) == {}


def test_what_comes_after_an_answer_is_chased_on_its_own_dates() -> None:
    """Stage 2 asked for on Monday 13 April 2026: 25 working days end on Tuesday 19 May (4 May is a bank holiday)."""
    unacknowledged = {Event.RECEIVED: date(2026, 3, 19), Event.S1_REPLY_SENT: DUE, Event.S2_REQUESTED: date(2026, 4, 13)}
    unacknowledged |= dict.fromkeys((Event.IO_APPOINTED, Event.IP_APPOINTED), date(2026, 4, 14))
    stage_2 = replace(case(), events=unacknowledged)

    assert plan(date(2026, 4, 24), stage_2) == {}  # day 9; 4 May is the early May bank holiday
    assert {line.clock for line in plan(date(2026, 5, 14), stage_2)[OWNER.address].due_soon} == {"s2_response"}, "since day 10"
    soon = plan(date(2026, 5, 15), stage_2)[OWNER.address].due_soon
    assert {(line.clock, line.stage, line.due_on) for line in soon} == {
        ("s2_response", 2, date(2026, 5, 19)),
        ("s2_delay_notice", 2, date(2026, 5, 19)),
    }


def test_stage_1_is_owed_no_answer_once_it_is_skipped_by_agreement() -> None:
    """Agreed on Wednesday 1 April 2026: 25 working days end on Monday 11 May. Stage 1 was due on 2 April."""
    appointed = dict.fromkeys((Event.IO_APPOINTED, Event.IP_APPOINTED), date(2026, 4, 2))
    skipped = case(events={Event.SKIP_S1_AGREED: date(2026, 4, 1), **appointed})

    assert plan(date(2026, 4, 16), skipped) == {}  # day 9 of stage 2
    assert {line.clock for line in plan(date(2026, 5, 11), skipped)[OFFICER.address].due_today} == {
        "s2_response",
        "s2_delay_notice",
    }


def test_the_written_terms_of_what_was_put_right_are_still_owed() -> None:
    """Put right on Wednesday 1 April 2026: 2, 7, 8, 9, 10 April."""
    resolved = case(events={Event.S1_RESOLVED: date(2026, 4, 1)})

    assert [line.clock for line in plan(date(2026, 4, 10), resolved)[OFFICER.address].due_today] == ["s1_terms_letter"]


def test_stage_2_asked_for_while_stage_1_is_late_is_still_owed_after_the_late_answer() -> None:
    late = case(events={Event.S2_REQUESTED: date(2026, 4, 8), Event.S1_REPLY_SENT: date(2026, 4, 10)})

    clocks = {line.clock for line in plan(date(2026, 5, 14), late)[OFFICER.address].due_today}

    assert clocks == {"s2_response", "s2_delay_notice"}


def test_the_acknowledgement_is_chased_like_the_answer() -> None:
    """Received on Maundy Thursday, 2 April 2026: 7, 8, 9, 10, 13 April. The Code's answer has not begun."""
    new = replace(case(procedure=Procedure.CORPORATE), events={Event.RECEIVED: DUE})

    assert {line.clock for line in plan(date(2026, 4, 9), new)[OWNER.address].due_soon} == {"acknowledgement"}
    assert {line.due_on for line in plan(date(2026, 4, 13), new)[OFFICER.address].due_today} == {date(2026, 4, 13)}


def test_open_tasks_that_are_due_stand_in_the_officers_bundle_safety_first() -> None:
    tasks = (
        task(TaskKind.CONFIRM_ROUTE, date(2026, 3, 20)),
        task(TaskKind.SAFETY, date(2026, 3, 24)),
        task(TaskKind.PLACE_LETTER, date(2026, 3, 25)),  # not due yet
    )

    bundles = plan(date(2026, 3, 24), tasks=tasks)

    assert set(bundles) == {OFFICER.address}
    listed = bundles[OFFICER.address].facts["tasks"]
    assert [(item["clock"], item["team"], item["days"]) for item in listed] == [
        ("safety", "Team North", 0),
        ("confirm_route", "Team North", 2),
    ]


def test_whose_case_it_is_hears_that_its_answer_is_to_be_drafted_but_not_whom_it_is_kept_from() -> None:
    tasks = (task(TaskKind.DRAFT_ANSWER, date(2026, 3, 24)), task(TaskKind.CHECK_ANSWER, date(2026, 3, 24)))
    owned = case(owner=MANAGER.address)

    bundles = plan(date(2026, 3, 24), owned, tasks=tasks)

    assert [line.clock for line in bundles[MANAGER.address].tasks] == ["draft_answer"]
    assert [line.clock for line in bundles[OFFICER.address].tasks] == ["check_answer", "draft_answer"]
    kept = replace(owned, walled=frozenset({MANAGER.address}))
    assert set(plan(date(2026, 3, 24), kept, tasks=tasks)) == {OFFICER.address}


def test_a_reminder_holds_no_name_no_story_and_no_invitation_to_take_longer() -> None:
    bundles = plan(DUE, tasks=(task(TaskKind.SAFETY, date(2026, 3, 24)),))
    said = as_text(bundles.values(), COUNCIL)

    assert "K7M-W92-RXH4" in said.replace("\u2066", "").replace("\u2069", "") and "Team North" in said
    assert "Sam" not in said and "extension" not in said.lower() and "extend" not in said.lower()
    assert "Subject: 1 due today, 1 to do" in said


def test_who_stands_in_hears_what_they_hear_who_are_away_but_not_of_a_case_kept_from_them() -> None:
    standing_in = {OWNER.address: HEAD}
    day = date(2026, 3, 31)

    told = {one.person.address: one for one in plan_reminders([case()], (), set(), OFFICE, day, standing_in)}
    kept = plan_reminders([replace(case(), walled=frozenset({HEAD.address}))], (), set(), OFFICE, day, standing_in)

    assert set(told) == {OWNER.address, HEAD.address}
    assert told[HEAD.address].facts["due_soon"] == told[OWNER.address].facts["due_soon"]
    assert {one.person.address for one in kept} == {OWNER.address}


def test_whoever_begins_to_stand_in_hears_what_was_told_before_once() -> None:
    """The owner heard two working days before; on the next day they are away, and nothing new is reached for them."""
    reached = plan_reminders([case()], (), set(), OFFICE, date(2026, 3, 27))
    told = {(row.case_reference, row.clock, row.due_on, row.rung, row.person) for one in reached for row in one.told}
    assert {row[-1] for row in told} == {OWNER.address}

    begins = plan_reminders([case()], (), told, OFFICE, date(2026, 3, 30), {OWNER.address: HEAD})
    told |= {(row.case_reference, row.clock, row.due_on, row.rung, row.person) for one in begins for row in one.told}

    assert [(one.person.address, len(one.due_soon)) for one in begins] == [(HEAD.address, 1)]
    assert plan_reminders([case()], (), told, OFFICE, date(2026, 3, 30), {OWNER.address: HEAD}) == []


ROTA = replace(OFFICE, council=replace(COUNCIL, inbox_rota=(OFFICER.address, OWNER.address)))
MONDAY_TO_FRIDAY = [date(2026, 3, day) for day in range(23, 28)]


def test_whoevers_turn_it_is_to_read_what_comes_in_is_told_so_though_nothing_else_is_due() -> None:
    turns = [[one.person.address for one in plan_reminders([], (), (), ROTA, day)] for day in MONDAY_TO_FRIDAY]
    [bundle] = plan_reminders([], (), (), ROTA, MONDAY_TO_FRIDAY[0])
    said = as_text([bundle], COUNCIL)

    assert turns == [[OFFICER.address], [OWNER.address], [OFFICER.address], [OWNER.address], [OFFICER.address]]
    assert "Today it is your turn to read what comes in." in said and "Subject: you read what comes in" in said
    assert plan_reminders([], (), (), ROTA, date(2026, 3, 28)) == []  # a Saturday
    assert "your turn" not in as_text(plan_reminders([case()], (), (), OFFICE, DUE), COUNCIL)


@pytest.mark.parametrize("readers", [2, 3, 5, 7])
def test_however_many_they_are_each_reads_in_turn_from_week_to_week(readers: int) -> None:
    people = tuple(replace(OFFICER, address=f"{number}@council.example") for number in range(readers))
    council = replace(COUNCIL, people=people, inbox_rota=tuple(one.address for one in people))
    every = [date(2026, 3, 2) + timedelta(days=number) for number in range(7 * readers)]

    turns = [people.index(one) for one in map(council.reads_on, every) if one]

    assert len(turns) == 5 * readers
    assert all((after - before) % readers == 1 for before, after in pairwise(turns))


def test_who_stands_in_reads_what_comes_in_too() -> None:
    [bundle] = plan_reminders([], (), (), ROTA, MONDAY_TO_FRIDAY[1], {OWNER.address: HEAD})

    assert (bundle.person, bundle.reads_inbox) == (HEAD, True)
