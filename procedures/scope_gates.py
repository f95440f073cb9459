"""Questions for a person that stand beside the procedure and never change it: harm, lateness, courts, standing, who is told."""

from collections.abc import Callable

from procedures.facts import Facts, Gate, Matter
from procedures.scope_tests import Reason, Test, about
from procedures.terms import Role


def if_so(fact: Callable[[Facts], bool], words: str, source: str, row: int = 0) -> Test:
    """A test that gives its reason if this fact is so."""
    return lambda facts: Reason(words, source, row) if fact(facts) else None


def for_someone_else(facts: Facts) -> Reason | None:
    if facts.is_for_a_constituent or facts.who is Role.ADVOCATE or facts.has_authority_of_a_parent:
        return Reason("carried for someone: their authority is noted", "practice.md 5(4)", 46)
    return None


def child_view(facts: Facts) -> Reason | None:
    if facts.is_on_behalf and facts.who not in (Role.CHILD, Role.CARE_LEAVER, Role.ADVOCATE) and not facts.is_for_a_constituent:
        return Reason("on behalf of a child: is the child happy with it?", "law.md 1.2; SI 2006/1738, reg. 12(3)", 40)
    return None


REVIEWED_BY_MECHANISM = (
    Matter.FOSTER_APPROVAL,
    Matter.PROSPECTIVE_FOSTER_CARER,
    Matter.ADOPTER_ASSESSMENT,
    Matter.ADOPTER_FOUND_UNSUITABLE,
)
HEARD_IN_COURT = (Matter.CARE_PROCEEDINGS, Matter.COURT_REPORT, Matter.COURT_REPORT_AUTHOR, Matter.SPECIAL_GUARDIANSHIP_REPORT)

GATES: tuple[tuple[Gate, Test], ...] = (
    (Gate.HARM, if_so(lambda facts: facts.shows_harm, "a child or adult may be at risk", "law.md 5.1(1)")),
    (Gate.HARM, about(38, "an allegation that a child was harmed", "law.md 5.2 row 38", Matter.ALLEGATION_AGAINST_STAFF)),
    (
        Gate.LATE,
        if_so(lambda facts: facts.is_over_a_year_old, "more than a year after its grounds arose", "SI 2006/1738, reg. 9"),
    ),
    (Gate.LATE, about(8, "care in earlier years", "SI 2006/1738, reg. 9; LGSCO 20 002 634", Matter.CARE_YEARS_AGO)),
    (
        Gate.CONCURRENT_PROCEEDINGS,
        if_so(lambda facts: facts.has_court_proceedings, "family proceedings run", "SI 2006/1738, reg. 8(1)(a)", 28),
    ),
    (
        Gate.CONCURRENT_PROCEEDINGS,
        if_so(
            lambda facts: facts.has_criminal_or_disciplinary_matter,
            "a criminal or disciplinary matter",
            "SI 2006/1738, reg. 8(1)(b)-(d)",
            38,
        ),
    ),
    (Gate.CONCURRENT_PROCEEDINGS, about(20, "a matter that a court hears", "SI 2006/1738, reg. 8(1)", *HEARD_IN_COURT)),
    (
        Gate.LIMIT_WHAT_IS_TOLD,
        if_so(
            lambda facts: facts.is_without_parental_responsibility,
            "a parent without parental responsibility",
            "Children Act 1989, s. 26(3)(b)",
            43,
        ),
    ),
    (
        Gate.LIMIT_WHAT_IS_TOLD,
        if_so(
            lambda facts: facts.child_objects, "the child objects; consent is not needed", "LGSCO report on Lancashire, 2019", 44
        ),
    ),
    (Gate.CHILD_VIEW, child_view),
    (Gate.AUTHORITY, for_someone_else),
    (
        Gate.ASK_THE_REVIEW_MECHANISM,
        about(11, "the Independent Review Mechanism may help", "LGSCO 21 018 264", *REVIEWED_BY_MECHANISM),
    ),
    (Gate.SIGNPOST_REGULATOR, about(37, "Social Work England", "LGSCO 24 000 220", Matter.FITNESS_TO_PRACTISE)),
    (Gate.SIGNPOST_REGULATOR, about(48, "Ofsted may be told at any time", "law.md 5.2 row 48", Matter.CHILDRENS_HOME)),
    (Gate.SIGNPOST_TRIBUNAL, about(30, "the Tribunal hears appeals", "law.md 5.2 row 30", Matter.SEND)),
    (Gate.SIGNPOST_INSURER, about(50, "insurers or legal services", "law.md 5.2 row 50", Matter.MONEY_CLAIM)),
)
