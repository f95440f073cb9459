"""What the words of a message show, and the reasons for it. A suggestion: a person decides."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from procedures.facts import Facts
from procedures.terms import Kind, Procedure, Risk, Role, Route

GUIDE_PROCEDURES = {
    Procedure.STATUTORY: "statutory",
    Procedure.CORPORATE: "corporate",
    Procedure.ADULTS: "adult_social_care",
    Procedure.PUBLIC_HEALTH: "public_health",
    Procedure.DATA_PROTECTION: "corporate",  # guide P7: the Information Commissioner comes next
    Procedure.OTHER_BODY: "other_body",
    Procedure.UNDECIDED: "unclear",
}


class Sort(StrEnum):
    """What a message is, in the labelling guide's words; `Kind` is what a case of it is opened as."""

    COMPLAINT = "complaint"
    COMPLIMENT = "compliment"
    COMMENT = "comment"
    ENQUIRY = "enquiry"
    OMBUDSMAN = "ombudsman"
    SAFEGUARDING = "safeguarding"
    SPAM_OR_AUTO = "spam_or_auto"


class Command(StrEnum):
    """A word of a reply that asks for one thing, when it stands alone (people-and-safety.md 3.3)."""

    STATUS = "status"
    STOP = "stop"
    NEXT_STEP = "next_step"
    NOT_HAPPY = "not_happy"
    ADVOCATE = "advocate"
    CALL = "call"
    READ = "read"
    NEW = "new"


class Reason(NamedTuple):
    """Why something is said: the words that show it, by offsets in code points into the subject or the text.

    Where no single place shows it (a language, a default), `start` and `end` are 0.
    """

    field: str
    value: str
    place: str
    start: int
    end: int
    rule: str
    source: str

    def as_dict(self) -> dict[str, str | int]:
        """Return it as the command line prints it: `in` for the place."""
        return {
            "field": self.field,
            "value": self.value,
            "in": self.place,
            "start": self.start,
            "end": self.end,
            "rule": self.rule,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Classification:
    """What a message seems to be. Safety is never a gate: it only adds help and a person."""

    sort: Sort
    kind: Kind
    procedure: Procedure
    route: Route
    role: Role
    complainant: str
    """Who writes, in the labelling guide's words; `role` is the register's."""
    is_on_behalf: bool
    themes: tuple[str, ...]
    """The register's themes."""
    service: str
    issues: int
    risk: Risk
    tier: str
    """A harm, B suicide or self-harm, C worry, threat; or empty (people-and-safety.md 2.9)."""
    language: str
    """ISO 639-1, empty when it can't be told."""
    wants: tuple[str, ...]
    command: Command | None
    reasons: tuple[Reason, ...]
    is_not_happy: bool = False
    """Its words say that something is not right yet; that is the next step only to who has had an answer."""
    is_about_to_change: bool = False
    """Its words say that something changes for them within days."""
    question: str = ""
    """What a person has to decide, if the law book asks."""
    is_too_long: bool = False
    is_reviewed: bool = False
    """A speaker of its language has reviewed the words of danger that it was read by."""
    facts: Facts = field(default_factory=Facts)
    """What it was taken to show: what the law was decided from, and what a person may correct."""

    @property
    def is_automatic_or_spam(self) -> bool:
        """Say whether no person seems to have said anything to us, by words of the lists: no weight silences anybody."""
        said = (reason for reason in self.reasons if reason.field == "kind" and reason.value == Sort.SPAM_OR_AUTO)
        return self.sort is Sort.SPAM_OR_AUTO and any(not reason.rule.startswith("learned:") for reason in said)

    @property
    def is_status_request(self) -> bool:
        """Say whether it asks where a matter has got to, and nothing more."""
        return self.command is Command.STATUS or (self.sort is Sort.ENQUIRY and "status" in self.wants)

    @property
    def needs_translation(self) -> bool:
        """Say whether it is written in another language than English."""
        return self.language != "en"

    @property
    def needs_a_look(self) -> bool:
        """Say whether a person must look for harm within two working hours: the words can't be relied on (practice.md 2)."""
        return not self.is_reviewed or self.is_too_long
