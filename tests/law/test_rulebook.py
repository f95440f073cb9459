"""The law book: what ships can be used, and what is wrong is refused with every mistake at once."""

from datetime import date

import pytest

from procedures.rulebook import RulebookError, read_rulebook, rulebook_from
from procedures.terms import ClockKind, Event, Procedure
from procedures.working_days import WorkingCalendar

ENGLAND = WorkingCalendar.of("england")
BOOK = read_rulebook()
LAW_PAGE_CLOCKS = {  # law.md 1.5, but the annual report, which is no clock of a case
    "info_and_advocacy",
    "sufficient_interest",
    "s1_response",
    "s1_terms_letter",
    "s2_request_window",
    "s2_written_record",
    "s2_response",
    "s3_request_window",
    "s3_ack",
    "s3_chair_appointed",
    "s3_papers_out",
    "s3_panel_meets",
    "s3_panel_report",
    "s3_la_response",
    "late_limit",
    "resubmit_after_hold",
    "ombudsman_limit",
}
GOOD = """
procedure = "statutory"
nation = "england"
applies_from = 2006-09-01
[[clock]]
name = "s1_response"
kind = "statutory"
starts_on = ["received"]
stops_on = ["s1_reply_sent"]
working_days = 10
authority = "SI 2006/1738, reg. 14(1)"
"""


def refused(text: str) -> str:
    with pytest.raises(RulebookError) as error:
        rulebook_from({"statutory.toml": text})
    return str(error.value)


# What ships


def test_every_clock_of_the_law_page_is_there() -> None:
    assert {rule.name for rule in BOOK.rules(Procedure.STATUTORY, date(2026, 5, 1))} >= LAW_PAGE_CLOCKS


def test_every_clock_names_its_authority_and_when_it_began() -> None:
    for rule in BOOK.clocks:
        assert rule.authority
        assert rule.applies_from >= date(1996, 1, 1)
        assert rule.plain


@pytest.mark.parametrize("procedure", [one for one in Procedure if one is not Procedure.MEMBER_ENQUIRY])
@pytest.mark.parametrize("received", [date(2014, 3, 3), date(2020, 3, 2), date(2026, 6, 18), date(2026, 6, 19), date(2027, 1, 4)])
def test_every_complaint_has_an_acknowledgement_clock_from_the_first_day(procedure: Procedure, received: date) -> None:
    found = BOOK.deadlines(procedure, {Event.RECEIVED: received}, ENGLAND)

    assert "acknowledgement" in {one.clock for one in found}


def test_no_clock_counts_closure_days_away_by_law() -> None:
    assert not [rule.rule_id for rule in BOOK.clocks if rule.council_closures and rule.kind is ClockKind.STATUTORY]


def test_what_was_only_remembered_is_marked_for_checking() -> None:
    """law.md marks these knowledge-M, -H or with its warning sign."""
    marked = {rule.name for rule in BOOK.rules(Procedure.STATUTORY, date(2026, 5, 1)) if rule.check}

    assert {"s3_ack", "s3_chair_appointed", "s3_papers_out", "s2_request_window", "acknowledgement"} <= marked
    assert not {"s1_response", "s2_response", "s3_panel_meets", "s3_panel_report", "s3_la_response"} & marked


# Which rules


def test_rules_are_those_in_force_on_the_day_of_receipt() -> None:
    before = BOOK.clock("s1_response", Procedure.CORPORATE, date(2024, 3, 31))
    since = BOOK.clock("s1_response", Procedure.CORPORATE, date(2024, 4, 1))

    assert (before.kind, since.kind) == (ClockKind.LOCAL, ClockKind.GUIDANCE)
    assert before.rule_id != since.rule_id


def test_an_earlier_case_is_not_judged_by_a_later_rule() -> None:
    """The thirty days for data-protection complaints began on 19 June 2026."""
    before, since = (
        BOOK.deadlines(Procedure.DATA_PROTECTION, {Event.RECEIVED: day}, ENGLAND)[0]
        for day in (date(2026, 6, 18), date(2026, 6, 19))
    )

    assert (before.kind, before.due_on) == (ClockKind.LOCAL, date(2026, 6, 25))
    assert (since.kind, since.due_on) == (ClockKind.STATUTORY, date(2026, 7, 20))


def test_a_clock_that_a_procedure_does_not_have_is_not_made_up() -> None:
    with pytest.raises(LookupError, match="corporate procedure of england has no clock 's3_panel_meets'"):
        BOOK.clock("s3_panel_meets", Procedure.CORPORATE, date(2026, 5, 1))


def test_a_case_without_events_has_no_deadlines() -> None:
    assert BOOK.deadlines(Procedure.STATUTORY, {}, ENGLAND) == ()


def test_grounds_from_before_a_rule_do_not_put_a_case_under_the_old_one() -> None:
    """The day of receipt chooses, not the day it happened."""
    events = {Event.GROUNDS_AROSE: date(2024, 1, 8), Event.RECEIVED: date(2024, 5, 1)}
    found = next(one for one in BOOK.deadlines(Procedure.CORPORATE, events, ENGLAND) if one.clock == "acknowledgement")

    assert found.kind is ClockKind.GUIDANCE


def test_a_case_without_a_day_of_receipt_is_judged_by_its_first_event() -> None:
    found = BOOK.deadlines(Procedure.STATUTORY, {Event.PANEL: date(2025, 6, 12)}, ENGLAND)

    assert {one.clock for one in found} == {"s3_papers_out", "s3_panel_report"}


# Undecided


def test_an_undecided_complaint_runs_from_receipt_under_the_fuller_protection() -> None:
    """Received Friday 4 April 2025; acknowledged three days later: the corporate date would be Friday 25 April."""
    received = {Event.RECEIVED: date(2025, 4, 4)}
    acknowledged = received | {Event.ACKNOWLEDGED: date(2025, 4, 9)}

    for events in (received, acknowledged):
        found = {one.clock: one for one in BOOK.deadlines(Procedure.UNDECIDED, events, ENGLAND)}
        assert found["s1_response"].due_on == date(2025, 4, 22)
        assert found["s1_response"].procedure is Procedure.STATUTORY


def test_an_undecided_complaint_has_the_earlier_of_two_dates() -> None:
    """Stage 2 asked for and acknowledged on Monday 12 May 2025: 20 working days of the Code end before 25 of the Regulations."""
    day = date(2025, 5, 12)
    events = {Event.RECEIVED: date(2025, 4, 4), Event.S2_REQUESTED: day, Event.S2_ACKNOWLEDGED: day}
    found = [one for one in BOOK.deadlines(Procedure.UNDECIDED, events, ENGLAND) if one.clock == "s2_response"]

    assert [(one.procedure, one.due_on) for one in found] == [(Procedure.CORPORATE, date(2025, 6, 10))]


@pytest.mark.parametrize("acknowledged", [date(2025, 4, 4), date(2025, 4, 7), date(2025, 4, 30)])
def test_an_undecided_date_is_never_later_than_either(acknowledged: date) -> None:
    events = {Event.RECEIVED: date(2025, 4, 4), Event.ACKNOWLEDGED: acknowledged, Event.GROUNDS_AROSE: date(2025, 1, 6)}
    undecided = {one.clock: one.due_on for one in BOOK.deadlines(Procedure.UNDECIDED, events, ENGLAND)}

    for procedure in (Procedure.STATUTORY, Procedure.CORPORATE):
        for one in BOOK.deadlines(procedure, events, ENGLAND):
            assert undecided[one.clock] <= one.due_on


# The council's own numbers


def test_a_council_may_set_its_own_corporate_number() -> None:
    book = read_rulebook(overrides={"corporate": {"s1_response": 15}})
    events = {Event.RECEIVED: date(2026, 5, 20), Event.ACKNOWLEDGED: date(2026, 5, 21)}
    own = next(one for one in book.deadlines(Procedure.CORPORATE, events, ENGLAND) if one.clock == "s1_response")

    assert (own.due_on, own.kind) == (date(2026, 6, 12), ClockKind.LOCAL)
    assert own.authority.startswith("the council's own policy, in place of LGSCO Complaint Handling Code")
    assert read_rulebook().clock("s1_response", Procedure.CORPORATE, date(2026, 5, 20)).working_days == 10


def test_a_council_may_set_its_own_acknowledgement_target() -> None:
    book = read_rulebook(overrides={"statutory": {"acknowledgement": 3}})

    assert book.clock("acknowledgement", Procedure.STATUTORY, date(2026, 5, 20)).working_days == 3


def test_what_is_a_target_in_england_is_law_in_wales() -> None:
    with pytest.raises(RulebookError, match=r"the law sets this number \(SI 2014/1795"):
        read_rulebook(overrides={"statutory": {"acknowledgement": 3}}, nation="wales")


def test_overrides_that_cannot_be_are_refused_all_at_once() -> None:
    with pytest.raises(RulebookError) as error:
        read_rulebook(overrides={"statutory": {"s1_response": 15}, "corporate": {"s9_response": 5, "s1_response": 0}})

    assert len(error.value.mistakes) == 3
    assert "the law sets this number (SI 2006/1738, reg. 14(1)" in str(error.value)
    assert "corporate.s9_response = 5: there is no such clock" in str(error.value)
    assert "whole number, 1 or more" in str(error.value)


# Refusals


def test_a_good_file_is_read() -> None:
    assert [rule.name for rule in rulebook_from({"statutory.toml": GOOD}).clocks] == ["s1_response"]


@pytest.mark.parametrize(
    ("good", "bad", "mistake"),
    [
        ('nation = "england"\n', 'nation = "england"\ncolour = "blue"\n', "unknown key 'colour'"),
        ('kind = "statutory"\n', 'kind = "statutory"\nworking_day = 3\n', "unknown key 'working_day'"),
        ('authority = "SI 2006/1738, reg. 14(1)"\n', "", "authority is missing"),
        ('authority = "SI 2006/1738, reg. 14(1)"', 'authority = ""', "authority is missing"),
        ("applies_from = 2006-09-01\n", "", "applies_from is missing"),
        ('name = "s1_response"\n', "", "name is missing"),
        ('kind = "statutory"\n', "", "kind is missing"),
        ('kind = "statutory"', 'kind = "divine"', "'divine' is not a valid ClockKind"),
        ('starts_on = ["received"]\n', "", "starts_on is missing"),
        ('starts_on = ["received"]', "starts_on = []", "starts_on is missing"),
        ('["received"]', '["recieved"]', "no event 'recieved' can happen to a case"),
        ('["received"]', '"received"', "it must be a list of events"),
        ('stops_on = ["s1_reply_sent"]', 'stops_on = ["received"]', "it can never run"),
        ("working_days = 10", "working_days = -10", "whole number"),
        ("working_days = 10", "working_days = 10.5", "whole number"),
        ("working_days = 10", "working_days = true", "whole number"),
        ("working_days = 10\n", "", "it has no length"),
        ("working_days = 10", "working_days = 10\nmonths = 6", "more than one length"),
        ("working_days = 10", 'working_days = 10\ncheck = "yes"', "true or false"),
        ("working_days = 10", "working_days = 10\nplain = 3", "it must be words"),
        ("working_days = 10", 'working_days = 10\ncounts = "sideways"', "'sideways' is not a valid Counting"),
        ("working_days = 10", 'months = 1\ncounts = "before"', "only working days are counted back"),
        ("working_days = 10", "working_days = 10\ncouncil_closures = true", "closure days count"),
        ("working_days = 10", "working_days = 10\napplies_until = 2005-01-01", "it ends before it begins"),
        ("working_days = 10", "working_days = 10\napplies_until = 2025-01-01T10:00:00", "it must be a date"),
        ("working_days = 10", 'working_days = 10\nor_later_on = ["received"]', "names what starts it already"),
        ("working_days = 10", 'working_days = 10\nlater_needs = { panel = "received" }', "what is not in or_later_on"),
        ("working_days = 10", "working_days = 10\nlater_needs = 3", "it must be a table"),
        ("working_days = 10", 'working_days = 10\noral_only = true\noral_starts_on = ["record_final"]', "exclude each other"),
        ("working_days = 10", "working_days = 10\nextension = 5", "it must be a table"),
        ("working_days = 10", 'working_days = 10\nextension = { working_days = 5, authority = "x" }', "decided_by is missing"),
        (
            "working_days = 10",
            'working_days = 10\nextension = { working_days = 5, decided_by = "extended" }',
            "extension: authority is",
        ),
        (
            "working_days = 10",
            'working_days = 10\nextension = { days = 5, decided_by = "extended", authority = "x" }',
            "key 'days'",
        ),
        ("working_days = 10", 'working_days = 10\nextension = { decided_by = "extended", authority = "x" }', "has no one length"),
        (
            "working_days = 10",
            'working_days = 10\nextension = { working_days = 5, decided_by = "received", authority = "x" }',
            "its extension is decided by what starts it",
        ),
        (
            "working_days = 10",
            'working_days = 10\nextension = { up_to_working_days = 10, decided_by = "extended", authority = "x" }',
            "ends no later than the clock itself",
        ),
        (
            "working_days = 10",
            'months = 1\nextension = { working_days = 5, decided_by = "extended", authority = "x" }',
            "only a clock of working days can be extended",
        ),
        (
            "working_days = 10",
            'working_days = 10\nextension = { up_to_months = 6, decided_by = "extended", authority = "x" }',
            "months without counted_from",
        ),
        (
            "working_days = 10",
            'working_days = 10\nextension = { working_days = 5, up_to_months = 6, counted_from = "received", '
            'decided_by = "extended", authority = "x" }',
            "has no one length",
        ),
        ("working_days = 10", 'working_days = 10\nends_on = ["received"]', "ends_on names what starts or stops it"),
        ("working_days = 10", 'working_days = 10\nends_on = ["s1_reply_sent"]', "ends_on names what starts or stops it"),
        ("working_days = 10", "working_days = 10\nanswers = true", "has no stage or nothing that stops it"),
        ("working_days = 10", 'working_days = 10\ngiven_with = ["ip_appointed"]', "given_with is of an answer"),
        ("working_days = 10", 'working_days = 10\ntheirs = "yes"', "true or false"),
        ('starts_on = ["received"]', 'starts_on = ["hold_letter"]', "no case of it can come to hold_letter"),
        ("working_days = 10", 'working_days = 10\nor_later_on = ["interest_decided"]', "can come to interest_decided"),
        ('["s1_reply_sent"]', '["s1_reply_sent", "panel_report"]', "no case of it can come to panel_report"),
        ("working_days = 10", 'working_days = 10\nends_on = ["ombudsman_reply_by"]', "can come to ombudsman_reply_by"),
        (
            "working_days = 10",
            'working_days = 10\nextension = { working_days = 5, decided_by = "s2_extended", authority = "x" }',
            "no case of it can come to s2_extended",
        ),
        ('nation = "england"\n', 'nation = "england"\ncovers = "section_47"\n', "covers: it must be a list of tables"),
        ('nation = "england"\n', 'nation = "england"\ncovers = [{ matter = "section_47" }]\n', "covers: authority is missing"),
        (
            'nation = "england"\n',
            'nation = "england"\ncovers = [{ matter = "football", authority = "x" }]\n',
            "covers: unknown matter 'football'",
        ),
        ('procedure = "statutory"', 'procedure = "canonical"', "unknown procedure 'canonical'"),
        ('procedure = "statutory"\n', "", "procedure is missing"),
        ('nation = "england"', 'nation = "narnia"', "unknown nation 'narnia'"),
        ("[[clock]]", "[[clock]", "it is not TOML"),
    ],
)
def test_a_mistake_is_refused(good: str, bad: str, mistake: str) -> None:
    assert good in GOOD

    assert mistake in refused(GOOD.replace(good, bad, 1))


def test_a_file_without_clocks_is_refused() -> None:
    assert "it has no clock" in refused(GOOD[: GOOD.index("[[clock]]")])


def test_two_versions_in_force_on_one_day_are_refused() -> None:
    again = GOOD[GOOD.index("[[clock]]") :] + "applies_from = 2026-01-01\n"

    assert "england, statutory, s1_response: two versions are in force on 2026-01-01" in refused(GOOD + again)


def test_a_version_that_ends_on_the_day_the_next_begins_overlaps() -> None:
    again = GOOD[GOOD.index("[[clock]]") :] + "applies_from = 2026-01-01\n"

    assert "two versions are in force on 2026-01-01" in refused(GOOD + "applies_until = 2026-01-01\n" + again)


def test_a_version_that_ends_the_day_before_the_next_begins_is_no_overlap() -> None:
    again = GOOD[GOOD.index("[[clock]]") :] + "applies_from = 2026-01-01\n"
    first = GOOD + "applies_until = 2025-12-31\n"

    assert len(rulebook_from({"statutory.toml": first + again}).clocks) == 2


def test_a_clock_that_waits_for_what_another_clock_makes_possible_can_run() -> None:
    more = GOOD[GOOD.index("[[clock]]") :]
    asked = more.replace("s1_response", "advocate_asked").replace('"received"', '"advocate_requested"')
    appointed = asked.replace("advocate_asked", "advocate_came").replace('"advocate_requested"', '"advocate_appointed"')

    assert len(rulebook_from({"statutory.toml": GOOD + asked + appointed}).clocks) == 3


def test_all_mistakes_of_all_files_are_told_at_once() -> None:
    with pytest.raises(RulebookError) as error:
        rulebook_from(
            {
                "a.toml": GOOD.replace('"received"', '"recieved"').replace("working_days = 10", "working_days = -1"),
                "b.toml": GOOD.replace('authority = "SI 2006/1738, reg. 14(1)"', ""),
            }
        )

    assert len(error.value.mistakes) == 3
    assert "a.toml, clock 1 (s1_response): starts_on" in str(error.value)
    assert "b.toml, clock 1 (s1_response): authority is missing" in str(error.value)
