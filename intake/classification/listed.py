"""What the lists alone say of a message: the answers that need no weighing, and what they tell the weights."""

from dataclasses import dataclass

from intake.classification.commands import command_in
from intake.classification.danger import danger
from intake.classification.evidence import Evidence, gather
from intake.classification.folding import Folded, fold
from intake.classification.language import language_of
from intake.classification.matters import facts_of, matters_of, service_of
from intake.classification.phrases import Phrasebook
from intake.classification.sorting import sort_of
from intake.classification.values import Command, Sort
from intake.classification.wordlists import phrasebook
from procedures.facts import Matter
from procedures.scope import Decision, decide
from procedures.terms import Kind, Risk, Role

FEEDBACK = {Sort.COMPLAINT, Sort.COMPLIMENT, Sort.COMMENT}
REGISTER_ROLES = {
    "carer_foster": Role.FOSTER_CARER,
    "carer_sgo": Role.CARER,
    "solicitor": Role.PROFESSIONAL,
    "councillor_mp": Role.PROFESSIONAL,
}
_MOST_THEMES = 4
_KINDS, _ROLES = frozenset(Kind), frozenset(Role)


@dataclass(frozen=True)
class Listed:
    """A message, folded, with what the lists show and conclude."""

    subject: Folded
    text: Folded
    evidence: Evidence
    command: Command | None
    sort: Sort
    risk: Risk
    tier: str
    matters: frozenset[Matter]
    main: Matter | None
    service: str
    complainant: str
    themes: tuple[str, ...]
    wants: tuple[str, ...]
    language: str

    @property
    def has_words(self) -> bool:
        """Say whether there is a letter in it."""
        return any(map(str.isalpha, self.text.text)) or any(map(str.isalpha, self.subject.text))

    def signs(self, procedure: str) -> list[str]:
        """Return what the weights are told beside the words: each rule that matched, and each answer."""
        shown = [f"l:{name}={value}" for name in self.evidence.shown for value in self.evidence.values(name)]
        answers = [
            f"a:kind={self.sort.value}",
            f"a:procedure={procedure}",
            f"a:service={self.service}",
            f"a:complainant={self.complainant}",
            f"a:risk={self.risk.value}",
            f"a:language={self.language}",
        ]
        several = [f"a:theme={theme}" for theme in self.themes] + [f"a:wants={want}" for want in self.wants]
        return list(dict.fromkeys(shown + answers + several))


def listed(text: str, subject: str, book: Phrasebook | None = None) -> Listed:
    """Read a message against the lists, or against another `book` than theirs."""
    heading, body = fold(subject), fold(text)
    evidence = gather(book or phrasebook(), heading, body)
    command = command_in(text, subject)
    risk, tier = danger(evidence)
    sort = sort_of(evidence, Folded(heading.text + body.text, []), risk, command)
    matters, main = matters_of(evidence)
    return Listed(
        subject=heading,
        text=body,
        evidence=evidence,
        command=command,
        sort=sort,
        risk=risk,
        tier=tier,
        matters=matters,
        main=main,
        service=service_of(matters, f"{heading.text} {body.text}"),
        complainant=_who(evidence),
        themes=_themes(evidence, sort),
        wants=_wants(evidence, sort),
        language=language_of(heading, body),
    )


def decided(found: Listed) -> Decision:
    """Return what the law says of the lists' facts."""
    role = role_of(found.complainant)
    return decide(facts_of(found.evidence, kind_of(found.sort), role, found.matters, found.main, found.risk))


def kind_of(sort: Sort) -> Kind:
    """What a case of it is opened as: the register has four kinds, and in doubt it is none that loses a right."""
    return Kind(sort.value) if sort.value in _KINDS else Kind.ENQUIRY


def role_of(complainant: str) -> Role:
    """Return the register's word for who writes."""
    if complainant in REGISTER_ROLES:
        return REGISTER_ROLES[complainant]
    return Role(complainant) if complainant in _ROLES else Role.UNKNOWN


def _who(evidence: Evidence) -> str:
    weights = {value: evidence.weight("role", value) for value in evidence.values("role")}
    return max(weights, key=lambda value: weights[value], default="unknown")


def _themes(evidence: Evidence, sort: Sort) -> tuple[str, ...]:
    if sort not in FEEDBACK:
        return ()
    found = sorted(evidence.values("theme"), key=lambda value: -len(evidence.of("theme", value)))
    return tuple(found[:_MOST_THEMES]) or ("other",)


def _wants(evidence: Evidence, sort: Sort) -> tuple[str, ...]:
    found = [value for value in evidence.values("wants") if value != "action"]
    if sort in {Sort.COMPLIMENT, Sort.COMMENT, Sort.SPAM_OR_AUTO}:
        return ("none",)
    if evidence.has("wants", "action") or (sort is Sort.COMPLAINT and not found):
        found.append("action")
    return tuple(found) or ("none",)
