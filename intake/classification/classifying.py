"""From words to a suggestion with reasons."""

from intake.classification.commands import says_about_to_change, says_not_happy
from intake.classification.evidence import Evidence
from intake.classification.folding import READ_AT_MOST
from intake.classification.listed import Listed, decided, kind_of, listed, role_of
from intake.classification.matters import facts_of
from intake.classification.points import Point, points_of, with_procedures
from intake.classification.settling import Settled, settle
from intake.classification.telling import reasons_by_weight
from intake.classification.values import GUIDE_PROCEDURES, Classification, Reason, Sort
from intake.classification.weighing import learned, weigh
from intake.classification.wordlists import reviewed
from procedures.scope import Decision, decide
from procedures.terms import Channel, Risk, Role

_GUIDE_ROLES = {Role.FOSTER_CARER: "carer_foster", Role.CARER: "carer_sgo"}


def classify(text: str, subject: str = "", *, raised_by: Role | None = None, channel: Channel = Channel.EMAIL) -> Classification:
    """Say what a message seems to be. `raised_by` is the person's own answer, which outranks every guess."""
    shown = listed(text, subject)
    by_lists = decided(shown)
    weighed = weigh(learned(), shown.subject, shown.text, shown.signs(by_lists.procedure.value))
    settled = settle(shown, weighed, GUIDE_PROCEDURES[by_lists.procedure])
    complainant, role = _who(settled.complainant, raised_by)
    # A case speaks to somebody as a parent or a child only by what they said: a guess by weight would take a child's help away.
    _, said_role = _who(shown.complainant, raised_by)
    kind = kind_of(settled.sort)
    facts = facts_of(shown.evidence, kind, role, settled.matters, settled.main, settled.risk, is_on_behalf=settled.is_on_behalf)
    decision = decide(facts)
    points: tuple[Point, ...] = ()
    if settled.sort is Sort.COMPLAINT:
        points = points_of(shown.text, shown.evidence, settled.themes, weighed.weights)
        points = with_procedures(points, shown, facts, decision)
    return Classification(
        sort=settled.sort,
        kind=kind,
        procedure=decision.procedure,
        route=decision.route,
        role=said_role,
        complainant=complainant,
        is_on_behalf=settled.is_on_behalf,
        themes=settled.themes,
        service=settled.service,
        issues=len(points) or int(settled.sort is not Sort.SPAM_OR_AUTO),
        risk=settled.risk,
        tier=settled.tier,
        language=shown.language,
        wants=settled.wants,
        command=shown.command,
        reasons=(
            *_reasons(shown, settled, decision, complainant),
            *reasons_by_weight(shown, settled, weighed),
            *(reason for point in points for reason in point.reasons()),
        ),
        is_not_happy=says_not_happy(text[:READ_AT_MOST]),
        is_about_to_change=says_about_to_change(text[:READ_AT_MOST]),
        question=decision.question,
        is_too_long=len(text) > READ_AT_MOST,
        is_reviewed=shown.language in reviewed(),
        facts=facts,
    )


def _who(complainant: str, raised_by: Role | None) -> tuple[str, Role]:
    if raised_by is not None and raised_by is not Role.UNKNOWN:
        return _GUIDE_ROLES.get(raised_by, raised_by.value), raised_by
    return complainant, role_of(complainant)


def _reasons(shown: Listed, settled: Settled, decision: Decision, complainant: str) -> tuple[Reason, ...]:
    """Return every place that speaks for what was said, and the law's reasons after those of the words."""
    evidence, sort = shown.evidence, settled.sort
    found = evidence.reasons("kind", sort.value)
    if sort is Sort.COMPLAINT:
        found += evidence.reasons("kind", "grievance", "complaint") + evidence.reasons("kind", "sarcasm", "complaint")
    if not found and ("kind", sort.value) not in settled.by_weight:
        found = [
            Reason("kind", sort.value, "text", 0, 0, "kinds:default", "Complaint Handling Code 2024, 1.4: in doubt a complaint")
        ]
    for matter in evidence.values("matter"):
        found += evidence.reasons("matter", matter)
    found += [
        Reason("procedure", decision.procedure.value, "text", 0, 0, f"scope:{reason.row}", f"{reason.words}; {reason.source}")
        for reason in decision.reasons
    ]
    found += _of_risk(evidence, settled)
    found += [reason for theme in settled.themes for reason in evidence.reasons("theme", theme)]
    found += evidence.reasons("role", complainant)
    return tuple(found + [reason for want in settled.wants for reason in evidence.reasons("wants", want)])


def _of_risk(evidence: Evidence, settled: Settled) -> list[Reason]:
    if settled.risk is Risk.NONE and not settled.tier:
        return []
    levels = ("emergency", "A", "B", "C", "threat", "distress")
    return [reason for level in levels for reason in evidence.reasons("risk", level, settled.risk.value)]
