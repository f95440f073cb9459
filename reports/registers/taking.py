"""A checked register goes into the memory: what is new is added, what changed is changed with an event, nothing is removed."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Table, select, update
from sqlmodel import SQLModel

from casework.clockwork import deadline_rows, recount
from casework.office import Office
from procedures.register_words import IMPORTED_BY
from procedures.terms import Channel, Event, Form, Kind, Procedure, Risk, Role
from procedures.working_days import date_at_the_desk, moment_at_the_desk
from reports.registers.columns import CASES, ISSUES
from reports.registers.dates import case_reference, ended_on, events_of
from reports.registers.reading import Mistake, Register
from reports.registers.standing import Standing
from reports.registers.writing import Ready
from storage import cases
from storage.filing import Filing, table_of, values_of
from storage.filing import write as write_filings
from storage.tables import (
    ActivityRow,
    CaseRow,
    DeadlineRow,
    EventRow,
    OmbudsmanRow,
    RegisterIssueRow,
    RegisterLearningRow,
    RegisterRow,
)
from storage.unit_of_work import Memory, UnitOfWork

NOON = time(12)
_ORAL = (Channel.PHONE, Channel.IN_PERSON)

_ORDER: tuple[type[SQLModel], ...] = (
    CaseRow,
    RegisterRow,
    EventRow,
    DeadlineRow,
    RegisterIssueRow,
    RegisterLearningRow,
    OmbudsmanRow,
    ActivityRow,
)
"""A row stands after those that it points at."""

Telling = Callable[[int], None]
"""Is told how many more rows were written."""
Values = dict[str, Any]


@dataclass
class Rows:
    """Rows by table, and changes of rows that stand."""

    rows: dict[Table, list[Values]] = field(default_factory=dict)
    changes: list[tuple[Table, Values, Values]] = field(default_factory=list)
    """Of a table, where each of the first holds, the second is set."""

    def add(self, model: type[SQLModel], values: Values) -> None:
        self.rows.setdefault(table_of(model), []).append(values)

    def change(self, model: type[SQLModel], where: Values, **values: Any) -> None:
        self.changes.append((table_of(model), where, values))

    @property
    def size(self) -> int:
        return sum(map(len, self.rows.values())) + len(self.changes)


@dataclass
class Staged(Rows):
    """What an import would write, made before the writer is asked for."""

    cases: int = 0
    added: int = 0
    changed: int = 0
    of_cases: dict[str, Rows] = field(default_factory=dict)
    """What a changed row means for its case: case, events, clocks. Written only while nothing has happened to the case here."""
    mistakes: list[Mistake] = field(default_factory=list)
    """What cannot be taken since it says otherwise than a case of this service."""

    @property
    def whole_size(self) -> int:
        return self.size + sum(one.size for one in self.of_cases.values())


@dataclass(frozen=True)
class Import:
    """Which import it is: what the history of a case names."""

    name: str
    now: datetime
    office: Office

    @property
    def today(self) -> date:
        return date_at_the_desk(self.now)

    def noted(self, reference: str, what: Iterable[str]) -> Values:
        """The event that says what this import changed of a case."""
        words = f"import of {self.name}: {'; '.join(what)}"
        return _event(reference, Event.NOTED, self.today, self.now, words[:20_000])


def stage(register: Register, standing: Standing, this: Import) -> Staged:
    """Compare what the folder says with what stands, and make the rows. Touches no database."""
    staged = Staged(cases=len(register.of(CASES)))
    said: dict[str, list[str]] = {}
    for entry in register.of(CASES):
        row = dict(zip(CASES.names, entry.values, strict=True))
        name = row["reference"]
        if name in standing.live:
            if standing.live[name] != entry.values:
                staged.mistakes.append(_is_ours(entry.line, name))
        elif name not in standing.cases:
            _add_case(staged, row, this)
        elif standing.cases[name] != entry.values:
            before = dict(zip(CASES.names, standing.cases[name], strict=True))
            said.setdefault(case_reference(name), []).extend(_change_case(staged, before, row, this))
    _issues(register, standing, staged, said)
    _learning(register, standing, staged, said)
    loose = _ombudsman(register, standing, staged, said) + _activity(register, standing, staged)
    for reference, what in said.items():
        staged.add(EventRow, this.noted(reference, what))
    staged.changed = len(said) + loose
    return staged


async def take(memory: Memory, staged: Staged, this: Import, tell: Telling = lambda written: None) -> None:
    """Write it all in one unit of work, or nothing of it. What has happened here to a case since goes before the register:
    such a case keeps what it is, and is only counted again. An officer may act while this is made ready, so it is asked again.
    """
    if not staged.whole_size:
        return
    async with memory.reading() as uow:
        kept = await _have_gone_on(uow, staged.of_cases)
    ready = _made_ready(staged, kept, memory)
    async with memory.unit_of_work() as uow:
        now_kept = await _have_gone_on(uow, staged.of_cases)
        if now_kept != kept:
            ready = _made_ready(staged, now_kept, memory)
        for one in _applied(staged, now_kept):
            await _change(uow, one, tell)
        for table in ready:
            async for written in table.write(uow):
                tell(written)
        await _count_again(uow, now_kept, this)
        tell(sum(staged.of_cases[reference].size for reference in now_kept))


async def _have_gone_on(uow: UnitOfWork, references: Collection[str]) -> frozenset[str]:
    """Those of the cases to which something has happened here: an event that no import recorded."""
    events, found = table_of(EventRow).c, set[str]()
    connection = await uow.connection()
    for some in cases.in_groups(references):
        ours = select(events.case_reference).where(events.case_reference.in_(some), events.recorded_by != IMPORTED_BY)
        found.update((await connection.execute(ours)).scalars())
    return frozenset(found)


async def _count_again(uow: UnitOfWork, references: Collection[str], this: Import) -> None:
    """Count the open ones among them from every event that stands; the note of what changed puts them before the next sweep."""
    for reference in sorted(references):
        case, filing = await cases.find(uow, reference), Filing()
        if case is None or case.closed_on is not None:
            continue
        await recount(uow, case, this.office, this.now, filing, f"import of {this.name}")
        filing.change(CaseRow, {"reference": reference}, remind_from=this.today)
        await write_filings(uow, [filing])


def _applied(staged: Staged, kept: Collection[str]) -> list[Rows]:
    return [staged, *(rows for reference, rows in staged.of_cases.items() if reference not in kept)]


def _made_ready(staged: Staged, kept: Collection[str], memory: Memory) -> list[Ready]:
    applied = _applied(staged, kept)
    tables = [table_of(model) for model in _ORDER]
    return [Ready(table, [row for one in applied for row in one.rows.get(table, ())], memory) for table in tables]


async def _change(uow: UnitOfWork, staged: Rows, tell: Telling) -> None:
    connection = await uow.connection()
    for table, where, values in staged.changes:
        conditions = [table.c[name] == value for name, value in where.items()]
        await connection.execute(update(table).where(*conditions).values(**values))
        tell(1)


def _is_ours(line: int, reference: str) -> Mistake:
    why = "a case of this service, which stands otherwise: its dates follow from its events; correct those"
    return Mistake(CASES.name, line, "reference", reference, why)


def _event(reference: str, name: Event, on: date, now: datetime, note: str = "") -> Values:
    return {
        "case_reference": reference,
        "name": name,
        "happened_on": on,
        "recorded_at": now,
        "recorded_by": IMPORTED_BY,
        "note": note,
        "is_superseded": False,
    }


def _add_case(staged: Staged, row: Mapping[str, Any], this: Import) -> None:
    reference = case_reference(row["reference"])
    case = _case(reference, row, this)
    staged.added += 1
    staged.add(CaseRow, case)
    staged.add(RegisterRow, {**row, "case_reference": reference})
    events = events_of(row)
    for event, on in events.items():
        staged.add(EventRow, _event(reference, event, on, this.now))
    _clocks(staged, case, events, this)


def _case(reference: str, row: Mapping[str, Any], this: Import) -> Values:
    received_on, ended = row["received_on"], ended_on(row)
    calendar = this.office.calendar
    if ended is None and not calendar.known_from <= received_on <= calendar.known_until:
        ended = received_on  # no calendar reaches so far back: nothing could be counted, and nobody be reminded
    channel = Channel(row["channel"]) if row["channel"] else Channel.LETTER
    return {
        "reference": reference,
        "kind": row["kind"],
        "procedure": row["procedure"] or Procedure.UNDECIDED,
        "suggested": row["procedure"] or Procedure.UNDECIDED,
        "channel": channel,
        "form": Form.ORAL if channel in _ORAL else Form.WRITTEN,
        "received_at": moment_at_the_desk(received_on, NOON),
        "received_on": received_on,
        "raised_by": row["raised_by"] or Role.UNKNOWN,
        "risk": Risk.NONE,
        "language": "en",
        "team": row["team"][:100],
        "owner": "",
        "closed_on": ended,
        "outcome": row["stage_3_outcome"] or row["stage_2_outcome"] or row["stage_1_outcome"],
        "is_imported": True,
        "remind_from": this.today if ended is None else None,
    }


def _clocks(staged: Rows, case: Values, events: Mapping[Event, date], this: Import) -> None:
    """An open case gets the clocks that its dates imply, the same that are counted for it later; a closed one none."""
    if case["closed_on"] is not None:
        return
    row = CaseRow(**{**case, "kind": Kind(case["kind"]), "procedure": Procedure(case["procedure"])})
    for deadline in deadline_rows(row, events, this.office, this.now):
        staged.add(DeadlineRow, values_of(deadline))


def _change_case(staged: Staged, before: Mapping[str, Any], row: Mapping[str, Any], this: Import) -> list[str]:
    """Change a row that stands; returns what changed, for the history."""
    reference = case_reference(row["reference"])
    changed = [name for name in CASES.names if before[name] != row[name]]
    staged.change(RegisterRow, {"case_reference": reference}, **{name: row[name] for name in changed})
    staged.of_cases[reference] = _by_the_register(before, row, this)
    return [f"{name}: {_shown(before[name])} to {_shown(row[name])}" for name in changed]


def _by_the_register(before: Mapping[str, Any], row: Mapping[str, Any], this: Import) -> Rows:
    """The case, its events and its clocks as the changed row has them."""
    reference, made = case_reference(row["reference"]), Rows()
    case = _case(reference, row, this)
    kept = ("reference", "owner", "risk", "language")
    made.change(CaseRow, {"reference": reference}, **{name: value for name, value in case.items() if name not in kept})
    was, events = events_of(before), events_of(row)
    for event in was:
        if events.get(event) != was[event]:
            of_import = {"case_reference": reference, "name": event, "recorded_by": IMPORTED_BY, "is_superseded": False}
            made.change(EventRow, of_import, is_superseded=True)
    for event, on in events.items():
        if was.get(event) != on:
            made.add(EventRow, _event(reference, event, on, this.now))
    gone = {"is_superseded": True, "superseded_at": this.now, "superseded_why": f"import of {this.name}"}
    made.change(DeadlineRow, {"case_reference": reference, "is_superseded": False}, **gone)
    _clocks(made, case, events, this)
    return made


def _issues(register: Register, standing: Standing, staged: Staged, said: dict[str, list[str]]) -> None:
    for entry in register.of(ISSUES):
        own, number, theme, outcome = entry.values
        reference = case_reference(own)
        before = standing.issues.get((own, number))
        if own in standing.live:
            if before != (theme, outcome):
                staged.mistakes.append(_is_ours_too(ISSUES.name, entry.line, own))
        elif before is None:
            staged.add(RegisterIssueRow, {"case_reference": reference, "number": number, "theme": theme, "outcome": outcome})
            if own in standing.cases:
                said.setdefault(reference, []).append(f"issue {number} added: {theme}, {_shown(outcome)}")
        elif before != (theme, outcome):
            staged.change(RegisterIssueRow, {"case_reference": reference, "number": number}, theme=theme, outcome=outcome)
            was = ", ".join(map(_shown, before))
            said.setdefault(reference, []).append(f"issue {number}: {was} to {theme}, {_shown(outcome)}")


def _is_ours_too(file: str, line: int, reference: str) -> Mistake:
    return Mistake(file, line, "reference", reference, "a case of this service, of which its own records say otherwise")


def _learning(register: Register, standing: Standing, staged: Staged, said: dict[str, list[str]]) -> None:
    for entry in register.entries.get("learning.csv", []):
        own, action, *rest = entry.values
        reference, (owner, due_on, done_on) = case_reference(own), rest
        before = standing.learning.get((own, action))
        values = {"owner": owner, "due_on": due_on, "done_on": done_on}
        if own in standing.live:
            if before is None or before.values != tuple(rest):
                staged.mistakes.append(_is_ours_too("learning.csv", entry.line, own))
        elif before is None:
            staged.add(RegisterLearningRow, {"case_reference": reference, "action": action, **values})
            if own in standing.cases:
                said.setdefault(reference, []).append("an action added to what was learned")
        elif before.values != tuple(rest):
            staged.change(RegisterLearningRow, {"id": before.id}, **values)
            said.setdefault(reference, []).append("an action of what was learned changed")


def _ombudsman(register: Register, standing: Standing, staged: Staged, said: dict[str, list[str]]) -> int:
    """Returns how many enquiries without a case changed."""
    loose = 0
    names = ("received_on", "kind", "decided_on", "outcome", "directorate", "service")
    for entry in register.entries.get("ombudsman.csv", []):
        body, theirs, own, *rest = entry.values
        reference = case_reference(own) if own else None
        values = {"case_reference": reference, **dict(zip(names, rest, strict=True))}
        before = standing.ombudsman.get((body, theirs))
        if before is None:
            staged.add(OmbudsmanRow, {"body": body, "body_reference": theirs, **values})
        elif before != (own, *rest):
            staged.change(OmbudsmanRow, {"body": body, "body_reference": theirs}, **values)
            if reference and own not in standing.live:
                said.setdefault(reference, []).append(f"the enquiry {theirs} of {body} changed")
            else:
                loose += 1
    return loose


def _activity(register: Register, standing: Standing, staged: Staged) -> int:
    changed = 0
    for entry in register.entries.get("activity.csv", []):
        measure, begins, ends, count, directorate = entry.values
        before = standing.activity.get((measure, directorate, begins))
        if before is None:
            values = {"measure": measure, "from_on": begins, "until_on": ends, "count": count, "directorate": directorate}
            staged.add(ActivityRow, values)
        elif before.values != (ends, count):
            staged.change(ActivityRow, {"id": before.id}, until_on=ends, count=count)
            changed += 1
    return changed


def _shown(value: Any) -> str:
    return "empty" if value in (None, "") else value.isoformat() if isinstance(value, date) else str(value)
