"""What is known of a representation before anyone decides: the input of `procedures.scope.decide`.

Intake says what the words show; a person may correct it. Every default means "not known" or "nothing shows it".
"""

from dataclasses import dataclass
from enum import StrEnum

from procedures.terms import Kind, Role


class Function(StrEnum):
    """Functions of a council that England's statutory procedure covers or leaves out (law.md 1.3's codes)."""

    PART_3 = "F-III"
    PART_4 = "F-IV"
    PART_5 = "F-V"
    SECTION_47 = "F-47"
    ADOPTION_SUPPORT = "F-AD1"
    ADOPTION_PLACEMENT = "F-AD2"
    ADOPTION_AGENCY = "F-AD3"
    ADOPTER_ASSESSMENT = "F-AD4"
    ADOPTION_ABROAD = "F-AD5"
    SPECIAL_GUARDIANSHIP = "F-SG"
    FOSTERING_LIMIT = "F-FL"


class Matter(StrEnum):
    """What it is about. A message may be about several; each is a row, or a part of one, of law.md 5.2."""

    # What the statutory procedure covers.
    LOOKED_AFTER = "looked_after"  # placement, contact, reviews, pocket money of a child in care; also section 20
    SOCIAL_WORKER = "social_worker"  # "my/my child's social worker", no sign of child protection
    CHILD_IN_NEED = "child_in_need"  # section 17: child and family assessment, plan, help refused at the front door, destitution
    DISABLED_CHILD = "disabled_child"  # short breaks, direct payments, care package, occupational therapy
    CARER_ASSESSMENT = "carer_assessment"  # parent carers and young carers, sections 17ZA to 17ZI
    LEAVING_CARE = "leaving_care"  # accommodation, grants, personal adviser, pathway plan, savings
    TRANSITION_TO_ADULTS = "transition_to_adults"  # planning before 18 by the children's side
    HOMELESS_YOUNG_PERSON = "homeless_young_person"  # homeless at 16 or 17, or section 20 refused
    CARE_YEARS_AGO = "care_years_ago"
    FOSTERED_CHILD = "fostered_child"  # a foster carer about the child: education, support, removal or move
    FOSTER_ALLOWANCE = "foster_allowance"  # allowance, fees or support; also kinship carers called "private"
    FOSTERING_LIMIT = "fostering_limit"
    SPECIAL_GUARDIANSHIP_SUPPORT = "special_guardianship_support"
    ADOPTION_SUPPORT = "adoption_support"  # also letterbox contact, allowance
    ADOPTION_PLACEMENT = "adoption_placement"  # linking, matching, introductions, what was told about the child
    ADOPTER_FOUND_UNSUITABLE = "adopter_found_unsuitable"  # pre-assessment decision, reg. 27 of the Agencies Regulations
    CARE_PROCEEDINGS = "care_proceedings"  # the decision to go to court; sections 31, 33, 34, 35, 43, 44
    CONTACT_ORDERED_BY_COURT = "contact_ordered_by_court"
    SOCIAL_CARE_IN_EHC_PLAN = "social_care_in_ehc_plan"
    AGE_ASSESSMENT = "age_assessment"
    CHILDRENS_HOME = "childrens_home"  # a child about the home or supported accommodation they live in

    # Child protection.
    SECTION_47 = "section_47"  # enquiry, strategy meeting
    CONFERENCE = "conference"  # chair, process, category, decision, plan
    CONFERENCE_REPORT = "conference_report"  # a worker's conduct or report for the conference
    CORE_GROUP = "core_group"
    REFERRAL_NOT_ACTED_ON = "referral_not_acted_on"  # an alarm about a child at risk
    ALLEGATION_AGAINST_STAFF = "allegation_against_staff"  # staff or carer said to have harmed a child

    # What the corporate procedure covers.
    FOSTER_APPROVAL = "foster_approval"  # approval, deregistration, standards of care, allegations process
    PROSPECTIVE_FOSTER_CARER = "prospective_foster_carer"
    ADOPTER_ASSESSMENT = "adopter_assessment"
    COURT_REPORT_AUTHOR = "court_report_author"  # manners or availability of who writes a section 7 or 37 report
    SEND = "send"  # EHC needs assessment, plan, provision, annual review
    SCHOOL_ADMISSION_OR_TRANSPORT = "school_admission_or_transport"  # also attendance, exclusion
    EARLY_HELP = "early_help"
    FAMILY_HELP = "family_help"  # joins early help and section 17
    PRIVATE_FOSTERING = "private_fostering"
    CHILDMINDING = "childminding"
    YOUTH_JUSTICE = "youth_justice"
    LADO = "lado"
    NEIGHBOUR_OF_A_HOME = "neighbour_of_a_home"
    OWN_TREATMENT_AS_REFERRER = "own_treatment_as_referrer"
    OTHER_COUNCIL_SERVICE = "other_council_service"  # not children's services
    MONEY_CLAIM = "money_claim"

    # Other routes and other bodies.
    COURT_REPORT = "court_report"  # content of a section 7 or 37 report
    SPECIAL_GUARDIANSHIP_REPORT = "special_guardianship_report"  # suitability report, or the order itself
    COURT_DECISION = "court_decision"
    DATA = "data"  # breach, wrong record, late answer to a records request
    FITNESS_TO_PRACTISE = "fitness_to_practise"
    SCHOOL = "school"  # what happened inside a school
    POLICE = "police"
    NHS = "nhs"  # hospital, CAMHS, GP
    CAFCASS = "cafcass"
    NURSERY = "nursery"  # registered with Ofsted
    OTHER_AGENCY = "other_agency"  # an independent agency about itself
    OTHER_COUNCIL = "other_council"
    COUNCILLOR_CONDUCT = "councillor_conduct"
    EMPLOYMENT = "employment"  # a worker's grievance
    ADULT_CARE = "adult_care"  # an adult's own care, Care Act, services after 18
    PUBLIC_HEALTH = "public_health"  # health visiting, school nursing, sexual health, substance misuse, weight


class Gate(StrEnum):
    """A separate question for a person. A gate never changes which procedure applies (labelling guide P11)."""

    HARM = "harm"
    SUFFICIENT_INTEREST = "sufficient_interest"  # reg. 12
    LATE = "late"  # reg. 9
    CONCURRENT_PROCEEDINGS = "concurrent_proceedings"  # reg. 8
    LIMIT_WHAT_IS_TOLD = "limit_what_is_told"
    CHILD_VIEW = "child_view"
    AUTHORITY = "authority"
    ASK_THE_REVIEW_MECHANISM = "ask_the_review_mechanism"  # Independent Review Mechanism
    SIGNPOST_REGULATOR = "signpost_regulator"  # Social Work England, Ofsted
    SIGNPOST_TRIBUNAL = "signpost_tribunal"
    SIGNPOST_INSURER = "signpost_insurer"


@dataclass(frozen=True)
class Facts:
    """What is known of one representation. `None` and `False` mean "nothing shows it", never "it is not so" unless said."""

    kind: Kind | None = None
    who: Role = Role.UNKNOWN
    nation: str = "england"
    matters: frozenset[Matter] = frozenset()
    main_matter: Matter | None = None  # decides between matters when none of them is a statutory one (guide P13)
    functions: frozenset[Function] = frozenset()  # only where known beyond what the matters say
    is_about_children_services: bool | None = None

    # The child or young person.
    child_is_looked_after: bool = False
    child_is_in_need: bool = False
    child_is_disabled: bool = False
    writer_is_care_leaver: bool = False
    is_known_not_to_be_a_care_leaver: bool = False  # found out in law, after all

    # Who stands behind the words.
    is_anonymous: bool = False
    is_on_behalf: bool = False  # carries someone else's complaint
    is_without_parental_responsibility: bool = False  # a parent; it takes nothing away (section 26(3)(b))
    is_step_parent: bool = False
    has_authority_of_a_parent: bool = False
    is_special_guardian: bool = False
    is_adoptive_parent: bool = False
    is_adult_speaking_of_own_care: bool = False  # an adult's own social care
    interest_is_sufficient: bool | None = None  # the council's decision under reg. 12, once made
    child_objects: bool = False
    child_has_not_instructed: bool = False  # an advocate without the child's instruction
    is_for_a_constituent: bool = False  # a councillor or Member of Parliament
    asks_to_log_a_constituents_complaint: bool = False
    is_professional_disagreement: bool = False  # a worker of another agency about a decision

    # Circumstances: each opens a gate.
    shows_harm: bool = False
    is_over_a_year_old: bool = False
    has_court_proceedings: bool = False
    has_criminal_or_disciplinary_matter: bool = False
