"""Facts for every notice, as dispatch gives them, in each shape that its words depend on."""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import product
from typing import Any

from bot.preview.letters import FACTS, facts_of, forms
from bot.preview.points import POINTS
from casework.council import Council
from procedures.letters import After
from procedures.terms import Notice

COUNCIL = Council()
REFERENCE = "K7M-W92-RXH4"
VOICES = ("child", "adult", "unknown")
STATES = (
    "received",
    "reading",
    "looking",
    "more_time",
    "late",
    "answered",
    "finished",
    "stopped",
    "stopping",
    "thanked",
    "waiting",
)
PROCEDURES = ("statutory", "corporate", "adults", "public_health", "data_protection", "other_body")

NAMED = {"contact": "Ravi Shah", "written_on": "2026-06-15"}
"""Whom to ask, and the day: what was queued by an older version lacks it."""

Facts = Mapping[str, Any]


def of(notice: Notice) -> list[dict[str, Any]]:
    """Every shape of facts for this notice, the first one the plainest."""
    return list(_SHAPES[notice]())


def receipts() -> Iterator[dict[str, Any]]:
    for voice, night, expected, kind, by in product(
        VOICES, (False, True), ("2026-06-30", None), ("complaint", "enquiry"), ("email", "phone")
    ):
        yield {
            "reference": REFERENCE,
            "voice": voice,
            "kind": kind,
            "read_by": "2026-06-16",
            "expected_by": expected,
            "is_night": night,
            "seen_from": "2026-06-15T08:00:00+00:00" if night else None,
            "by": by,
        }
    # what a caller that knows no hours gives
    spare = {"reference": REFERENCE, "kind": "complaint", "read_by": "2026-06-16", "expected_by": None, "by": "email"}
    yield {**spare, "voice": "child", "is_night": True}
    for voice in VOICES:
        yield {**spare, "voice": voice, "is_night": False, "seen_from": None, "is_locked": True}


def with_voice(**more: Any) -> Iterator[dict[str, Any]]:
    for voice in VOICES:
        yield {"reference": REFERENCE, "voice": voice, **more}


def statuses() -> Iterator[dict[str, Any]]:
    for state, due in product(STATES, ("2026-06-30", None)):
        yield {
            "reference": REFERENCE,
            "voice": "child",
            "state": state,
            "read_by": "2026-06-16",
            "due_on": due,
            "reason": "We need to talk to one more person." if due else None,
            "parts": [{"due_on": "2026-07-14", "is_late": state == "late"}] if due and state in ("looking", "late") else [],
        }


def passed() -> Iterator[dict[str, Any]]:
    for what in ("advocate", "call", "next_step", "something_new"):
        yield {"reference": REFERENCE, "what": what, "by_date": "2026-06-18"}
    dates = {"due_on": "2026-07-17", "longest_on": "2026-09-14"}
    yield {"reference": REFERENCE, "what": "next_step", "by_date": "2026-06-18", **dates}


def acknowledgements() -> Iterator[dict[str, Any]]:
    for voice, procedure, named in product(VOICES, PROCEDURES, (True, False)):
        yield {
            "reference": REFERENCE,
            "voice": voice,
            "issues": ["My worker does not call back.", "I had to move.\nNo one told me why."],
            "wanted": "I want to see my sister each week." if named else "",
            "procedure": procedure,
            "why": "You live in a home that we chose.",
            "not_ours": "",
            "answerer_name": "Sam Reed" if named else "",
            "answerer_job": "Team Manager" if named else "",
            "start_on": "2026-06-15" if named else None,
            "due_on": "2026-06-29" if named else None,
            "counted": "Ten working days from 15 June." if named else "",
            "received_on": "2026-06-12",
            **({} if voice == "adult" and not named else NAMED),
        }


def responses() -> Iterator[dict[str, Any]]:
    for voice, procedure, stage, outcome in product(
        VOICES, (*PROCEDURES, "undecided"), (1, 2), ("upheld", "partially_upheld", "not_upheld", "no_finding", None)
    ):
        yield {
            "reference": REFERENCE,
            "voice": voice,
            "words": "We spoke to Sam.\n\nSam did not call you. That was wrong.\nWe are sorry.",
            "outcome": outcome,
            "procedure": procedure,
            "stage": stage,
            **({} if voice == "adult" and outcome is None else NAMED),
            **({"ask_by": "2026-07-13"} if procedure == "statutory" and voice == "child" else {}),
        }


def signed_letters() -> Iterator[dict[str, Any]]:
    file = {"draft": 1, "is_the_childs": False, "name": "Answer.docx", "media_type": "a/b"}
    for voice, files in product(VOICES, ([file, file], [file], [])):
        yield {
            "reference": REFERENCE,
            "voice": voice,
            "title": "What we say",
            "parts": [
                {"role": "paragraph", "words": "We saw."},
                {"role": "heading", "words": "Nobody calls"},
                {"role": "point", "words": "We call."},
                {"role": "paragraph", "words": "We saw."},
            ],
            "child_title": "What we say",
            "child_parts": [{"role": "paragraph", "words": "We saw."}] if voice == "child" else [],
            "files": files,
            "opened": f"opened.1.{REFERENCE}.1",
            "reports": len(files),
        }


def found() -> Iterator[dict[str, Any]]:
    """An answer of a case that has its numbered list."""
    for facts in responses():
        yield facts
    yield {**facts, "issues": FACTS[Notice.S2_RESPONSE]["issues"]}
    yield {**facts, "procedure": "statutory", "ask_by": "2026-07-13", "issues": FACTS[Notice.S2_RESPONSE]["issues"]}


def lates() -> Iterator[dict[str, Any]]:
    for voice, procedure in product(VOICES, ("statutory", "corporate", "undecided")):
        yield {
            "reference": REFERENCE,
            "voice": voice,
            "due_on": "2026-06-29",
            "tell_by": "2026-07-01",
            "procedure": procedure,
        }
    for step in After:
        yield {
            "reference": REFERENCE,
            "voice": "child",
            "due_on": "2026-06-29",
            "tell_by": "2026-07-01",
            "procedure": "statutory",
            "next_step": step.value,
        }
        yield {
            "reference": REFERENCE,
            "voice": "adult",
            "due_on": "2026-06-29",
            "tell_by": "2026-07-01",
            "procedure": "statutory",
            "next_step": step.value,
            "is_part": True,
        }


def new_cases() -> Iterator[dict[str, Any]]:
    for risk, full in product(("none", "distress", "safeguarding", "emergency"), (True, False)):
        yield {
            "reference": REFERENCE,
            "kind": "complaint",
            "suggested": "statutory" if full else None,
            "reasons": ["made by a child whom the council looks after (Children Act 1989, s. 26(3)(a))"] if full else [],
            "received_on": "2026-06-12",
            "acknowledge_by": "2026-06-19" if full else None,
            "due_on": "2026-06-26" if full else None,
            "team": "Team North" if full else "",
            "channel": "email",
            "risk": risk,
            "needs_translation": full,
            "may_belong_to": ["4HX-C9Y-2RM8"] if full else [],
            "has_attachments": full,
        }
    for kind in ("compliment", "comment", "enquiry"):
        yield {
            "reference": REFERENCE,
            "kind": kind,
            "suggested": "undecided",
            "reasons": [],
            "received_on": "2026-06-12",
            "acknowledge_by": None,
            "due_on": None,
            "team": "",
            "channel": "telegram",
            "risk": "none",
            "needs_translation": False,
            "may_belong_to": [],
            "has_attachments": False,
        }


def alerts() -> Iterator[dict[str, Any]]:
    for tier, night in product(("harm", "suicide", "threat", "look"), (False, True)):
        yield {
            "reference": REFERENCE,
            "tier": tier,
            "at": "2026-06-12T22:10:00+00:00",
            "channel": "telegram",
            "is_night": night,
        }
    at = "2026-06-12T22:10:00+00:00"
    yield {"reference": "", "tier": "harm", "at": at, "channel": "telegram", "is_night": True}
    yield {"reference": REFERENCE, "tier": "harm", "at": at, "channel": "telegram", "is_night": False, "again": 2}


def letters(notice: Notice) -> Iterator[dict[str, Any]]:
    """Every form of a letter of a case, to whoever is no professional: those get the formal words (test_letters.py)."""
    for form in forms(notice, (*VOICES, "young")):
        yield facts_of(notice, form)


def points(notice: Notice) -> Iterator[dict[str, Any]]:
    for facts in POINTS[notice].values():
        yield {"reference": REFERENCE, **facts}


def item(reference: str, days: int, **more: Any) -> dict[str, Any]:
    plain = {"clock": "s1_response", "stage": 1, "due_on": "2026-06-16", "team": "Team North", "what": ""}
    return {"reference": reference, "days": days, **plain, **more}


def reminders() -> Iterator[dict[str, Any]]:
    late = [item(REFERENCE, 3, due_on="2026-06-11"), item("4HX-C9Y-2RM8", 1, due_on="2026-06-15", team="")]
    today = [item("8RC-2HK-47XW", 0, what="Confirm the way")]
    soon = [item("9FM-3KC-88RX", 2, due_on="2026-06-18", stage=None)]
    tasks = [item("2RW-7HX-MCK4", 0, what="Listen to a voice note"), item("", 0, what="Two letters in quarantine", stage=None)]
    nothing: list[dict[str, Any]] = []
    bundles = ((late, today, soon, tasks), (late[:1], nothing, nothing, nothing), (nothing, nothing, soon, tasks))
    for overdue, due_today, due_soon, todo in bundles:
        yield {
            "person_name": "Ada Bell",
            "day": "2026-06-16",
            "overdue": overdue,
            "due_today": due_today,
            "due_soon": due_soon,
            "tasks": todo,
        }


def troubles() -> Iterator[dict[str, Any]]:
    for what in ("door_silent", "gave_up", "quarantine", "calendar_ends", "ambiguous", "held", "disk_full", "not_told"):
        yield {"what": what, "detail": "mailbox", "since": "2026-06-12T22:10:00+00:00", "do": "heard check"}
    yield {"what": "door_silent", "detail": "mailbox", "since": "2026-06-12", "do": ""}


_SHAPES: Mapping[Notice, Any] = {
    Notice.RECEIPT: receipts,
    Notice.THANKS: with_voice,
    Notice.ADDED: lambda: [{"reference": REFERENCE}],
    Notice.STATUS: statuses,
    Notice.NOTHING: lambda: [{}],
    Notice.ACKNOWLEDGEMENT: acknowledgements,
    Notice.RESPONSE: found,
    Notice.LETTER: signed_letters,
    Notice.WITHDRAWAL_ASKED: with_voice,
    Notice.PASSED_TO_TEAM: passed,
    Notice.LATE: lates,
    Notice.NEW_CASE_FOR_STAFF: new_cases,
    Notice.SAFETY_ALERT: alerts,
    Notice.REMINDERS: reminders,
    Notice.TROUBLE: troubles,
    **{notice: partial(letters, notice) for notice in FACTS},
    **{notice: partial(points, notice) for notice in POINTS},
}

NOTICES = tuple(_SHAPES)
FOR_PEOPLE = (
    Notice.RECEIPT,
    Notice.THANKS,
    Notice.ADDED,
    Notice.STATUS,
    Notice.NOTHING,
    Notice.ACKNOWLEDGEMENT,
    Notice.RESPONSE,
    Notice.LETTER,
    Notice.WITHDRAWAL_ASKED,
    Notice.PASSED_TO_TEAM,
    Notice.LATE,
    Notice.ISSUES_FOR_YOU,
    Notice.YOU_SAID_WE_DID,
    Notice.BEHAVIOUR,
    *FACTS,
)
