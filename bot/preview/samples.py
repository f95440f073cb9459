"""Invented facts for every notice, in each form that its words take; nobody in them is anybody."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.preview import lists
from bot.preview.letters import FACTS, facts_of, some_forms
from bot.preview.lists import LONG_TEAM
from bot.preview.points import POINTS
from procedures.terms import Notice

REFERENCE = "K7M-W92-RXHC"


@dataclass(frozen=True)
class Sample:
    """A notice to one kind of reader at one point of a story."""

    notice: Notice
    form: str
    """What sets it apart from the notice's other forms: `to a young person, at night`."""
    facts: Mapping[str, Any]

    @property
    def name(self) -> str:
        """A name for files."""
        words = "".join(letter if letter.isalnum() else " " for letter in self.form.lower())
        return "-".join([str(self.notice).replace("_", "-"), *words.split()])


def samples(notice: Notice | None = None) -> tuple[Sample, ...]:
    """All samples, or those of one notice, in the order of a case's life: people first, then staff."""
    return tuple(one for one in _all() if notice in (None, one.notice))


def _all() -> Iterator[Sample]:
    to_people = (_receipts, _short_ones, _statuses, _acknowledgements, _responses, _signed, _letters, _lates)
    for makers in (*to_people, _new_cases, _alerts, _bundles):
        yield from makers()
    for notice, of_notice in POINTS.items():
        for form, facts in of_notice.items():
            yield Sample(notice, form, {"reference": REFERENCE, **facts})
    for what, detail, do in TROUBLES:
        facts = {"what": what, "detail": detail, "since": "2026-06-12T22:10:00+00:00", "do": do}
        yield Sample(Notice.TROUBLE, what.replace("_", " "), facts)


def _receipts() -> Iterator[Sample]:
    day = {"read_by": "2026-06-16", "kind": "complaint", "by": "email", "is_night": False, "seen_from": None}
    night = {"is_night": True, "seen_from": "2026-06-15T08:00:00+00:00"}
    forms: dict[str, dict[str, Any]] = {
        "to a young person": {"voice": "child", "expected_by": "2026-06-26"},
        "to a young person, at night": {"voice": "child", "expected_by": "2026-06-26", **night},
        "to a parent": {"voice": "adult", "expected_by": "2026-06-26"},
        "to a parent, at night": {"voice": "adult", "expected_by": "2026-06-26", **night},
        "to someone unknown": {"voice": "unknown", "expected_by": None},
        "to someone with a question": {"voice": "unknown", "expected_by": None, "kind": "enquiry"},
        "to a parent who telephoned": {"voice": "adult", "expected_by": "2026-06-26", "by": "phone"},
        "to someone whose letter is locked": {"voice": "unknown", "expected_by": "2026-06-26", "is_locked": True},
    }
    for form, more in forms.items():
        yield Sample(Notice.RECEIPT, form, {"reference": REFERENCE, **day, **more})


def _short_ones() -> Iterator[Sample]:
    yield Sample(Notice.ADDED, "to anyone", {"reference": REFERENCE})
    yield Sample(Notice.THANKS, "to anyone", {"reference": REFERENCE, "voice": "child"})
    yield Sample(Notice.NOTHING, "to anyone", {})
    asked = {
        "asked for an advocate": "advocate",
        "asked to be called": "call",
        "asked for the next step": "next_step",
        "asked for something else": "something_new",
    }
    for form, what in asked.items():
        facts = {"reference": REFERENCE, "what": what, "by_date": "2026-06-18"}
        if what == "next_step":
            facts |= {"due_on": "2026-07-17", "longest_on": "2026-09-14"}
        yield Sample(Notice.PASSED_TO_TEAM, form, facts)
    for form, voice in {"by a young person": "child", "by a parent": "adult"}.items():
        yield Sample(Notice.WITHDRAWAL_ASKED, form, {"reference": REFERENCE, "voice": voice})


STATES = (
    "received",
    "reading",
    "looking",
    "more_time",
    "late",
    "answered",
    "step_2",
    "step_3",
    "finished",
    "stopping",
    "stopped",
    "thanked",
    "waiting",
)


def _statuses() -> Iterator[Sample]:
    plain = {"reference": REFERENCE, "voice": "child", "read_by": "2026-06-16", "due_on": "2026-06-26"}
    for state in STATES:
        reason = "We need to talk to one more person." if state == "more_time" else None
        yield Sample(Notice.STATUS, state.replace("_", " "), {**plain, "state": state, "reason": reason, "parts": []})
    part = {"due_on": "2026-07-10", "is_late": False}
    yield Sample(Notice.STATUS, "with a part of its own", {**plain, "state": "looking", "reason": None, "parts": [part]})


def _acknowledgements() -> Iterator[Sample]:
    young = {
        "voice": "child",
        "procedure": "statutory",
        "issues": ["My worker does not call me back.", "I had to move, and no one told me why."],
        "wanted": "I want to see my sister each week.",
        "why": "You live in a home that we chose.",
    }
    parent = {
        "voice": "adult",
        "procedure": "corporate",
        "issues": ["The report has the wrong school in it.", "The meeting was put off twice with no word to me."],
        "wanted": "I want the report put right, and someone to say sorry.",
        "why": "This is about how our office works.",
    }
    forms: dict[str, dict[str, Any]] = {
        "to a young person": young,
        "to a young person, with no date yet": {**young, "start_on": None, "due_on": None, "counted": "", "answerer_name": ""},
        "to a parent": parent,
        "to an advocate": {**young, "voice": "professional", "wanted": "To see his sister each week."},
        "to a parent, with a part that is not ours": {**parent, "not_ours": "What the school did. The school answers that."},
        "to a parent, about adult care": {**parent, "procedure": "adults", "why": "This is about care for an adult."},
        "to a parent, about public health": {**parent, "procedure": "public_health", "why": "This is about the health visitor."},
        "to a parent, about their data": {**parent, "procedure": "data_protection", "why": "You say we shared what we hold."},
        "to a parent, about another body": {**parent, "procedure": "other_body", "why": "The school runs this, not us."},
    }
    plain = {
        "reference": REFERENCE,
        "received_on": "2026-06-12",
        "not_ours": "",
        "answerer_name": "Oluwaseun Featherstonehaugh-Ramsbottom",
        "answerer_job": "Service Manager, Family Help",
        "start_on": "2026-06-12",
        "due_on": "2026-06-26",
        "counted": "10 working days after Friday 12 June; we do not count weekends.",
        "contact": "Ravi Shah",
        "written_on": "2026-06-15",
    }
    for form, more in forms.items():
        yield Sample(Notice.ACKNOWLEDGEMENT, form, {**plain, **more})


def _responses() -> Iterator[Sample]:
    to_the_young = (
        "Sam is sorry, and so are we. Sam did not call you in May. That was wrong.\n\n"
        "From now on Sam will call you each Friday at 4. If Sam is away, Ada will call.\n\n"
        "You will see your sister on 4 July. We will drive you there."
    )
    to_adults = (
        "We read the file and spoke to the team on 16 June.\n\n"
        "The report was sent on 4 May, as the law asks. We know that the wait was hard.\n\n"
        "Ada Bell will call you by 3 July to go through it with you."
    )
    forms = {
        "to a young person, stage 1, right": ("child", "statutory", 1, "upheld"),
        "to an advocate, stage 1": ("professional", "statutory", 1, "partially_upheld"),
        "to a parent, stage 1, not right": ("adult", "corporate", 1, "not_upheld"),
        "to a parent, about adult care": ("adult", "adults", 1, "upheld"),
        "to a parent, about their data": ("adult", "data_protection", 1, "upheld"),
        "to a parent, about another body": ("adult", "other_body", 1, None),
        "to someone with a question": ("unknown", "undecided", 1, None),
    }
    for form, (voice, procedure, stage, outcome) in forms.items():
        facts = {"voice": voice, "procedure": procedure, "stage": stage, "outcome": outcome}
        facts |= {"contact": "Ravi Shah", "written_on": "2026-06-15"} | (
            {"ask_by": "2026-07-13"} if procedure == "statutory" else {}
        )
        words = to_the_young if voice == "child" else to_adults
        told = {} if procedure == "undecided" else {"issues": FACTS[Notice.S2_RESPONSE]["issues"]}
        yield Sample(Notice.RESPONSE, form, {"reference": REFERENCE, "words": words, **told, **facts})


def _signed() -> Iterator[Sample]:
    file = {"draft": 1, "is_the_childs": False, "name": f"Answer {REFERENCE}.docx", "media_type": "application/octet-stream"}
    parts = [
        ("paragraph", "Hello,"),
        ("heading", "1. Sam did not call"),
        ("paragraph", "What we think: You were right.\nWhy: We spoke to Sam. He did not call you in May."),
        ("heading", "What we will do"),
        ("point", "Sam will call you each Friday at 4."),
    ]
    told = {"title": "Our answer", "parts": [{"role": role, "words": words} for role, words in parts]}
    told |= {"child_title": "Our answer", "child_parts": told["parts"], "opened": f"opened.1.{REFERENCE}.1"}
    for form, voice in {"to a young person": "child", "to a parent": "adult"}.items():
        yield Sample(Notice.LETTER, form, {"reference": REFERENCE, "voice": voice, **told, "files": [file], "reports": 0})
    for form, voice in {"to a young person, with the reports": "child", "to a parent, with the reports": "adult"}.items():
        yield Sample(Notice.LETTER, form, {"reference": REFERENCE, "voice": voice, **told, "files": [file], "reports": 2})


def _letters() -> Iterator[Sample]:
    for notice in FACTS:
        for form in some_forms(notice):
            yield Sample(notice, form.name, facts_of(notice, form))


def _lates() -> Iterator[Sample]:
    forms = {
        "to a young person": ("child", "statutory"),
        "to a parent": ("adult", "corporate"),
        "to someone unknown, route undecided": ("unknown", "undecided"),
    }
    for form, (voice, procedure) in forms.items():
        facts = {"voice": voice, "procedure": procedure, "due_on": "2026-06-26", "tell_by": "2026-06-30"}
        yield Sample(Notice.LATE, form, {"reference": REFERENCE, **facts})


def _new_cases() -> Iterator[Sample]:
    plain: dict[str, Any] = {
        "reference": REFERENCE,
        "kind": "complaint",
        "suggested": "statutory",
        "reasons": [
            "complaint: undone",
            "statutory: about a looked-after child's care (Children Act 1989, Part 3, s. 26(3A); LGSCO 23 014 095)",
        ],
        "received_on": "2026-06-12",
        "acknowledge_by": "2026-06-19",
        "due_on": "2026-06-26",
        "team": "Team North",
        "channel": "telegram",
        "risk": "none",
        "needs_translation": False,
        "may_belong_to": [],
        "has_attachments": False,
    }
    other: dict[str, Any] = {"suggested": "undecided", "reasons": [], "acknowledge_by": None, "due_on": None, "team": ""}
    forms: dict[str, dict[str, Any]] = {
        "a complaint": {},
        "a complaint, with a risk": {"risk": "safeguarding", "needs_translation": True, "team": LONG_TEAM},
        "a complaint that may belong to another": {
            "channel": "email",
            "may_belong_to": [lists.reference(90)],
            "has_attachments": True,
        },
        "a complaint that nothing decides": {**other, "channel": "email", "acknowledge_by": "2026-06-19", "due_on": "2026-06-26"},
        "a thank-you": {**other, "kind": "compliment"},
        "a question": {**other, "kind": "enquiry"},
    }
    for form, more in forms.items():
        yield Sample(Notice.NEW_CASE_FOR_STAFF, form, {**plain, **more})


def _alerts() -> Iterator[Sample]:
    forms = {
        "harm": ("harm", False, REFERENCE),
        "harm, at night": ("harm", True, REFERENCE),
        "suicide, at night": ("suicide", True, REFERENCE),
        "a threat": ("threat", False, REFERENCE),
        "what a machine cannot read": ("look", False, REFERENCE),
        "harm, not yet a case": ("harm", True, ""),
    }
    for form, (tier, night, reference) in forms.items():
        facts = {"reference": reference, "tier": tier, "channel": "telegram", "is_night": night}
        at = "2026-06-12T22:10:00+00:00" if night else "2026-06-12T10:05:00+00:00"
        yield Sample(Notice.SAFETY_ALERT, form, {**facts, "at": at})
        if form == "harm":
            yield Sample(Notice.SAFETY_ALERT, "harm, nobody has taken it up", {**facts, "at": at, "again": 2})


def _bundles() -> Iterator[Sample]:
    for form, facts in lists.reminders().items():
        yield Sample(Notice.REMINDERS, form, facts)
    for form, facts in lists.digests().items():
        yield Sample(Notice.DIGEST, form, facts)


TROUBLES = (
    ("door_silent", "mailbox:yoursay: no turn", ""),
    ("loop_fails", "morning: OperationalError", ""),
    ("unsent", "messages wait in the outbox and do not leave", ""),
    ("disk_low", "the disk of the database has 480 MB left", ""),
    ("held", "14 messages wait behind the hold of a restore", ""),
    ("dates_moved", "a bank holiday was proclaimed; K7M-W92-RXHC: 26 June is now 29 June", ""),
    ("not_counted", "a bank holiday was proclaimed; K7M-W92-RXHC: 2036-01-14 lies outside the calendar", ""),
    ("delay_notice", "K7M-W92-RXHC", ""),
    ("ambiguous", "status by chat", ""),
    ("gave_up", "receipt could not be delivered: 550", ""),
    ("letters_missed", "the mailbox has 412 letters, the ledger had 411: 1 came in now", ""),
    ("boundary_forgeable", "a verdict forged in the name of mailbox.authserv_id came through", ""),
    ("not_told", "K7M-W92-RXHC", ""),
    ("sealed_file", "K7M-W92-RXHC, file 1 of message 2: officer@council.example asks to open", ""),
    ("quarantine", "2 in quarantine, newest 3fa9c1d2 (unreadable)", ""),
    ("calendar_ends", "bank holidays are known until 31 December 2027", ""),
)
