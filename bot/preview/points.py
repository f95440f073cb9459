"""Invented facts for the notices about issues, for `heard preview` and the tests: the list, what changed, thanks passed on."""

from collections.abc import Mapping
from typing import Any

from procedures.terms import Notice

REFERENCE = "K7M-W92-RXHC"
_FIRST = {"number": 1, "words": "My worker does not call me back.", "wanted": "", "confirmed": True}
_THIRD = {"number": 3, "words": "I had to move, and no one told me why.", "wanted": "I want to know why.", "confirmed": False}
_OUT = {"number": 2, "words": "My room was cold."}
_DAY = {
    "voice": "adult",
    "contact": "Ravi Shah",
    "written_on": "2026-06-15",
    "reason": "You shouted at Ada on the phone on 9 June.",
}
_BEHAVIOUR: Mapping[str, Mapping[str, Any]] = {
    "a warning": {"what": "warning", "asks": "Please do not shout at the people who help you."},
    "a warning to someone unknown": {
        "what": "warning",
        "voice": "unknown",
        "asks": "Please do not shout at the people who help you.",
    },
    "a plan": {
        "what": "plan",
        "warned_on": "2026-06-01",
        "begins_on": "2026-06-15",
        "limits": "You can call us on Tuesdays, from 10 to 12. At other times please write.",
        "contact_person": "Jo Field (jo.field@anytown.example)",
        "review_on": "2026-12-15",
    },
    "a plan goes on": {"what": "goes_on", "review_on": "2027-06-15"},
    "a plan ends": {"what": "ends"},
}

POINTS: Mapping[Notice, Mapping[str, Mapping[str, Any]]] = {
    Notice.ISSUES_FOR_YOU: {
        "to a young person": {"voice": "child", "points": [_FIRST, _THIRD], "taken_out": []},
        "to a young person, with a point taken back": {"voice": "child", "points": [_FIRST, _THIRD], "taken_out": [_OUT]},
        "to a parent": {"voice": "adult", "points": [_FIRST], "taken_out": []},
        "to someone unknown": {"voice": "unknown", "points": [_FIRST], "taken_out": [_OUT]},
    },
    Notice.YOU_SAID_WE_DID: {
        f"to {who}": {
            "voice": voice,
            "you_said": "No one told me that I would move.",
            "we_did": "We now call each child before a move. We say why, and we ask what they want.",
        }
        for who, voice in (("a young person", "child"), ("a parent", "adult"), ("someone unknown", "unknown"))
    },
    Notice.BEHAVIOUR: {form: {**_DAY, **facts} for form, facts in _BEHAVIOUR.items()},
    Notice.PRAISE: {
        "with their words": {"name": "Jo Field", "words": "Thank you for coming to my school play."},
        "without words": {"name": "Jo Field", "words": ""},
    },
}
"""For each notice its forms, and the facts of each without the reference."""
