"""What the words may show about danger: recall first, and never a gate (people-and-safety.md 2.9)."""

from intake.classification.evidence import Evidence
from procedures.terms import Risk

_TIERS = ("B", "A", "threat", "C")


def danger(evidence: Evidence) -> tuple[Risk, str]:
    """Return the risk and the tier of the words: B self-harm before A harm before a threat before C worry."""
    tier = next((tier for tier in _TIERS if evidence.has("risk", tier)), "")
    if evidence.has("risk", "emergency") or (tier in {"A", "B"} and evidence.has("risk", "now")):
        return Risk.EMERGENCY, tier if tier in {"A", "B"} else "A"
    if tier in {"A", "B"} and not (tier == "A" and evidence.has("risk", "over")):
        return Risk.SAFEGUARDING, tier
    if evidence.has("risk", "distress") or tier == "A":
        return Risk.DISTRESS, "C" if tier == "A" else tier
    return Risk.NONE, tier
