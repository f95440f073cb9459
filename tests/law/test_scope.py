"""Scope: which procedure, by which route, and what only a person can say. Rows are law.md 5.2's."""

from dataclasses import replace

import pytest

from procedures.scope import Decision, Facts, Function, Gate, Matter, decide
from procedures.scope_gates import GATES
from procedures.scope_tests import TESTS, TO_REVIEW, TO_REVIEW_IF_STATUTORY
from procedures.terms import Kind, Procedure, Role, Route

CHILD, PARENT, RELATIVE = Role.CHILD, Role.PARENT, Role.RELATIVE
FOSTER_CARER, CARE_LEAVER, PUBLIC = Role.FOSTER_CARER, Role.CARE_LEAVER, Role.MEMBER_OF_PUBLIC
STATUTORY, CORPORATE, UNDECIDED = Procedure.STATUTORY, Procedure.CORPORATE, Procedure.UNDECIDED
STAT, CORP, SPLIT, OTHER, REVIEW = Route.STAT, Route.CORP, Route.SPLIT, Route.OTHER, Route.REVIEW


def about(who: Role, *matters: Matter, **more: bool | str | Matter | None) -> Facts:
    """Facts about these matters."""
    return replace(Facts(who=who, matters=frozenset(matters)), **more)  # type: ignore[arg-type]  # whatever a test gives


def gates(decision: Decision) -> set[Gate]:
    return {opened.gate for opened in decision.gates}


ROWS = [
    (1, about(CHILD, Matter.LOOKED_AFTER), STATUTORY, STAT),
    (1, about(Role.CARER, Matter.LOOKED_AFTER), STATUTORY, STAT),
    (1, about(PARENT, Matter.SOCIAL_WORKER), STATUTORY, STAT),
    (2, about(PARENT, Matter.CHILD_IN_NEED), STATUTORY, STAT),
    (3, about(PARENT, Matter.DISABLED_CHILD), STATUTORY, STAT),
    (4, about(PARENT, Matter.CARER_ASSESSMENT), STATUTORY, STAT),
    (5, about(CARE_LEAVER, Matter.LEAVING_CARE), STATUTORY, STAT),
    (6, about(CARE_LEAVER, Matter.TRANSITION_TO_ADULTS), STATUTORY, STAT),
    (6, about(CARE_LEAVER, Matter.TRANSITION_TO_ADULTS, Matter.ADULT_CARE), STATUTORY, SPLIT),
    (7, about(CHILD, Matter.HOMELESS_YOUNG_PERSON), STATUTORY, STAT),
    (8, about(PUBLIC, Matter.CARE_YEARS_AGO), STATUTORY, STAT),
    (9, about(PUBLIC, Matter.LEAVING_CARE, is_known_not_to_be_a_care_leaver=True), STATUTORY, REVIEW),
    (10, about(FOSTER_CARER, Matter.FOSTERED_CHILD), STATUTORY, STAT),
    (11, about(FOSTER_CARER, Matter.FOSTER_APPROVAL), CORPORATE, REVIEW),
    (12, about(FOSTER_CARER, Matter.FOSTER_ALLOWANCE), STATUTORY, STAT),
    (13, about(PUBLIC, Matter.PROSPECTIVE_FOSTER_CARER), CORPORATE, CORP),
    (14, about(FOSTER_CARER, Matter.FOSTERING_LIMIT), STATUTORY, STAT),
    (15, about(Role.CARER, Matter.SPECIAL_GUARDIANSHIP_SUPPORT), STATUTORY, STAT),
    (15, about(RELATIVE, Matter.SPECIAL_GUARDIANSHIP_SUPPORT), STATUTORY, STAT),
    (16, about(RELATIVE, Matter.SPECIAL_GUARDIANSHIP_REPORT), CORPORATE, OTHER),
    (17, about(PARENT, Matter.ADOPTION_SUPPORT, is_adoptive_parent=True), STATUTORY, STAT),
    (18, about(PUBLIC, Matter.ADOPTION_PLACEMENT), STATUTORY, STAT),
    (19, about(PUBLIC, Matter.ADOPTER_ASSESSMENT), CORPORATE, CORP),
    (19, about(PUBLIC, Matter.ADOPTER_FOUND_UNSUITABLE), STATUTORY, STAT),
    (20, about(PARENT, Matter.CARE_PROCEEDINGS), STATUTORY, STAT),
    (21, about(PARENT, Matter.SECTION_47), CORPORATE, CORP),
    (21, about(PARENT, Matter.SECTION_47, nation="wales"), STATUTORY, STAT),
    (22, about(PARENT, Matter.CONFERENCE), CORPORATE, OTHER),
    (23, about(PARENT, Matter.CONFERENCE_REPORT), CORPORATE, REVIEW),
    (24, about(PARENT, Matter.CORE_GROUP), CORPORATE, CORP),
    (24, about(PARENT, Matter.REFERRAL_NOT_ACTED_ON), CORPORATE, CORP),
    (25, about(PARENT, Matter.SECTION_47, Matter.DISABLED_CHILD), STATUTORY, STAT),
    (26, about(PARENT, Matter.COURT_REPORT), CORPORATE, OTHER),
    (26, about(PARENT, Matter.COURT_DECISION), Procedure.OTHER_BODY, OTHER),
    (27, about(PARENT, Matter.COURT_REPORT_AUTHOR), CORPORATE, CORP),
    (28, about(PARENT, Matter.CHILD_IN_NEED, has_court_proceedings=True), STATUTORY, STAT),
    (29, about(PARENT, Matter.CONTACT_ORDERED_BY_COURT), STATUTORY, STAT),
    (30, about(PARENT, Matter.SEND), CORPORATE, CORP),
    (31, about(PARENT, Matter.SEND, Matter.SOCIAL_CARE_IN_EHC_PLAN), STATUTORY, SPLIT),
    (32, about(PARENT, Matter.SCHOOL_ADMISSION_OR_TRANSPORT), CORPORATE, CORP),
    (33, about(PARENT, Matter.SCHOOL), Procedure.OTHER_BODY, OTHER),
    (34, about(PARENT, Matter.EARLY_HELP), CORPORATE, CORP),
    (34, about(PARENT, Matter.FAMILY_HELP), UNDECIDED, REVIEW),
    (35, about(PARENT, Matter.YOUTH_JUSTICE), CORPORATE, REVIEW),
    (36, about(PARENT, Matter.DATA), Procedure.DATA_PROTECTION, OTHER),
    (36, about(PARENT, Matter.DATA, Matter.CHILD_IN_NEED), STATUTORY, SPLIT),
    (37, about(PARENT, Matter.FITNESS_TO_PRACTISE), UNDECIDED, REVIEW),
    (37, about(PARENT, Matter.FITNESS_TO_PRACTISE, Matter.SECTION_47), CORPORATE, REVIEW),
    (38, about(CHILD, Matter.ALLEGATION_AGAINST_STAFF, Matter.LOOKED_AFTER), STATUTORY, REVIEW),
    (39, about(Role.PROFESSIONAL, is_professional_disagreement=True), CORPORATE, OTHER),
    (40, about(FOSTER_CARER, Matter.FOSTERED_CHILD, is_on_behalf=True), STATUTORY, STAT),
    (40, about(Role.PROFESSIONAL, Matter.CHILD_IN_NEED, is_on_behalf=True), STATUTORY, REVIEW),
    (41, about(RELATIVE, Matter.LOOKED_AFTER), STATUTORY, REVIEW),
    (41, about(RELATIVE, Matter.LOOKED_AFTER, interest_is_sufficient=True), STATUTORY, STAT),
    (41, about(RELATIVE, Matter.LOOKED_AFTER, interest_is_sufficient=False), CORPORATE, REVIEW),
    (42, about(RELATIVE, Matter.CHILD_IN_NEED, is_step_parent=True), STATUTORY, REVIEW),
    (42, about(RELATIVE, Matter.CHILD_IN_NEED, is_step_parent=True, has_authority_of_a_parent=True), STATUTORY, STAT),
    (43, about(PARENT, Matter.CHILD_IN_NEED, is_without_parental_responsibility=True), STATUTORY, STAT),
    (44, about(PARENT, Matter.CHILD_IN_NEED, child_objects=True), STATUTORY, STAT),
    (45, about(Role.ADVOCATE, Matter.LOOKED_AFTER, child_has_not_instructed=True), STATUTORY, REVIEW),
    (45, about(Role.ADVOCATE, Matter.LOOKED_AFTER), STATUTORY, STAT),
    (46, about(Role.PROFESSIONAL, Matter.CHILD_IN_NEED, is_for_a_constituent=True), STATUTORY, REVIEW),
    (
        46,
        about(Role.PROFESSIONAL, Matter.CHILD_IN_NEED, is_for_a_constituent=True, asks_to_log_a_constituents_complaint=True),
        STATUTORY,
        STAT,
    ),
    (47, about(Role.UNKNOWN, Matter.LOOKED_AFTER, is_anonymous=True), STATUTORY, REVIEW),
    (48, about(CHILD, Matter.CHILDRENS_HOME), STATUTORY, SPLIT),
    (49, about(CHILD, Matter.AGE_ASSESSMENT), STATUTORY, REVIEW),
    (50, about(PARENT, Matter.MONEY_CLAIM), CORPORATE, OTHER),
    (50, about(PARENT, Matter.MONEY_CLAIM, Matter.DISABLED_CHILD), STATUTORY, SPLIT),
    (51, replace(about(PARENT, Matter.LOOKED_AFTER), kind=Kind.COMPLIMENT), UNDECIDED, OTHER),
    # beside the table: guide P8 to P10, P13
    (0, about(PUBLIC, Matter.OTHER_COUNCIL_SERVICE), CORPORATE, CORP),
    (0, about(PUBLIC, Matter.NEIGHBOUR_OF_A_HOME), CORPORATE, CORP),
    (0, about(Role.PROFESSIONAL, Matter.OWN_TREATMENT_AS_REFERRER), CORPORATE, CORP),
    (0, about(FOSTER_CARER, Matter.LADO), CORPORATE, CORP),
    (0, about(PUBLIC, Matter.ADULT_CARE), Procedure.ADULTS, OTHER),
    (0, about(PARENT, Matter.PUBLIC_HEALTH), Procedure.PUBLIC_HEALTH, OTHER),
    (0, about(PARENT, Matter.POLICE), Procedure.OTHER_BODY, OTHER),
    (0, about(PARENT, Matter.SCHOOL, Matter.SEND), CORPORATE, SPLIT),
    (0, about(PARENT, Matter.SCHOOL, Matter.SEND, main_matter=Matter.SCHOOL), Procedure.OTHER_BODY, SPLIT),
    (0, about(PARENT, is_about_children_services=False), CORPORATE, CORP),
]


@pytest.mark.parametrize(("row", "facts", "procedure", "route"), ROWS, ids=[f"row {row[0]}, {n}" for n, row in enumerate(ROWS)])
def test_a_row_of_the_table_holds(row: int, facts: Facts, procedure: Procedure, route: Route) -> None:
    decision = decide(facts)

    assert (decision.procedure, decision.route) == (procedure, route)
    assert decision.reasons or decision.gates
    assert bool(decision.question) == (route is REVIEW)


def test_every_row_of_the_table_has_a_case() -> None:
    assert {row[0] for row in ROWS} - {0} == set(range(1, 52))


def test_every_test_cites_its_source_and_is_met_by_a_case() -> None:
    """A test that no case meets would be dead; one without a source would be an opinion."""
    tests = (
        [test for _, _, group in TESTS for test in group] + [*TO_REVIEW, *TO_REVIEW_IF_STATUTORY] + [test for _, test in GATES]
    )
    cases = [facts for _, facts, _, _ in ROWS] + STATUS_CASES + GATE_CASES

    for test in tests:
        reasons = [reason for facts in cases if (reason := test(facts))]
        silent = [facts for facts in cases if test(facts) is None]
        assert reasons
        assert silent
        assert all(reason.source and reason.words for reason in reasons)


STATUS_CASES = [
    Facts(who=CHILD, child_is_looked_after=True),
    Facts(who=PARENT, child_is_in_need=True),
    Facts(who=PARENT, child_is_disabled=True),
    Facts(writer_is_care_leaver=True),
    Facts(functions=frozenset({Function.PART_4})),
]
GATE_CASES = [
    Facts(shows_harm=True),
    Facts(is_over_a_year_old=True),
    Facts(has_criminal_or_disciplinary_matter=True),
]


@pytest.mark.parametrize("facts", STATUS_CASES)
def test_who_the_child_is_decides_while_nothing_else_is_said(facts: Facts) -> None:
    assert decide(facts).procedure is STATUTORY


def test_what_it_is_about_outweighs_who_the_child_is() -> None:
    assert decide(about(CHILD, Matter.SCHOOL, child_is_looked_after=True)).procedure is Procedure.OTHER_BODY


def test_a_function_known_to_be_left_out_is_corporate() -> None:
    assert decide(Facts(functions=frozenset({Function.SECTION_47}))).procedure is CORPORATE
    assert decide(Facts(functions=frozenset({Function.ADOPTER_ASSESSMENT}))).procedure is CORPORATE
    assert decide(Facts(nation="wales", functions=frozenset({Function.SECTION_47}))).procedure is STATUTORY


@pytest.mark.parametrize("facts", [Facts(), Facts(who=PARENT, is_about_children_services=True), Facts(kind=Kind.COMPLAINT)])
def test_with_no_reason_either_way_a_person_decides(facts: Facts) -> None:
    decision = decide(facts)

    assert (decision.procedure, decision.route, decision.reasons) == (UNDECIDED, REVIEW, ())
    assert decision.question


@pytest.mark.parametrize(
    ("facts", "gate"),
    [
        (about(PARENT, Matter.CHILD_IN_NEED, shows_harm=True), Gate.HARM),
        (about(CHILD, Matter.ALLEGATION_AGAINST_STAFF), Gate.HARM),
        (about(RELATIVE, Matter.LOOKED_AFTER), Gate.SUFFICIENT_INTEREST),
        (about(PARENT, Matter.CHILD_IN_NEED, is_over_a_year_old=True), Gate.LATE),
        (about(PUBLIC, Matter.CARE_YEARS_AGO), Gate.LATE),
        (about(PARENT, Matter.CHILD_IN_NEED, has_court_proceedings=True), Gate.CONCURRENT_PROCEEDINGS),
        (about(PARENT, Matter.CHILD_IN_NEED, has_criminal_or_disciplinary_matter=True), Gate.CONCURRENT_PROCEEDINGS),
        (about(PARENT, Matter.CARE_PROCEEDINGS), Gate.CONCURRENT_PROCEEDINGS),
        (about(PARENT, Matter.CHILD_IN_NEED, is_without_parental_responsibility=True), Gate.LIMIT_WHAT_IS_TOLD),
        (about(PARENT, Matter.CHILD_IN_NEED, child_objects=True), Gate.LIMIT_WHAT_IS_TOLD),
        (about(FOSTER_CARER, Matter.FOSTERED_CHILD, is_on_behalf=True), Gate.CHILD_VIEW),
        (about(Role.ADVOCATE, Matter.LOOKED_AFTER), Gate.AUTHORITY),
        (about(FOSTER_CARER, Matter.FOSTER_APPROVAL), Gate.ASK_THE_REVIEW_MECHANISM),
        (about(PARENT, Matter.FITNESS_TO_PRACTISE), Gate.SIGNPOST_REGULATOR),
        (about(CHILD, Matter.CHILDRENS_HOME), Gate.SIGNPOST_REGULATOR),
        (about(PARENT, Matter.SEND), Gate.SIGNPOST_TRIBUNAL),
        (about(PARENT, Matter.MONEY_CLAIM), Gate.SIGNPOST_INSURER),
    ],
)
def test_a_gate_opens_with_a_reason(facts: Facts, gate: Gate) -> None:
    decision = decide(facts)

    assert decision.opens(gate)
    assert all(opened.reason.source for opened in decision.gates)
    assert len(gates(decision)) == len(decision.gates)


def test_no_gate_opens_for_a_plain_complaint() -> None:
    assert gates(decide(about(PARENT, Matter.CHILD_IN_NEED))) == set()


@pytest.mark.parametrize(
    "fact",
    [
        "is_over_a_year_old",
        "has_court_proceedings",
        "has_criminal_or_disciplinary_matter",
        "is_without_parental_responsibility",
        "child_objects",
        "shows_harm",
        "is_anonymous",
    ],
)
@pytest.mark.parametrize("matter", [Matter.CHILD_IN_NEED, Matter.SECTION_47, Matter.SCHOOL, Matter.ADULT_CARE])
def test_a_gate_never_changes_the_procedure(matter: Matter, fact: str) -> None:
    """Labelling guide P11."""
    plain = about(PARENT, matter)

    # Allowed below: whatever a test gives
    assert decide(replace(plain, **{fact: True})).procedure is decide(plain).procedure  # type: ignore[arg-type]


def test_a_statutory_matter_is_never_lost_beside_any_other() -> None:
    """The most repeated fault that the Ombudsman finds is the wrong, corporate procedure (law.md 6)."""
    for matter in Matter:
        decision = decide(about(PARENT, Matter.CHILD_IN_NEED, matter, main_matter=matter))
        assert decision.procedure is STATUTORY, matter


def test_every_matter_says_something() -> None:
    for matter in Matter:
        decision = decide(about(PARENT, matter))
        assert decision.reasons, matter
