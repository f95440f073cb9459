"""A representation becomes a case: its file, its events, its clocks, its receipt and its notice to staff, in one filing."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from casework.alarms import ring
from casework.clockwork import deadline_rows
from casework.decisions.by_an_officer import how_it_is_decided
from casework.office import Office
from casework.reference import new_reference
from casework.representation import Representation, Writer, fold_address, voice_of
from casework.telling_staff import tell_staff
from procedures.terms import Channel, Event, Kind, Notice, Procedure, Risk
from procedures.working_days import date_at_the_desk, moment_at_the_desk
from storage.filing import Filing
from storage.outbox import outgoing
from storage.tables import CaseRow, ClassificationRow, DeadlineRow, EventRow, PartyRole, PartyRow, TaskKind, TaskRow

FREEZE = "it waits unless there is a good reason against"
ALERT_TIERS = ("harm", "suicide", "threat")
LOOK_WITHIN = timedelta(hours=2)
"""What words cannot be read from is looked at for harm by a person within two working hours (practice.md §2)."""
PASS_ON_WITHIN = 5
"""Working days in which thanks are passed on."""
THANK_WITHIN = 1
"""Working days in which somebody is thanked who left no address and no chat: by a person, by telephone or post."""


@dataclass(frozen=True)
class Opened:
    """A case that was just opened, and the dates its first letter may name."""

    case: CaseRow
    read_by: date
    expected_by: date | None
    acknowledge_by: date | None
    filing: Filing = field(default_factory=Filing)


def open_case(told: Representation, office: Office, now: datetime, filing: Filing) -> Opened:
    """Open a case into `filing`. Clocks run from the first second, under the fuller protection while the route is undecided.

    The receipt starts and satisfies no legal clock (practice.md §1). An imported representation sends nothing to anyone
    unless `answer` asks for a receipt.
    """
    received_on = date_at_the_desk(told.received_at)
    case = _case(told, received_on)
    filing.add(case, *_party(case, told.writer), _reading(case, told, now))
    filing.add(_event(case.reference, Event.RECEIVED, received_on, now, told.recorded_by))
    events = {Event.RECEIVED: received_on}
    if told.is_about_to_change and told.kind is Kind.COMPLAINT and not told.is_imported:
        events[Event.FREEZE_ASKED] = received_on
        filing.add(
            _event(case.reference, Event.FREEZE_ASKED, received_on, now, told.recorded_by, "their words say that it is soon")
        )
    deadlines = deadline_rows(case, events, office, now)
    filing.add(*deadlines)
    opened = Opened(
        case,
        office.council.read_by(received_on, office.open_days),
        _due(deadlines, *_answers(case, office)),
        _due(deadlines, "acknowledgement"),
        filing,
    )
    _tasks(opened, told, office, now)
    if told.answer and told.writer.recipient:
        filing.add(receipt(opened, told, office, now))
    if not told.is_imported:
        _tell_staff(opened, told, office, now)
    return opened


def receipt(opened: Opened, told: Representation, office: Office, now: datetime) -> Any:
    """The automatic message within a minute: we have it, who reads it by when; a compliment is thanked."""
    case = opened.case
    thanks = case.kind is Kind.COMPLIMENT
    facts: dict[str, Any] = {"reference": case.reference, "voice": voice_of(case.raised_by)}
    if not thanks:
        facts |= {
            "kind": case.kind.value,
            "read_by": opened.read_by.isoformat(),
            "expected_by": opened.expected_by.isoformat() if opened.expected_by else None,
            "is_night": not office.council.is_staffed(now, office.open_days),
            "seen_from": office.council.next_staffed(now, office.open_days).isoformat(),
        }
        if told.is_locked:
            facts["is_locked"] = True
    return outgoing(
        key=f"receipt:{case.reference}",
        notice=Notice.THANKS if thanks else Notice.RECEIPT,
        channel=told.writer.channel,
        recipient=told.writer.recipient,
        now=now,
        domain=office.domain,
        facts=facts,
        case_reference=case.reference,
        in_reply_to=told.in_reply_to,
        references=told.references,
        urgency=3,
    )


@dataclass(frozen=True)
class Alert:
    """Words, or a button, that may mean danger. `token` makes it one alert for one message."""

    reference: str | None
    tier: str
    channel: Channel
    at: datetime
    token: str
    detail: str = ""
    """For the task of the staff only: never the words of the child."""


def alert_duty(alert: Alert, office: Office, now: datetime, filing: Filing) -> None:
    """Tell the duty address at once: the reference and the kind of worry, never the words. An alert is not a referral."""
    facts = {
        "reference": alert.reference or "",
        "tier": alert.tier,
        "at": alert.at.isoformat(),
        "channel": alert.channel.value,
        "is_night": not office.council.is_staffed(now, office.open_days),
    }
    tell_staff(
        filing,
        office.council.duty_addresses,
        key=f"safety:{alert.token}",
        notice=Notice.SAFETY_ALERT,
        facts=facts,
        now=now,
        domain=office.domain,
        urgency=1,
        reference=alert.reference,
    )
    is_look = alert.tier == "look"
    if not is_look:
        ring(
            filing,
            office.council,
            key=f"safety:{alert.token}",
            notice=Notice.SAFETY_ALERT,
            what=alert.tier,
            at=now,
            now=now,
            reference=alert.reference,
        )
    kind = TaskKind.LOOK_FOR_HARM if is_look else TaskKind.SAFETY
    due = office.council.working_time_later(now, office.open_days, LOOK_WITHIN) if is_look else now
    filing.add(task(f"safety:{alert.token}", kind, alert.reference, due, now, alert.detail or alert.tier))


def task(key: str, kind: TaskKind, reference: str | None, due_at: datetime, now: datetime, detail: str = "") -> TaskRow:
    """Something a member of staff must look at; the same key is one task."""
    return TaskRow(key=key[:300], kind=kind, case_reference=reference, detail=detail[:1000], made_at=now, due_at=due_at)


def pass_on_task(reference: str, received_on: date, office: Office, now: datetime) -> TaskRow:
    """Thanks are passed on to who deserves them: on the officers' list for the fifth working day after they came."""
    by = office.open_days.add_working_days(received_on, PASS_ON_WITHIN)
    return task(f"praise:{reference}", TaskKind.PRAISE, reference, moment_at_the_desk(by, office.council.closes_at), now)


def _case(told: Representation, received_on: date) -> CaseRow:
    is_complaint = told.kind is Kind.COMPLAINT
    return CaseRow(
        reference=new_reference(),
        kind=told.kind,
        procedure=Procedure.MEMBER_ENQUIRY if told.is_of_a_member else Procedure.UNDECIDED,
        suggested=told.suggested if is_complaint else Procedure.UNDECIDED,
        channel=told.channel,
        form=told.form,
        received_at=told.received_at,
        received_on=received_on,
        raised_by=told.raised_by,
        risk=told.risk,
        language=told.language,
        team=told.team,
        is_imported=told.is_imported,
        is_training=told.is_training,
    )


def _party(case: CaseRow, writer: Writer) -> list[PartyRow]:
    if not (writer.address or writer.chat_id or writer.name or writer.phone):
        return []
    return [
        PartyRow(
            case_reference=case.reference,
            role=PartyRole.COMPLAINANT,
            name=writer.name[:300],
            address=fold_address(writer.address)[:320],
            chat_id=writer.chat_id or None,
            phone=writer.phone[:60],
        )
    ]


def _reading(case: CaseRow, told: Representation, now: datetime) -> ClassificationRow:
    return ClassificationRow(
        case_reference=case.reference,
        made_at=now,
        made_by="rules",
        kind=told.kind,
        procedure=case.suggested,
        reasons=list(told.reasons),
    )


def _event(reference: str, name: Event, on: date, now: datetime, by: str, note: str = "") -> EventRow:
    return EventRow(case_reference=reference, name=name, happened_on=on, recorded_at=now, recorded_by=by, note=note)


def _due(deadlines: list[DeadlineRow], *clocks: str) -> date | None:
    return next((row.due_on for row in deadlines if row.clock in clocks), None)


def _answers(case: CaseRow, office: Office) -> set[str]:
    """The clocks that the answer of stage 1 stops, as the procedure calls them."""
    rules = office.rulebook.rules(case.procedure, case.received_on, office.calendar.nation)
    return {rule.name for rule in rules if rule.answers and rule.stage == 1}


def _tasks(opened: Opened, told: Representation, office: Office, now: datetime) -> None:
    reference, filing = opened.case.reference, opened.filing
    if told.kind is Kind.COMPLAINT:
        due = moment_at_the_desk(opened.read_by, office.council.closes_at)
        filing.add(task(f"route:{reference}", TaskKind.CONFIRM_ROUTE, reference, due, now))
    for other in told.may_belong_to:
        due = moment_at_the_desk(opened.read_by, office.council.closes_at)
        filing.add(task(f"place:{reference}:{other}", TaskKind.PLACE_LETTER, reference, due, now, f"may belong to {other}"))
    if told.is_imported:
        return
    if told.kind is Kind.COMPLIMENT:
        filing.add(pass_on_task(reference, opened.case.received_on, office, now))
        if not told.writer.recipient:
            by = office.open_days.add_working_days(opened.case.received_on, THANK_WITHIN)
            due = moment_at_the_desk(by, office.council.closes_at)
            how = "thank them by telephone or post, or note that no way is known"
            filing.add(task(f"thank:{reference}", TaskKind.CANNOT_REACH, reference, due, now, how))
    if told.is_about_to_change and told.kind is Kind.COMPLAINT:
        by = office.calendar.add_working_days(opened.case.received_on, 1)
        due = moment_at_the_desk(by, office.council.closes_at)
        how = f"{FREEZE}: {how_it_is_decided(TaskKind.FREEZE, reference)}"
        filing.add(task(f"freeze:{reference}", TaskKind.FREEZE, reference, due, now, how))
    if told.tier in ALERT_TIERS or told.tier == "look":
        alert_duty(Alert(reference, told.tier, told.channel, told.received_at, reference), office, now, filing)


def _tell_staff(opened: Opened, told: Representation, office: Office, now: datetime) -> None:
    case = opened.case
    facts: dict[str, Any] = {
        "reference": case.reference,
        "kind": case.kind.value,
        "suggested": case.suggested.value,
        "reasons": [
            _in_short(reason) for reason in told.reasons if reason.get("field") in ("kind", "procedure", "route", "risk")
        ][:6],
        "received_on": case.received_on.isoformat(),
        "acknowledge_by": opened.acknowledge_by.isoformat() if opened.acknowledge_by else None,
        "due_on": opened.expected_by.isoformat() if opened.expected_by else None,
        "team": case.team,
        "channel": case.channel.value,
        "risk": case.risk.value if case.risk is not Risk.NONE else "none",
        "needs_translation": told.needs_translation,
        "may_belong_to": list(told.may_belong_to),
        "has_attachments": told.has_attachments,
    }
    tell_staff(
        opened.filing,
        [person.address for person in office.council.officers] or office.council.duty_addresses,
        key=f"new:{case.reference}",
        notice=Notice.NEW_CASE_FOR_STAFF,
        facts=facts,
        now=now,
        domain=office.domain,
        urgency=4,
        reference=case.reference,
    )


def _in_short(reason: dict[str, Any]) -> str:
    """Why, without a word of what was written: what was seen, and the law where there is one; not the names of our own papers."""
    room, _, seen = str(reason.get("rule", "")).partition(":")
    sources = [one for one in str(reason.get("source", "")).split("; ") if one and not one.startswith(_OUR_PAPERS)]
    if room == "scope" and sources:
        seen, *sources = sources  # a rule of scope is a number: its source begins with what it is about
    words = f"{str(reason.get('value', '')).replace('_', ' ')}: {'nothing else fits' if seen == 'default' else seen or room}"
    return f"{words} ({'; '.join(sources)})" if sources else words


_OUR_PAPERS = ("guide", "law.md", "people-and-safety.md", "labels", "unreviewed")
