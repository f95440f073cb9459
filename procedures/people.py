"""Who is on a case and by what right: roles, standing, authority, and who may hold an office (SI 2006/1738)."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class CaseRole(StrEnum):
    """What a person is on a case."""

    COMPLAINANT = "complainant"
    CHILD = "child"
    """The child whom it is about, where somebody else complains."""
    FAMILY = "family"
    """A relative or carer who complains of nothing here: is told nothing."""
    ADVOCATE = "advocate"
    """Children Act 1989, s. 26A. Copied on every letter from the day on which an officer confirms the appointment."""
    SOLICITOR = "solicitor"
    MP = "mp"
    """A member of parliament or councillor who acts for the person."""
    RESPONSIBLE_MANAGER = "responsible_manager"
    INVESTIGATING_OFFICER = "investigating_officer"
    INDEPENDENT_PERSON = "independent_person"
    ADJUDICATOR = "adjudicator"
    PANEL_CHAIR = "panel_chair"
    PANEL_MEMBER = "panel_member"
    COMPLAINED_ABOUT = "complained_about"
    """Walled from the case at once."""


REPRESENTS = (CaseRole.ADVOCATE, CaseRole.SOLICITOR, CaseRole.MP)
"""Who speaks for the complainant, and hears what the complainant hears, once an officer confirmed it."""
HOLDS_AN_OFFICE = (
    CaseRole.RESPONSIBLE_MANAGER,
    CaseRole.INVESTIGATING_OFFICER,
    CaseRole.INDEPENDENT_PERSON,
    CaseRole.ADJUDICATOR,
    CaseRole.PANEL_CHAIR,
    CaseRole.PANEL_MEMBER,
)
"""Who answers, looks into or judges the case: nobody whom it is about."""
INDEPENDENT = (CaseRole.INDEPENDENT_PERSON, CaseRole.PANEL_CHAIR, CaseRole.PANEL_MEMBER)
"""Neither a member nor an employee of the council, nor the spouse or civil partner of one (reg. 2 and 17(2); reg. 19)."""
ONE_AT_A_TIME = (CaseRole.INDEPENDENT_PERSON, CaseRole.ADJUDICATOR, CaseRole.PANEL_CHAIR, CaseRole.INVESTIGATING_OFFICER)
MOST_ON_A_PANEL = 3
"""With the chair (reg. 19(2))."""


class Need(StrEnum):
    """What somebody needs, to complain as others do: a reasonable adjustment (Equality Act 2010, s. 20; the Code, 5.6)."""

    EASY_READ = "easy_read"
    LARGE_PRINT = "large_print"
    AUDIO = "audio"
    BRAILLE = "braille"
    CALL = "call"
    """A call, not letters."""
    WRITING = "writing"
    """Writing, not calls."""
    INTERPRETER = "interpreter"
    BSL = "bsl"
    """British Sign Language."""
    MEETING_PLACE = "meeting_place"
    """Where or how they can be met: a room without steps, a quiet one."""
    MORE_TIME = "more_time"
    OTHER = "other"

    @property
    def spoken(self) -> str:
        """As staff read it."""
        return _NEEDS.get(self, self.value.replace("_", " "))


@cache
def _adjusted_by() -> dict[str, str]:
    return tomllib.loads((files("procedures") / "adjustments.toml").read_text("utf-8"))


def adjustments_by(nation: str) -> str:
    """By what law a reasonable adjustment is made in a nation; KeyError where `adjustments.toml` does not know it."""
    return _adjusted_by()[nation]


_NEEDS = {
    Need.BSL: "British Sign Language",
    Need.CALL: "a call, not letters",
    Need.WRITING: "writing, not calls",
    Need.MEETING_PLACE: "a place where they can be met",
    Need.OTHER: "what they said",
}


class Standing(StrEnum):
    """Why a person may use the statutory procedure (law.md 1.2)."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"
    S5 = "S5"
    S6 = "S6"
    S7 = "S7"
    S8 = "S8"
    S9 = "S9"
    S10 = "S10"
    S11 = "S11"
    S12 = "S12"


@dataclass(frozen=True)
class StandingRule:
    """Who a code means, by which provision, and whether the council must first decide on a sufficient interest (reg. 12)."""

    who: str
    authority: str
    needs_decision: bool = False


STANDINGS: dict[Standing, StandingRule] = {
    Standing.S1: StandingRule("a child looked after by the council, or in need", "Children Act 1989, s. 26(3)(a)"),
    Standing.S2: StandingRule("a parent of that child", "Children Act 1989, s. 26(3)(b)"),
    Standing.S3: StandingRule("someone with parental responsibility who is no parent", "Children Act 1989, s. 26(3)(c)"),
    Standing.S4: StandingRule("a local authority foster parent", "Children Act 1989, s. 26(3)(d)"),
    Standing.S5: StandingRule(
        "someone else with a sufficient interest in the child's welfare",
        "Children Act 1989, s. 26(3)(e); SI 2006/1738, reg. 12",
        needs_decision=True,
    ),
    Standing.S6: StandingRule("someone whom adoption or adoption support concerns", "Children Act 1989, s. 26(3B)(a)"),
    Standing.S7: StandingRule(
        "someone else with a sufficient interest in a child who is or may be adopted",
        "Children Act 1989, s. 26(3B)(b); SI 2006/1738, reg. 12",
        needs_decision=True,
    ),
    Standing.S8: StandingRule(
        "a child under special guardianship, the guardian, a parent, or who asked for an assessment",
        "Children Act 1989, s. 26(3C)(a), (b), (d)",
    ),
    Standing.S9: StandingRule(
        "someone else with a sufficient interest in a child under special guardianship",
        "Children Act 1989, s. 26(3C)(c); SI 2006/1738, reg. 12",
        needs_decision=True,
    ),
    Standing.S10: StandingRule("a care leaver", "Children Act 1989, s. 24D"),
    Standing.S11: StandingRule(
        "someone exempted, or who asks to be, from the fostering limit",
        "Children Act 1989, Sch. 7 para. 6; SI 2006/1738, reg. 23",
    ),
    Standing.S12: StandingRule(
        "someone complaining to a voluntary organisation that accommodates the child",
        "Children Act 1989, s. 59(4); SI 2006/1738, regs. 21-22",
    ),
}


class Basis(StrEnum):
    """By what right somebody speaks on a case (practice.md 5.4)."""

    OWN_RIGHT = "own_right"
    ON_BEHALF = "on_behalf"
    SOLICITOR = "solicitor"
    ADVOCATE = "advocate"
    MP = "mp"


NEEDS_EVIDENCE = (Basis.ON_BEHALF, Basis.SOLICITOR, Basis.ADVOCATE, Basis.MP)


class LinkKind(StrEnum):
    """How two cases belong together. None of them fuses anything."""

    FAMILY = "family"
    DUPLICATE = "duplicate"
    JOINT = "joint"
    RELATED = "related"


class WallKind(StrEnum):
    """From whom a case is kept."""

    STAFF = "staff"
    """Complained about, or with a conflict of interest: does not see, handle or hear of the case."""
    FAMILY = "family"
    """"Is there anyone we should not tell that you wrote?" (practice.md 4)."""
