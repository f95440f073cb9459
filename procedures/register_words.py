"""The words of a register: what councils' own spreadsheets say in columns that the rest of the service has no word for."""

from enum import StrEnum

IMPORTED_BY = "register"
"""Stands as who recorded it on every event that an import of a register made."""


class OmbudsmanBody(StrEnum):
    """Who looks at complaints after the council."""

    LGSCO = "lgsco"
    LGO = "lgo"
    """What the LGSCO was called before 2017."""
    HOUSING_OMBUDSMAN = "housing_ombudsman"
    PHSO = "phso"


class EnquiryKind(StrEnum):
    """How far the Ombudsman's enquiry went."""

    ASSESSMENT = "assessment"
    FULL_ENQUIRY = "full_enquiry"


class OmbudsmanOutcome(StrEnum):
    """What the Ombudsman decided, in the Ombudsman's own categories."""

    UPHELD = "upheld"
    UPHELD_MALADMINISTRATION_INJUSTICE = "upheld_maladministration_injustice"
    NOT_UPHELD = "not_upheld"
    MALADMINISTRATION = "maladministration"
    NO_MALADMINISTRATION = "no_maladministration"
    CLOSED_WITHOUT_INVESTIGATION = "closed_without_investigation"
    PREMATURE = "premature"
    NOT_PURSUED = "not_pursued"
    OUT_OF_JURISDICTION = "out_of_jurisdiction"


class Activity(StrEnum):
    """What a service does in a period: what complaints are set against."""

    CONTACTS = "contacts"
    REFERRALS = "referrals"
    OPEN_CASES = "open_cases"
    CHILDREN_IN_CARE = "children_in_care"
