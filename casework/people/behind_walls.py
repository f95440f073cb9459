"""What is filed, with the walls that it puts up and those that stand: the one way in which letters and alerts are written.

A member of staff who is named in the words of a complaint is walled at once, in the commit that files them (practice.md §3). What
a wall takes away goes to somebody else: a case to nobody until an officer gives it anew, an alert to whoever is on duty instead.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select

from casework.office import Office
from casework.opening import task
from casework.people.naming import named_in
from casework.representation import fold_address
from casework.telling_staff import NOT_TOLD, tell_staff
from procedures.people import HOLDS_AN_OFFICE, WallKind
from procedures.terms import Event, Kind, Notice
from procedures.working_days import date_at_the_desk, moment_at_the_desk
from storage import cases, people, walls
from storage.filing import Change, Filing, table_of, write
from storage.tables import AlertRow, CasePersonRow, CaseRow, EventRow, LetterRow, OutboxRow, PartyRow, TaskKind, TaskRow, WallRow
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class _Words:
    """Words of a case that may name somebody, and who wrote them."""

    reference: str
    words: str
    sender: str
    writer: str
    filing: Filing


async def write_behind_walls(uow: UnitOfWork, filings: Iterable[Filing], office: Office, now: datetime) -> None:
    """Write filings, wall whom their words name, and pass on to others what walled people would have been told."""
    together = list(filings)
    new = await _wall_who_is_named(uow, together, office, now)
    dropped = await write(uow, together)
    after = Filing()
    if new:
        standing = await walls.walls_of(uow, {wall.case_reference for wall in new})
        ours = {wall.key for wall in new}
        for wall in (one for around in standing.values() for one in around):
            if wall.key in ours:
                await take_away(uow, wall, "service", office, now, after)
    await pass_on(uow, dropped, office, now, after)
    if after.rows or after.changes:
        await write(uow, [after])


async def take_away(uow: UnitOfWork, wall: WallRow, by: str, office: Office, now: datetime, filing: Filing) -> None:
    """What a wall takes: the case itself, an office on it, an alert in hand. Mails that wait are dropped by the memory."""
    reference, address = wall.case_reference, wall.address
    if wall.kind is not WallKind.STAFF or not address:
        return
    case = await uow.get(CaseRow, reference)
    today = date_at_the_desk(now)
    if case is not None and fold_address(case.owner) == address:
        filing.change(CaseRow, {"reference": reference}, owner="")
        filing.add(_event(reference, Event.ASSIGNED, "to nobody: who had it is walled from it", by, now))
        due = moment_at_the_desk(office.open_days.look_ahead(today, 1), office.council.closes_at)
        key = f"give_away:{reference}:{address}:{now.isoformat()}"
        filing.add(task(key, TaskKind.GIVE_AWAY, reference, due, now, "who had it is walled from it: give it to somebody else"))
    for row in (await people.on_cases(uow, [reference]))[reference]:
        if row.role in HOLDS_AN_OFFICE and row.address == address and row.ended_on is None:
            filing.change(CasePersonRow, {"id": row.id}, ended_on=today, ended_by=by, ended_why="walled from the case")
    await _let_go_of_alerts(uow, reference, address, filing, by, now)
    await _tell_who_stands_in(uow, reference, office, now, filing)


async def pass_on(uow: UnitOfWork, dropped: Sequence[OutboxRow], office: Office, now: datetime, filing: Filing) -> None:
    """What walled people are not told others are: danger to whoever is on duty instead, a new case to another officer, and that
    somebody must not hear of it too."""
    council = office.council
    for row in dropped:
        is_for_others = row.notice in (Notice.SAFETY_ALERT, Notice.NEW_CASE_FOR_STAFF) or row.facts.get("what") == NOT_TOLD
        if row.case_reference is None or not is_for_others:
            continue
        walled = (await walls.all_walls(uow, [row.case_reference])).get(row.case_reference, frozenset())
        is_alert = row.notice == Notice.SAFETY_ALERT
        others = council.on_duty_for(walled) if is_alert else [one.address for one in council.officers_for(walled)]
        tell_staff(
            filing,
            others,
            key=row.key.removesuffix(f":{fold_address(row.recipient)}"),
            notice=Notice(row.notice),
            facts=row.facts,
            now=now,
            domain=office.domain,
            urgency=row.urgency,
            reference=row.case_reference,
        )


async def _tell_who_stands_in(uow: UnitOfWork, reference: str, office: Office, now: datetime, filing: Filing) -> None:
    """Where the last officer is walled, whoever stands in hears of the case, once; and of an alert that nobody took up."""
    council = office.council
    walled = (await walls.all_walls(uow, [reference])).get(reference, frozenset())
    told = select(OutboxRow).where(
        OutboxRow.case_reference == reference, col(OutboxRow.notice).in_((Notice.NEW_CASE_FOR_STAFF, Notice.SAFETY_ALERT))
    )
    rows = [row for row in await uow.exec(told.order_by(col(OutboxRow.id))) if row.recipient.lower() in walled]
    is_bereft = all(person.address.lower() in walled for person in council.officers)
    open_alerts = select(TaskRow.key).where(
        TaskRow.case_reference == reference, TaskRow.kind == TaskKind.SAFETY, col(TaskRow.done_at).is_(None)
    )
    waiting = set(await uow.exec(open_alerts))
    again = [
        row
        for row in rows
        if (is_bereft and row.notice == Notice.NEW_CASE_FOR_STAFF)
        or (row.notice == Notice.SAFETY_ALERT and any(row.key.startswith(key) for key in waiting))
    ]
    await pass_on(uow, again, office, now, filing)


async def _let_go_of_alerts(uow: UnitOfWork, reference: str, address: str, filing: Filing, by: str, now: datetime) -> None:
    """An alert that a walled person took up is nobody's again: it rings until somebody else takes it."""
    mine = select(AlertRow).join(TaskRow, col(TaskRow.key) == col(AlertRow.task_key))
    mine = mine.where(TaskRow.case_reference == reference, col(AlertRow.closed_at).is_(None))
    for alert in (await uow.exec(mine)).all():
        if fold_address(alert.taken_by) == address:
            table = table_of(AlertRow)
            await (await uow.connection()).execute(delete(table).where(table.c.task_key == alert.task_key))
            filing.add(_event(reference, Event.NOTED, "safety alert is nobody's again: who had it is walled", by, now))


async def _wall_who_is_named(uow: UnitOfWork, filings: Sequence[Filing], office: Office, now: datetime) -> list[WallRow]:
    """Walls around the complaints in which staff are named, with the task to confirm or lift each."""
    if not office.council.people:
        return []
    found = [(one, who) for one in await _words_of(uow, filings) for who in named_in(one.words, office.council.people)]
    found = [
        (one, who)
        for one, who in found
        if fold_address(who.address) != fold_address(one.sender) and who in named_in(one.words, [who], writer=one.writer)
    ]
    kinds = await _kinds_of(uow, filings, {one.reference for one, _ in found})
    due = moment_at_the_desk(
        office.open_days.look_ahead(date_at_the_desk(now), office.council.read_by_working_days), office.council.closes_at
    )
    new: dict[str, WallRow] = {}
    for one, who in found:
        key = f"named:{one.reference}:{fold_address(who.address)}"
        if kinds.get(one.reference) is not Kind.COMPLAINT or key in new:
            continue
        new[key] = WallRow(
            key=key,
            case_reference=one.reference,
            kind=WallKind.STAFF,
            address=fold_address(who.address),
            name=who.name[:300],
            why="named in the words",
            made_at=now,
            made_by="service",
        )
        detail = f"{who.name} is named: confirm the wall, or lift it, with the reason"
        one.filing.add(new[key])
        task_key = walls.task_key(one.reference, who.address)
        one.filing.add(task(task_key, TaskKind.CONFIRM_WALL, one.reference, due, now, detail))
    return list(new.values())


async def _words_of(uow: UnitOfWork, filings: Sequence[Filing]) -> list[_Words]:
    found: list[_Words] = []
    for filing in filings:
        writer = next((row.name for row in filing.rows if isinstance(row, PartyRow)), "")
        letters = [row for row in filing.rows if isinstance(row, LetterRow)]
        found += [_Words(row.case_reference, f"{row.subject}\n{row.words}", row.sender, writer, filing) for row in letters]
        for reference in _turned_into_complaints(filing.changes):
            rows = await cases.letters_of(uow, reference)
            found += [_Words(reference, f"{row.subject}\n{row.words}", row.sender, writer, filing) for row in rows]
    return found


async def _kinds_of(uow: UnitOfWork, filings: Sequence[Filing], references: set[str]) -> dict[str, Kind]:
    """What each case is once these filings are written."""
    kinds: dict[str, Kind] = {}
    if references:
        for case in await uow.exec(select(CaseRow).where(col(CaseRow.reference).in_(references))):
            kinds[case.reference] = case.kind
    for filing in filings:
        kinds.update({row.reference: row.kind for row in filing.rows if isinstance(row, CaseRow)})
        kinds.update(dict.fromkeys(_turned_into_complaints(filing.changes), Kind.COMPLAINT))
    return kinds


def _turned_into_complaints(changes: Iterable[Change]) -> list[str]:
    return [
        change.where["reference"]
        for change in changes
        if change.table is CaseRow and change.values.get("kind") == Kind.COMPLAINT and "reference" in change.where
    ]


def _event(reference: str, name: Event, note: str, by: str, now: datetime) -> EventRow:
    return EventRow(
        case_reference=reference, name=name, happened_on=date_at_the_desk(now), recorded_at=now, recorded_by=by, note=note
    )
