"""Safety alerts: a named person takes one up, and it closes only with a referral or a qualified person's reasoned no.

Practice.md §2. An alert is not a referral: until somebody took it up nobody has it, and it is told again. Closing an alert
never closes its case.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from casework.acting import Acting, Refused, the_case
from casework.alarms import ring
from casework.council import Council, Person, StaffRole
from casework.office import Office
from casework.opening import ALERT_TIERS
from casework.representation import fold_address
from casework.telling_staff import tell_staff
from procedures import clocks
from procedures.terms import Channel, Event, Notice
from procedures.working_days import date_at_the_desk
from storage.filing import Filing, write
from storage.tables import AlertRow, CaseRow, HarmBy, OutboxRow, TaskKind, TaskRow
from storage.training import among
from storage.unit_of_work import UnitOfWork
from storage.walls import all_walls, kept_from_reader

DESIGNATED_OFFICER_HEARS_OF = (HarmBy.STAFF, HarmBy.CARER)
MOST_REPEATS = 16
"""Of one alert: after a working day of them the reminders and the digest go on."""


@dataclass(frozen=True)
class Alert:
    """A safety alert and what was done about it so far."""

    task: TaskRow
    taken: AlertRow | None

    @property
    def number(self) -> int:
        assert self.task.id is not None
        return self.task.id

    @property
    def is_taken_up(self) -> bool:
        return self.taken is not None


@dataclass(frozen=True)
class Closing:
    """How an alert ends: with a referral, or with the reason why none is needed."""

    harm_by: HarmBy
    referred_to: str = ""
    referred_at: datetime | None = None
    their_reference: str = ""
    child_told: str = ""
    designated_officer: str = ""
    decided_by: str = ""
    """Name and job of the qualified person who decided that no referral is needed."""
    why: str = ""


async def alerts(uow: UnitOfWork, *, open_only: bool = True, training: bool | None = None) -> list[Alert]:
    """Safety alerts, oldest first, without those of cases that are kept from who reads; who is unnamed sees them all.

    `training`: those of cases to learn on alone, or none of them. What must only be looked at for harm is an ordinary task.
    """
    kept = await kept_from_reader(uow) if uow.info.get("person") else ()
    rows = select(TaskRow).where(TaskRow.kind == TaskKind.SAFETY).order_by(col(TaskRow.made_at), col(TaskRow.id))
    if open_only:
        rows = rows.where(col(TaskRow.done_at).is_(None))
    rows = rows.where(among(col(TaskRow.case_reference), training=training))
    tasks = [row for row in await uow.exec(rows) if row.case_reference not in kept]
    known = select(AlertRow).where(col(AlertRow.task_key).in_([task.key for task in tasks]))
    taken = {row.task_key: row for row in await uow.exec(known)}
    return [Alert(task, taken.get(task.key)) for task in tasks]


async def take_up(uow: UnitOfWork, named: str, acting: Acting) -> list[Alert]:
    """A named person has it from now on. `named` is a case's reference, or an alert's number where there is no case yet."""
    _not_of_one_team(acting.person)
    found = await _named(uow, named)
    filing, now_taken = Filing(), []
    for alert in found:
        if alert.taken is None:
            filing.add(AlertRow(task_key=alert.task.key, taken_at=acting.now, taken_by=acting.person.address))
            _note(filing, alert, "safety alert taken up", acting)
            now_taken.append(alert)
    if not now_taken:
        who = found[0].taken.taken_by if found[0].taken else ""
        raise Refused(f"{who} took this alert up already. Nothing was changed.")
    await write(uow, [filing])
    return now_taken


async def close(uow: UnitOfWork, named: str, end: Closing, acting: Acting) -> list[Alert]:
    """What was done about an alert is on record, and it is closed. Refused while anything that must be known is missing."""
    _not_of_one_team(acting.person)
    found = await _named(uow, named)
    _complete(end, acting.now)
    await _is_of_what_came(uow, found, end)
    filing = Filing()
    for alert in found:
        if alert.taken is None:
            filing.add(AlertRow(task_key=alert.task.key, taken_at=acting.now, taken_by=acting.person.address))
        ended = {name: getattr(end, name) for name in Closing.__dataclass_fields__}
        filing.change(AlertRow, {"task_key": alert.task.key}, closed_at=acting.now, closed_by=acting.person.address, **ended)
        filing.change(TaskRow, {"key": alert.task.key}, done_at=acting.now, done_by=acting.person.address)
        _note(filing, alert, in_words(end), acting)
    await write(uow, [filing])
    return list(found)


def in_words(end: Closing) -> str:
    """How an alert ended, for the history of its case."""
    if not end.referred_to:
        return f"safety alert closed: no referral. Decided by {end.decided_by}: {end.why}"
    officer = f" Designated officer (LADO): {end.designated_officer}." if end.designated_officer else ""
    when = f"{end.referred_at:%Y-%m-%d %H:%M} UTC" if end.referred_at else ""
    return (
        f"safety alert closed: referred to {end.referred_to}, {when}, their reference {end.their_reference}."
        f"{officer} The child was told: {end.child_told}"
    )


async def repeat_what_nobody_took_up(uow: UnitOfWork, office: Office, now: datetime, within: timedelta) -> Filing:
    """Ring again for every alert that nobody took up, once more after each `within` of staffed time.

    First by the council's own routes and to the officers, from the second time on to whoever leads all services too: never to
    the leads of one, who may be those it is about. What was opened by a command that does not know the routes rings here too.
    """
    filing, council = Filing(), office.council
    around = await all_walls(uow)
    for alert in await alerts(uow):
        if alert.is_taken_up:
            continue
        task, facts = alert.task, await _as_first_told(uow, alert.task)
        _ring(filing, task, facts["tier"], council, now)
        if times := _times(task.made_at, office, now, within):
            walled = around.get(task.case_reference or "", frozenset())
            _again(filing, task, {**facts, "is_night": False, "again": times}, office, now, walled)
    return filing


async def _as_first_told(uow: UnitOfWork, task: TaskRow) -> dict[str, Any]:
    """What the first telling of an alert said; made anew where there was nobody on duty to tell."""
    told = select(OutboxRow.facts).where(OutboxRow.notice == Notice.SAFETY_ALERT, col(OutboxRow.key).startswith(f"{task.key}:"))
    facts = (await uow.exec(told.order_by(col(OutboxRow.id)).limit(1))).first()
    if facts is not None:
        return dict(facts)
    case = await uow.get(CaseRow, task.case_reference) if task.case_reference else None
    return {
        "reference": task.case_reference or "",
        "tier": task.detail if task.detail in ALERT_TIERS else "harm",
        "at": task.made_at.isoformat(),
        "channel": (case.channel if case else Channel.TELEGRAM).value,  # without a case it can only be a chat
        "is_night": False,
    }


def _times(made_at: datetime, office: Office, now: datetime, within: timedelta) -> int:
    """How often `within` of staffed time has passed since then; at most `MOST_REPEATS`."""
    times, at = 0, made_at
    while times < MOST_REPEATS:
        at = office.council.working_time_later(at, office.open_days, within)
        if at > now:
            break
        times += 1
    return times


def _again(filing: Filing, task: TaskRow, facts: dict[str, Any], office: Office, now: datetime, walled: Collection[str]) -> None:
    council, times = office.council, facts["again"]
    leads = [person for person in council.with_role(StaffRole.HEAD_OF_SERVICE, StaffRole.DIRECTOR) if not person.team]
    people = [*council.officers, *(leads if times > 1 else ())]
    others = [person.address for person in people if fold_address(person.address) not in walled]
    tell_staff(
        filing,
        [*council.on_duty_for(walled), *others],
        key=f"{task.key}:again:{times}",
        notice=Notice.SAFETY_ALERT,
        facts=facts,
        now=now,
        domain=office.domain,
        urgency=1,
        reference=task.case_reference,
    )
    _ring(filing, task, facts["tier"], council, now, times)


def _ring(filing: Filing, task: TaskRow, tier: str, council: Council, now: datetime, again: int = 0) -> None:
    ring(
        filing,
        council,
        key=f"{task.key}:again:{again}" if again else task.key,
        notice=Notice.SAFETY_ALERT,
        what=tier,
        at=task.made_at,
        now=now,
        reference=task.case_reference,
        again=again,
    )


async def _named(uow: UnitOfWork, named: str) -> Sequence[Alert]:
    found = [alert for alert in await alerts(uow) if named in (alert.task.case_reference, str(alert.number))]
    if not found:
        raise Refused(f"There is no open safety alert {named}. See them with `heard alert list`. Nothing was changed.")
    return found


def _not_of_one_team(person: Person) -> None:
    """An alert may be about that very team (practice.md §2; the digest holds it the same way)."""
    if person.team:
        raise Refused(
            f"{person.address} works for {person.team}. An alert may be about that very team, so somebody who belongs to no team "
            "takes it up. Nothing was changed. If nobody else is there: call the emergency duty team."
        )


def _complete(end: Closing, now: datetime) -> None:
    if not end.referred_to.strip():
        if not end.decided_by.strip() or not end.why.strip():
            raise Refused(
                "An alert closes with a referral (--referred-to, --at, --their-reference, --told), or with a qualified person's "
                "reasoned no (--no-referral-by NAME AND JOB, --why). Nothing was changed."
            )
        if end.harm_by in DESIGNATED_OFFICER_HEARS_OF:
            raise Refused(
                "Harm by staff or carers is for the designated officer (LADO) to judge: it closes with a referral to them, "
                "never with a no of ours. Nothing was changed."
            )
        return
    missing = [
        option
        for option, value in (("--at", end.referred_at), ("--their-reference", end.their_reference), ("--told", end.child_told))
        if not value
    ]
    if end.harm_by in DESIGNATED_OFFICER_HEARS_OF and not end.designated_officer.strip():
        missing.append("--lado (harm by staff or carers goes to the designated officer, never to that service's managers)")
    if missing:
        raise Refused(f"A referral is on record only with all of it. Add: {', '.join(missing)}. Nothing was changed.")
    if end.referred_at is not None and end.referred_at > now:
        raise Refused("The referral would be in the future (the council's own rule). Say when it was made. Nothing was changed.")


async def _is_of_what_came(uow: UnitOfWork, found: Sequence[Alert], end: Closing) -> None:
    """What was referred before these words came did not hold them: whoever was told is told again (practice.md §2)."""
    for alert in found:
        if end.referred_at is None or not alert.task.case_reference:
            continue
        came_on = (await the_case(uow, alert.task.case_reference)).received_on
        if (day := date_at_the_desk(end.referred_at)) < came_on:
            raise Refused(
                f"{clocks.in_words(day)} is before these words came, on {clocks.in_words(came_on)}: what was referred then did "
                "not hold them (the council's own rule). Tell the same people of these words, too, and record that. Nothing was "
                "changed."
            )


def _note(filing: Filing, alert: Alert, words: str, acting: Acting) -> None:
    if alert.task.case_reference:
        filing.add(acting.event(alert.task.case_reference, Event.NOTED, words))
