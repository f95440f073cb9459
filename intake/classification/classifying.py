"""From words to a suggestion with reasons."""

from intake.classification.commands import command_in, says_about_to_change, says_not_happy
from intake.classification.danger import danger
from intake.classification.evidence import Evidence, gather
from intake.classification.folding import READ_AT_MOST, Folded, fold
from intake.classification.language import language_of
from intake.classification.matters import facts_of, matters_of, service_of
from intake.classification.sorting import sort_of
from intake.classification.values import Classification, Reason, Sort
from intake.classification.wordlists import phrasebook
from procedures.scope import Decision, decide
from procedures.terms import Channel, Kind, Risk, Role

_FEEDBACK = {Sort.COMPLAINT, Sort.COMPLIMENT, Sort.COMMENT}
_REGISTER_ROLES = {
    "carer_foster": Role.FOSTER_CARER,
    "carer_sgo": Role.CARER,
    "solicitor": Role.PROFESSIONAL,
    "councillor_mp": Role.PROFESSIONAL,
}
_GUIDE_ROLES = {Role.FOSTER_CARER: "carer_foster", Role.CARER: "carer_sgo"}
_MOST_THEMES = 4


def classify(text: str, subject: str = "", *, raised_by: Role | None = None, channel: Channel = Channel.EMAIL) -> Classification:
    """Say what a message seems to be. `raised_by` is the person's own answer, which outranks every guess."""
    heading, body = fold(subject), fold(text)
    evidence = gather(phrasebook(), heading, body)
    command = command_in(text, subject)
    risk, tier = danger(evidence)
    sort = sort_of(evidence, Folded(heading.text + body.text, []), risk, command)
    complainant, role = _who(evidence, raised_by)
    kind = _kind(sort)
    matters, main = matters_of(evidence)
    decision = decide(facts_of(evidence, kind, role, matters, main, risk))
    themes = _themes(evidence, sort)
    wants = _wants(evidence, sort)
    return Classification(
        sort=sort,
        kind=kind,
        procedure=decision.procedure,
        route=decision.route,
        role=role,
        complainant=complainant,
        is_on_behalf=evidence.has("is", "on_behalf"),
        themes=themes,
        service=service_of(matters, f"{heading.text} {body.text}"),
        issues=_issues(sort, themes, text),
        risk=risk,
        tier=tier,
        language=language_of(heading, body),
        wants=wants,
        command=command,
        reasons=_reasons(evidence, sort, decision, complainant, themes, wants, risk, tier),
        is_not_happy=says_not_happy(text[:READ_AT_MOST]),
        is_about_to_change=says_about_to_change(text[:READ_AT_MOST]),
        question=decision.question,
        is_too_long=len(text) > READ_AT_MOST,
    )


def _kind(sort: Sort) -> Kind:
    """What a case of it is opened as: the register has four kinds, and in doubt it is none that loses a right."""
    return Kind(sort.value) if sort.value in set(Kind) else Kind.ENQUIRY


def _who(evidence: Evidence, raised_by: Role | None) -> tuple[str, Role]:
    if raised_by is not None and raised_by is not Role.UNKNOWN:
        return _GUIDE_ROLES.get(raised_by, raised_by.value), raised_by
    weights = {value: evidence.weight("role", value) for value in evidence.values("role")}
    best = max(weights, key=lambda value: weights[value], default="unknown")
    return best, _REGISTER_ROLES[best] if best in _REGISTER_ROLES else Role(best)


def _themes(evidence: Evidence, sort: Sort) -> tuple[str, ...]:
    if sort not in _FEEDBACK:
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


def _issues(sort: Sort, themes: tuple[str, ...], text: str) -> int:
    """Separately answerable points, roughly: numbered ones where there are some, else by the themes."""
    if sort is Sort.SPAM_OR_AUTO:
        return 0
    if sort is not Sort.COMPLAINT:
        return 1
    numbered = sum(line.lstrip()[:2] in {"1.", "2.", "3.", "4.", "5.", "6.", "- ", "* "} for line in text.split("\n"))
    return numbered if numbered > 1 else max(1, min(3, len(themes) if len(text) > 160 else len(themes) - 1))


def _reasons(
    evidence: Evidence,
    sort: Sort,
    decision: Decision,
    complainant: str,
    themes: tuple[str, ...],
    wants: tuple[str, ...],
    risk: Risk,
    tier: str,
) -> tuple[Reason, ...]:
    """Return every place that speaks for what was said, and the law's reasons after those of the words."""
    found = evidence.reasons("kind", sort.value)
    if sort is Sort.COMPLAINT:
        found += evidence.reasons("kind", "grievance", "complaint") + evidence.reasons("kind", "sarcasm", "complaint")
    if not found:
        found = [
            Reason("kind", sort.value, "text", 0, 0, "kinds:default", "Complaint Handling Code 2024, 1.4: in doubt a complaint")
        ]
    for matter in evidence.values("matter"):
        found += evidence.reasons("matter", matter)
    found += [
        Reason("procedure", decision.procedure.value, "text", 0, 0, f"scope:{reason.row}", f"{reason.words}; {reason.source}")
        for reason in decision.reasons
    ]
    for level in ("emergency", "A", "B", "C", "threat", "distress"):
        if risk is not Risk.NONE or tier:
            found += evidence.reasons("risk", level, risk.value)
    found += [reason for theme in themes for reason in evidence.reasons("theme", theme)]
    found += evidence.reasons("role", complainant) + [reason for want in wants for reason in evidence.reasons("wants", want)]
    return tuple(found)
