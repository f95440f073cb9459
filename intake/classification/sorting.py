"""Is it a complaint, thanks, a view, a question, or none of these? (labelling guide, K1 to K10)"""

from intake.classification.evidence import Evidence
from intake.classification.folding import Folded
from intake.classification.values import Command, Sort
from procedures.terms import Risk

_PLAIN = 2
_STRONG = 5


def sort_of(evidence: Evidence, text: Folded, risk: Risk, command: Command | None) -> Sort:
    """Say what a message is. In doubt it's a complaint: a person asks before anybody is turned away (Code 1.4)."""
    points = {sort: evidence.weight("kind", sort) for sort in Sort}
    grievance = evidence.weight("kind", "grievance") + evidence.weight("kind", "sarcasm")
    is_alarm = risk in {Risk.SAFEGUARDING, Risk.EMERGENCY}
    if _is_machine(evidence, text, points) and not is_alarm:
        return Sort.SPAM_OR_AUTO
    if points[Sort.OMBUDSMAN] and not evidence.weight("kind", "against_complaint"):
        return Sort.OMBUDSMAN
    if command is Command.STATUS or command is Command.STOP or points[Sort.ENQUIRY] >= 9:
        return Sort.ENQUIRY
    if is_alarm and not _is_grievance_with_the_council(evidence, points, grievance):
        return Sort.SAFEGUARDING
    return _of_feedback(evidence, points, grievance)


def _of_feedback(evidence: Evidence, points: dict[Sort, int], grievance: int) -> Sort:
    """Weigh thanks, views and questions against what went wrong."""
    complaint = points[Sort.COMPLAINT] + grievance
    thanks, view, question = points[Sort.COMPLIMENT], points[Sort.COMMENT], points[Sort.ENQUIRY]
    has_grievance = points[Sort.COMPLAINT] >= 3 or grievance >= _PLAIN
    weighed = (
        (evidence.has("kind", "sarcasm"), Sort.COMPLAINT),
        (view >= 4 and view >= complaint and thanks <= max(complaint, view), Sort.COMMENT),
        (question >= _STRONG and question > complaint and question >= thanks, Sort.ENQUIRY),
        (thanks >= 3 and thanks > complaint and points[Sort.COMPLAINT] < _STRONG, Sort.COMPLIMENT),
        (question >= _STRONG and question > complaint, Sort.ENQUIRY),
        (has_grievance, Sort.COMPLAINT),
        (question > 0, Sort.ENQUIRY),
        (thanks > 0, Sort.COMPLIMENT),
    )
    return next((sort for holds, sort in weighed if holds), Sort.COMPLAINT)


def _is_machine(evidence: Evidence, text: Folded, points: dict[Sort, int]) -> bool:
    """Nothing to read, a trial of the keys, or words that only machines and sellers use."""
    words = text.text.split()
    if not any(character.isalnum() for character in text.text) or (len(words) <= 3 and {"test", "testing"} & set(words)):
        return True
    return points[Sort.SPAM_OR_AUTO] > 0 and points[Sort.COMPLAINT] < _STRONG * 3


def _is_grievance_with_the_council(evidence: Evidence, points: dict[Sort, int], grievance: int) -> bool:
    """K8: any grievance about what the council or its placement did or failed to do is a complaint, with the risk beside it."""
    if points[Sort.COMPLAINT] >= 3:
        return True
    ours = {
        "looked_after",
        "childrens_home",
        "social_worker",
        "child_in_need",
        "disabled_child",
        "leaving_care",
        "age_assessment",
        "child_protection",
        "referral_not_acted_on",
        "homeless_young_person",
        "fostered_child",
        "care_years_ago",
    }
    return grievance >= _PLAIN and any(value in ours for value in evidence.values("matter"))
