"""The tests of law.md 5.2, one small function for each: what a matter is, by which law, and what only a person can say.

Sources are law.md's: an Act, a regulation, an Ombudsman decision, or the labelling guide's rule (P1 to P14).
"""

from collections.abc import Callable
from dataclasses import dataclass

from procedures.covered import covered
from procedures.facts import Facts, Function, Matter
from procedures.terms import Procedure, Role, Route


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, with its source; and the question for a person, if it is one."""

    words: str
    source: str
    row: int
    """The row of law.md 5.2; 0 if the ground is elsewhere in it."""
    question: str = ""
    matters: frozenset[Matter] = frozenset()
    """Which of the matters it speaks of."""


Test = Callable[[Facts], Reason | None]


def about(row: int, words: str, source: str, *matters: Matter, question: str = "") -> Test:
    """A test that gives its reason if the representation is about one of these matters."""

    def test(facts: Facts) -> Reason | None:
        found = facts.matters & set(matters)
        return Reason(words, source, row, question, frozenset(found)) if found else None

    return test


# What the statutory procedure covers


def about_a_listed_function(facts: Facts) -> Reason | None:
    """Children Act 1989, s. 26(3A) to (3C); SI 2006/1738, regs. 3 to 5, 23."""
    listed = set(Function) - {Function.SECTION_47, Function.ADOPTER_ASSESSMENT}
    if facts.functions & listed:
        return Reason(
            "about a function that the statutory procedure lists", "Children Act 1989, s. 26; SI 2006/1738, regs. 3-5", 0
        )
    return None


def made_by_a_child_we_look_after(facts: Facts) -> Reason | None:
    """Only while nothing else is said: what it is about decides first."""
    if not facts.matters and facts.child_is_looked_after:
        return Reason("about a child whom the council looks after", "Children Act 1989, s. 26(3)(a)", 1)
    return None


def about_a_child_in_need(facts: Facts) -> Reason | None:
    """A disabled child is a child in need (s. 17(10))."""
    if not facts.matters and (facts.child_is_in_need or facts.child_is_disabled):
        return Reason("about a child in need", "Children Act 1989, ss. 17, 26(3)(a)", 2)
    return None


def made_by_a_care_leaver(facts: Facts) -> Reason | None:
    if not facts.matters and (facts.writer_is_care_leaver or facts.who is Role.CARE_LEAVER):
        return Reason("made by a care leaver", "Children Act 1989, s. 24D", 5)
    return None


def section_47_where_it_is_listed(facts: Facts) -> Reason | None:
    asked = Matter.SECTION_47 in facts.matters or Function.SECTION_47 in facts.functions
    listed = covered(facts.nation).get(Matter.SECTION_47)
    if listed and asked:
        nation = facts.nation.replace("_", " ").title()
        return Reason(f"{nation} includes section 47 enquiries", listed, 21, matters=frozenset({Matter.SECTION_47}))
    return None


STATUTORY: tuple[Test, ...] = (
    about_a_listed_function,
    made_by_a_child_we_look_after,
    about_a_child_in_need,
    made_by_a_care_leaver,
    section_47_where_it_is_listed,
    about(1, "about a looked-after child's care", "Children Act 1989, Part 3, s. 26(3A); LGSCO 23 014 095", Matter.LOOKED_AFTER),
    about(1, "about a child's social worker, with no sign of child protection", "guide P1", Matter.SOCIAL_WORKER),
    about(
        2, "about help or an assessment for a child in need", "Children Act 1989, s. 17; LGSCO 23 013 837", Matter.CHILD_IN_NEED
    ),
    about(3, "about support for a disabled child", "Children Act 1989, s. 17; LGSCO 24 010 962", Matter.DISABLED_CHILD),
    about(4, "about a carer's assessment", "Children Act 1989, ss. 17ZA-17ZI", Matter.CARER_ASSESSMENT),
    about(5, "about leaving care", "Children Act 1989, ss. 23-24, 24D; LGSCO 18 019 074", Matter.LEAVING_CARE),
    about(6, "about planning before 18 by children's services", "LGSCO 24 003 485", Matter.TRANSITION_TO_ADULTS),
    about(7, "about a homeless young person", "Children Act 1989, s. 20; LGSCO 23 005 162", Matter.HOMELESS_YOUNG_PERSON),
    about(8, "about care in earlier years", "Children Act 1989, s. 26; SI 2006/1738, reg. 9", Matter.CARE_YEARS_AGO),
    about(10, "a foster carer about the child", "Children Act 1989, s. 26(3)(d); LGSCO 23 000 003", Matter.FOSTERED_CHILD),
    about(12, "about an allowance or fees for a child", "LGSCO 24 006 478; guide P5", Matter.FOSTER_ALLOWANCE),
    about(14, "about the fostering limit", "Children Act 1989, Sch. 7 para. 6; SI 2006/1738, reg. 23", Matter.FOSTERING_LIMIT),
    about(
        15, "about special guardianship support", "SI 2006/1738, reg. 5; LGSCO 24 000 967", Matter.SPECIAL_GUARDIANSHIP_SUPPORT
    ),
    about(17, "about adoption support", "SI 2006/1738, reg. 4(a), (b); LGSCO 21 007 563", Matter.ADOPTION_SUPPORT),
    about(18, "about placing a child for adoption", "SI 2006/1738, reg. 4(c)-(f); LGSCO 21 008 028", Matter.ADOPTION_PLACEMENT),
    about(19, "about a decision that an adopter is not suitable", "SI 2006/1738, reg. 4(f)", Matter.ADOPTER_FOUND_UNSUITABLE),
    about(20, "about the decision to start care proceedings", "SI 2006/1738, reg. 3(2)", Matter.CARE_PROCEEDINGS),
    about(
        29, "about how ordered contact was arranged", "SI 2006/1738, reg. 3(2); LGSCO 24 011 316", Matter.CONTACT_ORDERED_BY_COURT
    ),
    about(
        31, "about social care beside an EHC plan", "Children Act 1989, s. 17; LGSCO 25 002 762", Matter.SOCIAL_CARE_IN_EHC_PLAN
    ),
    about(48, "about a home where the council placed the child", "Children Act 1989, s. 26(3)(a)", Matter.CHILDRENS_HOME),
    about(49, "about an age assessment", "Children Act 1989, Part 3; guide P1", Matter.AGE_ASSESSMENT),
)


# What it does not cover


def section_47_where_it_is_not(facts: Facts) -> Reason | None:
    """SI 2006/1738, reg. 3 does not list section 47."""
    asked = Matter.SECTION_47 in facts.matters or Function.SECTION_47 in facts.functions
    if Matter.SECTION_47 not in covered(facts.nation) and asked:
        return Reason(
            "section 47 enquiries are not listed", "SI 2006/1738, reg. 3; guide P2", 21, matters=frozenset({Matter.SECTION_47})
        )
    return None


def about_assessing_an_adopter(facts: Facts) -> Reason | None:
    if Matter.ADOPTER_ASSESSMENT in facts.matters or Function.ADOPTER_ASSESSMENT in facts.functions:
        source = "SI 2006/1738, reg. 4(f): Part 4 is left out"
        return Reason("about an assessment as adopter", source, 19, matters=frozenset({Matter.ADOPTER_ASSESSMENT}))
    return None


def not_about_children_services(facts: Facts) -> Reason | None:
    if not facts.matters and facts.is_about_children_services is False:
        return Reason("not about children's services", "LGSCO Complaint Handling Code 2024; guide P8", 0)
    return None


def a_disagreement_between_professionals(facts: Facts) -> Reason | None:
    if facts.is_professional_disagreement:
        return Reason("professionals disagree: the partnership's escalation procedure", "law.md 5.2 row 39", 39)
    return None


CORPORATE: tuple[Test, ...] = (
    section_47_where_it_is_not,
    about_assessing_an_adopter,
    not_about_children_services,
    about(24, "about a core group", "LGSCO 23 020 509; guide P2", Matter.CORE_GROUP),
    about(24, "about an alarm that was not acted on", "LGSCO 23 020 509; guide P4", Matter.REFERRAL_NOT_ACTED_ON),
    about(13, "about an assessment as foster carer", "guide P5; LGSCO 17 018 496", Matter.PROSPECTIVE_FOSTER_CARER),
    about(27, "about the manner of who writes a court report", "LGSCO 23 000 794", Matter.COURT_REPORT_AUTHOR),
    about(30, "about special educational needs", "guide P6", Matter.SEND),
    about(32, "about school admission, transport, attendance or exclusion", "guide P6", Matter.SCHOOL_ADMISSION_OR_TRANSPORT),
    about(34, "about early help", "guide P8", Matter.EARLY_HELP),
    about(0, "about a service of the council that is not children's", "guide P8", Matter.OTHER_COUNCIL_SERVICE),
    about(0, "about the writer's own treatment", "guide P8", Matter.OWN_TREATMENT_AS_REFERRER, Matter.NEIGHBOUR_OF_A_HOME),
    about(0, "about the designated officer's work", "guide P8", Matter.LADO),
)
CORPORATE_TO_REVIEW: tuple[Test, ...] = (
    about(11, "about approval or standards of a foster carer", "LGSCO 17 018 496; guide P5", Matter.FOSTER_APPROVAL),
    about(23, "about a worker's conduct or report for a conference", "guide P2; law.md U9", Matter.CONFERENCE_REPORT),
    about(
        35,
        "about private fostering, childminding or youth justice",
        "not in SI 2006/1738, regs. 3-5",
        Matter.PRIVATE_FOSTERING,
        Matter.CHILDMINDING,
        Matter.YOUTH_JUSTICE,
    ),
)
CORPORATE_BY_ANOTHER_ROUTE: tuple[Test, ...] = (
    a_disagreement_between_professionals,
    about(22, "about a child protection conference: first to its chair", "LGSCO fact sheet; guide P2", Matter.CONFERENCE),
    about(26, "about a court report: the court hears that", "LGSCO 24 010 178; guide P4", Matter.COURT_REPORT),
    about(
        16, "about a special guardianship report: the court hears that", "law.md 5.2 row 16", Matter.SPECIAL_GUARDIANSHIP_REPORT
    ),
    about(50, "a claim for money: insurers or legal services", "law.md 5.2 row 50", Matter.MONEY_CLAIM),
)
ADULTS: tuple[Test, ...] = (about(6, "about an adult's own care", "SI 2009/309; guide P9", Matter.ADULT_CARE),)
PUBLIC_HEALTH: tuple[Test, ...] = (about(0, "about public health", "SI 2012/3094, Part 5; guide P9", Matter.PUBLIC_HEALTH),)
DATA_PROTECTION: tuple[Test, ...] = (
    about(36, "about personal information", "Data Protection Act 2018, s. 164A; guide P7", Matter.DATA),
)
OTHER_BODY: tuple[Test, ...] = (
    about(33, "about what happened inside a school", "Education Act 2002, s. 29; LGSCO 25 015 412", Matter.SCHOOL),
    about(26, "the court's own decision", "guide P4", Matter.COURT_DECISION),
    about(
        0,
        "about another body",
        "guide P10",
        Matter.POLICE,
        Matter.NHS,
        Matter.CAFCASS,
        Matter.NURSERY,
        Matter.OTHER_AGENCY,
        Matter.OTHER_COUNCIL,
        Matter.COUNCILLOR_CONDUCT,
        Matter.EMPLOYMENT,
    ),
)

TESTS: tuple[tuple[Procedure, Route, tuple[Test, ...]], ...] = (
    (Procedure.STATUTORY, Route.STAT, STATUTORY),  # first: the Act displaces the corporate procedure
    (Procedure.CORPORATE, Route.CORP, CORPORATE),
    (Procedure.CORPORATE, Route.REVIEW, CORPORATE_TO_REVIEW),
    (Procedure.CORPORATE, Route.OTHER, CORPORATE_BY_ANOTHER_ROUTE),
    (Procedure.ADULTS, Route.OTHER, ADULTS),
    (Procedure.PUBLIC_HEALTH, Route.OTHER, PUBLIC_HEALTH),
    (Procedure.DATA_PROTECTION, Route.OTHER, DATA_PROTECTION),
    (Procedure.OTHER_BODY, Route.OTHER, OTHER_BODY),
)

CHILD_PROTECTION = frozenset(
    {
        Matter.SECTION_47,
        Matter.CONFERENCE,
        Matter.CONFERENCE_REPORT,
        Matter.CORE_GROUP,
        Matter.REFERRAL_NOT_ACTED_ON,
    }
)
"""Beside a Part 3 matter these are taken along under the statutory procedure (row 25, guide P3)."""

OWN_RIGHT = frozenset(
    {
        Matter.LEAVING_CARE,
        Matter.TRANSITION_TO_ADULTS,
        Matter.HOMELESS_YOUNG_PERSON,
        Matter.CARE_YEARS_AGO,
        Matter.AGE_ASSESSMENT,
        Matter.FOSTER_ALLOWANCE,
        Matter.FOSTERING_LIMIT,
        Matter.SPECIAL_GUARDIANSHIP_SUPPORT,
        Matter.ADOPTION_SUPPORT,
        Matter.ADOPTION_PLACEMENT,
        Matter.ADOPTER_FOUND_UNSUITABLE,
    }
)
"""Whoever writes of these has standing by the Act: ss. 24D, 26(3B)(a), 26(3C), Sch. 7 para. 6 (law.md 1.2, S6, S8, S10, S11)."""


# What only a person can say


def known_not_to_be_a_care_leaver(facts: Facts) -> Reason | None:
    if facts.is_known_not_to_be_a_care_leaver:
        return Reason("not a care leaver in law", "LGSCO 21 016 233", 9, "No duty is owed: how is the complaint to be answered?")
    return None


def standing_turns_on_interest(facts: Facts) -> Reason | None:
    """SI 2006/1738, reg. 12: relatives, professionals, others; not those whom the Act itself names."""
    asks = facts.who in (Role.RELATIVE, Role.PROFESSIONAL, Role.MEMBER_OF_PUBLIC) or facts.is_step_parent
    named = facts.is_special_guardian or facts.is_adoptive_parent or facts.has_authority_of_a_parent or facts.is_for_a_constituent
    if not asks or named or facts.matters & OWN_RIGHT or facts.interest_is_sufficient or facts.is_professional_disagreement:
        return None
    row = 42 if facts.is_step_parent else 41 if facts.who is Role.RELATIVE else 40
    source = "Children Act 1989, s. 26(3)(e); SI 2006/1738, reg. 12; LGSCO 24 019 922"
    return Reason(
        "standing turns on a sufficient interest", source, row, "Has this person a sufficient interest in the child's welfare?"
    )


def advocate_without_instruction(facts: Facts) -> Reason | None:
    if facts.child_has_not_instructed:
        return Reason(
            "an advocate whom the child has not instructed", "LGSCO decision on Barnet", 45, "Do we take it from this advocate?"
        )
    return None


def anonymous(facts: Facts) -> Reason | None:
    if facts.is_anonymous:
        return Reason(
            "anonymous: recorded and acted on, without a clock", "law.md 1.11", 47, "What can be done, and is a child at risk?"
        )
    return None


def for_a_constituent(facts: Facts) -> Reason | None:
    if facts.is_for_a_constituent and not facts.asks_to_log_a_constituents_complaint:
        return Reason(
            "a member writes for a constituent", "law.md 5.2 row 46", 46, "Is it the constituent's complaint, or an enquiry?"
        )
    return None


TO_REVIEW_IF_STATUTORY: tuple[Test, ...] = (
    known_not_to_be_a_care_leaver,
    standing_turns_on_interest,
    about(
        49,
        "age assessments are usually challenged in court",
        "law.md 5.2 row 49",
        Matter.AGE_ASSESSMENT,
        question="Is it in court?",
    ),
)
TO_REVIEW: tuple[Test, ...] = (
    advocate_without_instruction,
    anonymous,
    for_a_constituent,
    about(
        34,
        "Family Help joins early help and section 17",
        "practice.md 3",
        Matter.FAMILY_HELP,
        question="Is the child in need (section 17), or is it early help?",
    ),
    about(
        38,
        "an allegation that a child was harmed goes to the designated officer first",
        "SI 2006/1738, reg. 8(1)(b)-(d)",
        Matter.ALLEGATION_AGAINST_STAFF,
        question="What may be looked at without prejudice to the enquiries?",
    ),
    about(
        37,
        "fitness to practise is the regulator's; the service is ours",
        "LGSCO 24 000 220",
        Matter.FITNESS_TO_PRACTISE,
        question="Which service is complained of?",
    ),
)
