"""The shape of `heard classify`: a record in, a record out (contracts/command-line.md). Labels in the input are ignored."""

from collections.abc import Mapping
from typing import Any

from intake.classification.classifying import classify
from intake.classification.values import GUIDE_PROCEDURES, Sort
from procedures.terms import REACHED_BY, Channel


def predict(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `heard classify` prints for a record with `id`, `channel`, `subject` and `text`."""
    channel = Channel(record["channel"]) if record.get("channel") in set(REACHED_BY) else Channel.EMAIL
    shown = classify(str(record.get("text") or ""), str(record.get("subject") or ""), channel=channel)
    is_complaint = shown.sort is Sort.COMPLAINT
    return {
        "id": record.get("id"),
        "kind": shown.sort.value,
        "procedure": GUIDE_PROCEDURES[shown.procedure] if is_complaint else None,
        "route": shown.route.value if is_complaint else None,
        "themes": list(shown.themes),
        "service": shown.service,
        "complainant": shown.complainant,
        "on_behalf": shown.is_on_behalf,
        "issues": shown.issues,
        "risk": shown.risk.value,
        "language": shown.language,
        "wants": list(shown.wants),
        "reasons": [reason.as_dict() for reason in shown.reasons],
    }
