"""What a message is about: the facts for the law book, and the service it concerns (labelling guide, P1 to P14)."""

from intake.classification.evidence import Evidence
from procedures.facts import Facts, Matter
from procedures.scope_tests import CHILD_PROTECTION
from procedures.terms import Kind, Risk, Role

PART_3 = frozenset(
    {
        Matter.LOOKED_AFTER,
        Matter.CHILD_IN_NEED,
        Matter.DISABLED_CHILD,
        Matter.CARER_ASSESSMENT,
        Matter.LEAVING_CARE,
        Matter.TRANSITION_TO_ADULTS,
        Matter.HOMELESS_YOUNG_PERSON,
        Matter.CARE_YEARS_AGO,
        Matter.FOSTERED_CHILD,
        Matter.FOSTER_ALLOWANCE,
        Matter.SPECIAL_GUARDIANSHIP_SUPPORT,
        Matter.ADOPTION_SUPPORT,
        Matter.ADOPTION_PLACEMENT,
        Matter.SOCIAL_CARE_IN_EHC_PLAN,
        Matter.AGE_ASSESSMENT,
        Matter.CHILDRENS_HOME,
        Matter.SOCIAL_WORKER,
    }
)
_ELSEWHERE = frozenset(
    {
        Matter.OTHER_AGENCY,
        Matter.EMPLOYMENT,
        Matter.CAFCASS,
        Matter.COUNCILLOR_CONDUCT,
        Matter.FOSTER_APPROVAL,
        Matter.PROSPECTIVE_FOSTER_CARER,
        Matter.ADOPTER_ASSESSMENT,
        Matter.NEIGHBOUR_OF_A_HOME,
        Matter.OWN_TREATMENT_AS_REFERRER,
        Matter.LADO,
        Matter.COURT_REPORT,
    }
)
"""Where one of these is meant, the words for a Part 3 service beside it only tell the story."""
_BODIES = frozenset({Matter.SCHOOL, Matter.POLICE, Matter.NHS, Matter.NURSERY, Matter.OTHER_COUNCIL})
_MATTERS = frozenset(Matter)
_HINT, _CLEAR = 2, 4
_SERVICES = (
    (Matter.SPECIAL_GUARDIANSHIP_SUPPORT, "special_guardianship"),
    (Matter.ADOPTION_SUPPORT, "adoption"),
    (Matter.ADOPTER_ASSESSMENT, "adoption"),
    (Matter.ADOPTION_PLACEMENT, "adoption"),
    (Matter.PUBLIC_HEALTH, "public_health"),
    (Matter.LADO, "other"),
    (Matter.CAFCASS, "other"),
    (Matter.LEAVING_CARE, "leaving_care"),
    (Matter.FOSTER_ALLOWANCE, "fostering"),
    (Matter.FOSTERED_CHILD, "fostering"),
    (Matter.FOSTER_APPROVAL, "fostering"),
    (Matter.PROSPECTIVE_FOSTER_CARER, "fostering"),
    (Matter.DISABLED_CHILD, "disabled_children"),
    (Matter.SOCIAL_CARE_IN_EHC_PLAN, "disabled_children"),
    (Matter.CARER_ASSESSMENT, "disabled_children"),
    (Matter.CONFERENCE, "child_protection"),
    (Matter.SECTION_47, "child_protection"),
    (Matter.CORE_GROUP, "child_protection"),
    (Matter.REFERRAL_NOT_ACTED_ON, "child_protection"),
    (Matter.OWN_TREATMENT_AS_REFERRER, "child_protection"),
    (Matter.YOUTH_JUSTICE, "youth_justice"),
    (Matter.EARLY_HELP, "early_help"),
    (Matter.LOOKED_AFTER, "children_in_care"),
    (Matter.CHILDRENS_HOME, "children_in_care"),
    (Matter.CARE_YEARS_AGO, "children_in_care"),
    (Matter.ADULT_CARE, "adult_social_care"),
    (Matter.COURT_REPORT, "referral_and_assessment/mash"),
    (Matter.CHILD_IN_NEED, "referral_and_assessment/mash"),
    (Matter.AGE_ASSESSMENT, "children_in_care"),
    (Matter.HOMELESS_YOUNG_PERSON, "referral_and_assessment/mash"),
    (Matter.SEND, "send"),
    (Matter.SOCIAL_WORKER, "referral_and_assessment/mash"),
    (Matter.SCHOOL, "education_other"),
    (Matter.OTHER_COUNCIL_SERVICE, "other"),
    (Matter.SCHOOL_ADMISSION_OR_TRANSPORT, "education_other"),
)
_WORDS_FOR_SERVICES = (
    ("school_transport", ("transport", "taxi", "minibus", "school bus", "escort", "passenger assistant")),
    ("school_admissions", ("admission", "school place", "appeal", "offered schools", "catchment", "allocated school")),
    (
        "housing",
        ("housing", "mould", "damp", "landlord", "temporary accommodation", "tenan", "guriga", "council flat", "hotel room"),
    ),
    ("waste", ("bin", "rubbish", "recycl", "waste", "fly")),
    ("highways", ("pothole", "street light", "column", "kerb", "pavement", "road", "bulb")),
    ("planning", ("planning",)),
    ("council_tax_benefits", ("council tax", "housing benefit", "bailiff", "benefits")),
)


def matters_of(evidence: Evidence) -> tuple[frozenset[Matter], Matter | None]:
    """Return what it's about, and what mainly: a weak sign only counts where there's no stronger one."""
    weights = {Matter(value): evidence.weight("matter", value) for value in evidence.values("matter") if value in _MATTERS}
    found = {matter for matter, weight in weights.items() if weight > 1}
    if evidence.has("matter", "child_protection") and not found & CHILD_PROTECTION and not found & PART_3:
        found.add(Matter.CONFERENCE)
        weights[Matter.CONFERENCE] = 4
    found = _without_mentions(weights, _resolved(evidence, found))
    if not found and Matter.SOCIAL_WORKER in weights:
        found = {Matter.SOCIAL_WORKER}
    main = max(found, key=lambda matter: (weights.get(matter, 0), matter.value), default=None)
    return frozenset(found), main


def _without_mentions(weights: dict[Matter, int], found: set[Matter]) -> set[Matter]:
    """Drop what's only hinted at, and other bodies that only occur in the story, beside what is clearly meant."""
    clear = {matter for matter in found if weights.get(matter, _CLEAR) >= _CLEAR}
    if not clear:
        return found
    return {matter for matter in found if matter in clear or (matter not in _BODIES and weights.get(matter, 0) > _HINT)}


def _resolved(evidence: Evidence, found: set[Matter]) -> set[Matter]:
    """Undo what the words for one service lend to another."""
    if found & _ELSEWHERE:
        found = found - (PART_3 - {Matter.SPECIAL_GUARDIANSHIP_SUPPORT, Matter.DISABLED_CHILD})
    if found & {
        Matter.FOSTER_APPROVAL,
        Matter.PROSPECTIVE_FOSTER_CARER,
        Matter.ADOPTER_ASSESSMENT,
        Matter.OTHER_AGENCY,
        Matter.EMPLOYMENT,
    }:
        found = found - PART_3
    if Matter.DISABLED_CHILD in found and Matter.SEND in found:
        found = (found - {Matter.DISABLED_CHILD}) | {Matter.SOCIAL_CARE_IN_EHC_PLAN}
    if evidence.weight("matter", Matter.ADULT_CARE) > _HINT and not evidence.has("role", "child", "care_leaver"):
        found = found - {Matter.DISABLED_CHILD, Matter.CHILD_IN_NEED, Matter.LOOKED_AFTER}
    return found


def service_of(matters: frozenset[Matter], words: str) -> str:
    """Return the labelling guide's service."""
    for service, stems in _WORDS_FOR_SERVICES:
        is_theirs = matters & {Matter.OTHER_COUNCIL_SERVICE, Matter.SCHOOL_ADMISSION_OR_TRANSPORT} and not matters & PART_3
        if is_theirs and any(stem in words for stem in stems):
            return service
    return next((service for matter, service in _SERVICES if matter in matters), "other")


def facts_of(
    evidence: Evidence,
    kind: Kind,
    role: Role,
    matters: frozenset[Matter],
    main: Matter | None,
    risk: Risk,
    *,
    is_on_behalf: bool = False,
) -> Facts:
    """Return what the words show, for the law book."""
    return Facts(
        kind=kind,
        who=role,
        matters=matters,
        main_matter=main,
        is_on_behalf=is_on_behalf or evidence.has("is", "on_behalf"),
        is_step_parent=evidence.has("is", "step_parent"),
        is_special_guardian=evidence.has("is", "special_guardian"),
        is_adoptive_parent=evidence.has("is", "adopter"),
        is_for_a_constituent=evidence.has("is", "constituent"),
        asks_to_log_a_constituents_complaint=evidence.has("is", "log_complaint"),
        writer_is_care_leaver=role is Role.CARE_LEAVER,
        child_is_looked_after=Matter.LOOKED_AFTER in matters,
        child_is_disabled=Matter.DISABLED_CHILD in matters,
        shows_harm=risk in {Risk.SAFEGUARDING, Risk.EMERGENCY},
        has_court_proceedings=evidence.has("is", "court"),
    )
