"""What was promised because of a case, as the morning bundle and the digest look at it: chased though its case is closed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from notifications.on_desk import CaseOnDesk
from procedures.terms import Form, Kind, Procedure
from storage.filing import table_of
from storage.tables import ActionReminderRow, ActionRow
from storage.training import is_real
from storage.unit_of_work import UnitOfWork
from storage.walls import all_walls

CLOCK = "action"


@dataclass(frozen=True, slots=True)
class Promise:
    """An action as far as its day depends on it."""

    action: int
    reference: str
    """Empty once the case itself is no longer kept."""
    team: str
    owner: str
    due_on: date
    done_on: date | None = None
    walled: frozenset[str] = frozenset()

    @property
    def on_desk(self) -> CaseOnDesk:
        """Who hears of it is decided as for a case."""
        return CaseOnDesk(
            self.reference,
            Kind.COMPLAINT,
            Procedure.UNDECIDED,
            Form.WRITTEN,
            events={},
            team=self.team,
            owner=self.owner,
            walled=self.walled,
        )

    def is_open(self, on: date) -> bool:
        return self.done_on is None or self.done_on > on


async def load_promises(uow: UnitOfWork, until: datetime, *, done_since: date) -> list[Promise]:
    """The actions made by `until` that are open, or were done on `done_since` or later."""
    a = table_of(ActionRow).c
    columns = (a.id.label("action"), a.case_reference, a.team, a.owner, a.due_on, a.done_on)
    query = select(*columns).where(a.made_at <= until, or_(a.done_on.is_(None), a.done_on >= done_since))
    query = query.where(is_real(a.case_reference))
    rows = (await (await uow.connection()).execute(query.order_by(a.due_on, a.id))).all()
    around = await all_walls(uow) if rows else {}
    return [
        Promise(*row[:1], row.case_reference or "", *row[2:], walled=around.get(row.case_reference, frozenset())) for row in rows
    ]


async def told_of_promises(uow: UnitOfWork, day: date) -> set[tuple[str, str, date, str, str]]:
    """What had been told about actions on the days before, in the shape of what is told of cases."""
    told, a = table_of(ActionReminderRow).c, table_of(ActionRow).c
    query = (
        select(a.case_reference, told.action_id, told.due_on, told.rung, told.person)
        .join_from(table_of(ActionReminderRow), table_of(ActionRow), told.action_id == a.id)
        .where(told.told_on < day, a.done_on.is_(None))
    )
    rows = await (await uow.connection()).execute(query)
    return {(reference or "", f"{CLOCK} {action}", due_on, rung, person) for reference, action, due_on, rung, person in rows}
