"""Named queries over the issues of complaints, what was found on them, and what follows from it."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from sqlalchemy import exists, func, select
from sqlmodel import col
from sqlmodel import select as rows_of

from procedures.terms import Channel, Kind, Notice, Outcome, Procedure, Theme
from storage.cases import AT_ONCE, in_groups
from storage.filing import table_of
from storage.tables import (
    ActionEventRow,
    ActionRow,
    CasePersonRow,
    CaseRow,
    FindingRow,
    HeldIssueRow,
    IssueRow,
    LessonRow,
    OutboxRow,
    OutboxState,
    PartyRole,
    PartyRow,
    PraiseRow,
    RemedyRow,
)
from storage.unit_of_work import UnitOfWork
from storage.walls import kept_from_reader

OfIssue = TypeVar("OfIssue", IssueRow, FindingRow, RemedyRow)


LIST_WAS_SENT = "the list of issues was sent to them to confirm or mend"
"""The note of that event: only a case that has it is asked after its list."""


class Wording(Protocol):
    """An issue in one of its wordings."""

    @property
    def number(self) -> int: ...
    @property
    def version(self) -> int: ...
    @property
    def is_withdrawn(self) -> bool: ...


def name_of_list(issues: Iterable[Wording]) -> str:
    """What tells a list from every other state of it: sixteen hexadecimal digits."""
    wording = "|".join(f"{one.number}.{one.version}.{one.is_withdrawn}" for one in issues)
    return hashlib.sha256(wording.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class SentList:
    """The numbered list of a case that was sent, and of which something still waits for the person's word."""

    name: str
    """Of the list as it stands today."""
    waiting: tuple[tuple[int, int], ...]
    """Number and version of each issue that is not confirmed."""
    answered_by: frozenset[str] = frozenset()
    """Message-IDs of the mails that brought the list as it stands: only what was sent can be answered."""
    older: frozenset[str] = frozenset()
    """Message-IDs of the mails that brought it as it was before."""
    last_shown_to: frozenset[str] = frozenset()
    """Chats in which nothing was shown after the list as it stands."""
    may_confirm: frozenset[str] = frozenset()
    """Addresses and chats of whose list it is: the complainant; of several, the lead."""


@dataclass(frozen=True)
class Counted:
    """Issues counted apart from the complaints that hold them."""

    complaints: int
    """Complaints with at least one issue that stands."""
    issues: int
    by_theme: Mapping[Theme, int]
    outcomes: Mapping[Outcome, int]
    """By the latest stage that found something on the issue."""
    undecided: int
    by_procedure: Mapping[Procedure, int]
    """By the issue's own procedure where the complaint was split, else by that of its case."""


async def standing(uow: UnitOfWork, table: type[OfIssue], references: Collection[str]) -> dict[str, list[OfIssue]]:
    """The rows of one table that stand, by case; in the order of the issues' numbers."""
    found: dict[str, list[OfIssue]] = {reference: [] for reference in references}
    every = list(found)
    for start in range(0, len(every), AT_ONCE):
        rows = rows_of(table).where(
            col(table.case_reference).in_(every[start : start + AT_ONCE]), col(table.is_superseded).is_(False)
        )
        rows = rows.order_by(col(table.case_reference), col(table.number)).execution_options(populate_existing=True)
        for row in await uow.exec(rows):
            found[row.case_reference].append(row)
    return found


async def held(uow: UnitOfWork, references: Collection[str]) -> set[tuple[str, int]]:
    """Which issues wait, or waited, for other proceedings: reference and number."""
    found: set[tuple[str, int]] = set()
    every, row = list(references), table_of(HeldIssueRow).c
    for start in range(0, len(every), AT_ONCE):
        query = select(row.case_reference, row.number).where(row.case_reference.in_(every[start : start + AT_ONCE]))
        found |= {(one.case_reference, one.number) for one in await (await uow.connection()).execute(query)}
    return found


async def parts_of(uow: UnitOfWork, references: Collection[str] | None = None) -> dict[str, frozenset[Procedure]]:
    """The procedures of issues that go another way than their case, by case; of every open complaint without `references`.

    An issue that was taken out, or waits for other proceedings, has no clock.
    """
    issue, of, waits = table_of(IssueRow).c, table_of(CaseRow).c, table_of(HeldIssueRow).c
    is_held = exists().where(waits.case_reference == issue.case_reference, waits.number == issue.number)
    query = (
        select(issue.case_reference, issue.procedure)
        .join_from(table_of(IssueRow), table_of(CaseRow), of.reference == issue.case_reference)
        .where(issue.is_superseded.is_(False), issue.is_withdrawn.is_(False), issue.procedure.is_not(None), ~is_held)
        .where(issue.procedure != of.procedure)
    )
    some = [of.closed_on.is_(None)] if references is None else [issue.case_reference.in_(one) for one in in_groups(references)]
    found: dict[str, frozenset[Procedure]] = {}
    for which in some:
        for reference, procedure in await (await uow.connection()).execute(query.where(which)):
            found[reference] = found.get(reference, frozenset()) | {Procedure(procedure)}
    return found


async def versions_of(uow: UnitOfWork, reference: str) -> list[IssueRow]:
    """Every wording that an issue of the case ever had."""
    rows = rows_of(IssueRow).where(IssueRow.case_reference == reference)
    return list((await uow.exec(rows.order_by(col(IssueRow.number), col(IssueRow.version)))).all())


async def lists_that_wait(uow: UnitOfWork, references: Collection[str]) -> dict[str, SentList]:
    """Of these cases, whose list was sent, those on which an issue waits for the person's word."""
    rows_sent = rows_of(OutboxRow).where(
        col(OutboxRow.case_reference).in_(references),
        OutboxRow.notice == Notice.ISSUES_FOR_YOU,
        OutboxRow.state == OutboxState.SENT,
    )
    sent: dict[str, list[OutboxRow]] = {}
    for row in await uow.exec(rows_sent.order_by(col(OutboxRow.id))):
        sent.setdefault(row.case_reference or "", []).append(row)
    last = await _last_shown(uow, {row.recipient for of in sent.values() for row in of if row.channel is Channel.TELEGRAM})
    found: dict[str, SentList] = {}
    for reference, rows in (await standing(uow, IssueRow, references)).items():
        name = name_of_list(rows)
        waiting = tuple((row.number, row.version) for row in rows if not row.confirmed_on and not row.is_withdrawn)
        if waiting:
            mine = [row for row in sent.get(reference, ()) if name in row.key]
            found[reference] = SentList(
                name,
                waiting,
                frozenset(row.message_id for row in mine if row.message_id),
                frozenset(row.message_id for row in sent.get(reference, ()) if row.message_id and row not in mine),
                frozenset(row.recipient for row in mine if row.id in last and not row.is_bell),
                await _whose_it_is(uow, reference),
            )
    return found


async def _last_shown(uow: UnitOfWork, chats: Collection[str]) -> set[int]:
    """The last message of ours in each of these chats; what was kept back or failed was not shown."""
    row = table_of(OutboxRow).c
    unseen = (OutboxState.HELD, OutboxState.FAILED, OutboxState.CANCELLED)
    query = select(func.max(row.id)).where(row.channel == Channel.TELEGRAM, row.recipient.in_(chats), row.state.not_in(unseen))
    return set((await (await uow.connection()).execute(query.group_by(row.recipient))).scalars()) if chats else set()


async def _whose_it_is(uow: UnitOfWork, reference: str) -> frozenset[str]:
    """The routes of who complains; of several the lead's, with whom the words are agreed."""
    parties = rows_of(PartyRow).where(PartyRow.case_reference == reference, PartyRow.role == PartyRole.COMPLAINANT)
    complain = list((await uow.exec(parties.order_by(col(PartyRow.id)))).all())
    people = rows_of(CasePersonRow).where(CasePersonRow.case_reference == reference, col(CasePersonRow.is_lead).is_(True))
    leads = {row.party_id for row in await uow.exec(people) if row.ended_on is None}
    mine = [row for row in complain if row.id in leads] if leads else complain[:1]
    return frozenset(route for row in mine for route in (row.address, str(row.chat_id or "")) if route)


async def count_issues(uow: UnitOfWork, received_from: date, received_to: date) -> Counted:
    """How many issues the complaints received between two days (both counted) hold, by theme and by what was found.

    Withdrawn issues are not counted. A complaint is one complaint, however many issues it has.
    """
    issue, of, finding = table_of(IssueRow), table_of(CaseRow), table_of(FindingRow)
    mine = (finding.c.case_reference == issue.c.case_reference) & (finding.c.number == issue.c.number)
    later = finding.alias("later")
    is_last = ~exists().where(
        (later.c.case_reference == finding.c.case_reference) & (later.c.number == finding.c.number),
        (later.c.stage > finding.c.stage) & later.c.is_superseded.is_(False),
    )
    query = (
        select(issue.c.case_reference, issue.c.theme, issue.c.procedure, of.c.procedure.label("whole"), finding.c.outcome)
        .join_from(issue, of, of.c.reference == issue.c.case_reference)
        .outerjoin(finding, mine & finding.c.is_superseded.is_(False) & is_last)
        .where(issue.c.is_superseded.is_(False), issue.c.is_withdrawn.is_(False))
        .where(of.c.kind == Kind.COMPLAINT, of.c.received_on.between(received_from, received_to))
    )
    rows = (await (await uow.connection()).execute(query.where(of.c.is_training.is_(False)))).all()
    found = Counter(outcome for *_, outcome in rows if outcome)
    return Counted(
        complaints=len({reference for reference, *_ in rows}),
        issues=len(rows),
        by_theme=Counter(theme for _, theme, *_ in rows),
        outcomes=found,
        undecided=len(rows) - sum(found.values()),
        by_procedure=Counter(own or whole for _, _, own, whole, _ in rows),
    )


async def lessons_of(uow: UnitOfWork, reference: str) -> list[LessonRow]:
    rows = rows_of(LessonRow).where(LessonRow.case_reference == reference)
    return list((await uow.exec(rows.order_by(col(LessonRow.id)))).all())


async def actions(uow: UnitOfWork, *, reference: str | None = None, owner: str = "", open_only: bool = False) -> list[ActionRow]:
    """What was promised: first due first."""
    rows = rows_of(ActionRow).order_by(col(ActionRow.due_on), col(ActionRow.id))
    if reference is not None:
        rows = rows.where(ActionRow.case_reference == reference)
    if owner:
        rows = rows.where(ActionRow.owner == owner)
    if open_only:
        rows = rows.where(col(ActionRow.done_on).is_(None))
    kept = await kept_from_reader(uow)
    return [row for row in await uow.exec(rows) if row.case_reference not in kept]


async def action(uow: UnitOfWork, number: int) -> ActionRow | None:
    return (await uow.exec(rows_of(ActionRow).where(ActionRow.id == number))).one_or_none()


async def events_of_action(uow: UnitOfWork, number: int) -> list[ActionEventRow]:
    rows = rows_of(ActionEventRow).where(ActionEventRow.action_id == number)
    return list((await uow.exec(rows.order_by(col(ActionEventRow.id)))).all())


async def praise_of(uow: UnitOfWork, reference: str) -> PraiseRow | None:
    return (await uow.exec(rows_of(PraiseRow).where(PraiseRow.case_reference == reference))).one_or_none()
