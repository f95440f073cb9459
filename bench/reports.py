"""A report over a million cases beside the bare GROUP BYs of its figures in the same run; the ordinary report; a big register.

The bare queries are what somebody would write by hand over one flat table: one for each map of figures and each of the two
periods, with no case of this service beside the imported ones, no correction, no data date and no working day.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bench.measuring import PROJECT, Figures, run, settings
from procedures.register_words import IMPORTED_BY
from tests.servers.postgres import programs as postgres_programs
from tests.servers.postgres import running_postgres

YEARS = (("2024-04-01", "2025-03-31"), ("2023-04-01", "2024-03-31"))
"""The year of the report, and the one that it is compared with: half of the cases lie in each."""
ORDINARY = 400
"""Cases of a council's ordinary year."""
PYTHON = (sys.executable, "-m")
_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count}) ",
    "postgresql": "WITH n(i) AS (SELECT generate_series(0, {count} - 1)) ",
}
_DAY = {"sqlite": "date('2023-04-01', '+' || ({}) || ' days')", "postgresql": "(date '2023-04-01' + ({})::int)"}
_WORD = {
    "kind": "CASE WHEN i % 10 = 0 THEN 'compliment' ELSE 'complaint' END",
    "procedure": "CASE WHEN i % 10 = 0 THEN {null} WHEN i % 7 < 2 THEN 'statutory' ELSE 'corporate' END",
    "outcome": "CASE i % 4 WHEN 0 THEN 'upheld' WHEN 1 THEN 'partially_upheld' ELSE 'not_upheld' END",
    "channel": "CASE i % 3 WHEN 0 THEN 'email' WHEN 1 THEN 'phone' ELSE 'web' END",
    "raised_by": "CASE i % 5 WHEN 0 THEN 'child' WHEN 1 THEN 'relative' ELSE 'parent' END",
}
_IS_COMPLAINT = "i % 10 <> 0"
TOLD_APART = ("kind", "procedure", "channel", "raised_by", "service", "team")
STAGES = (("1", "stage_1_started_on"), ("2", "stage_2_requested_on"), ("3", "stage_3_requested_on"))


def filling(dialect: str, count: int) -> Iterator[str]:
    """Statements that put so many imported cases into the tables of an import, each with an event, two of three with an issue."""
    day, numbers = _DAY[dialect], _NUMBERS[dialect].format(count=count)
    words = {name: expression.format(null="NULL") for name, expression in _WORD.items()}
    false, true = ("0", "1") if dialect == "sqlite" else ("false", "true")
    moment = "'2023-04-01 12:00:00.000000'" if dialect == "sqlite" else "timestamptz '2023-04-01 12:00Z'"
    name, received, answered = "'R' || i", day.format("i % 731"), day.format("i % 731 + 4 + i % 31")
    asked, answered_2 = day.format("i % 731 + 40"), day.format("i % 731 + 60 + i % 80")
    case = {
        "reference": name,
        "kind": words["kind"],
        "channel": words["channel"],
        "received_on": received,
        "raised_by": words["raised_by"],
    }
    case |= {"procedure": f"COALESCE({words['procedure']}, 'undecided')", "suggested": "'undecided'", "form": "'written'"}
    case |= {"received_at": moment, "risk": "'none'", "language": "'en'", "team": "'Team ' || (i % 13)", "owner": "''"}
    yield _into("cases", case | {"closed_on": answered, "is_imported": true}, numbers)
    row = {name: case[name] for name in ("reference", "kind", "channel", "received_on", "raised_by", "team")}
    row |= {
        "case_reference": name,
        "procedure": words["procedure"],
        "directorate": "'children'",
        "service": "'Service ' || (i % 11)",
    }
    row |= {"on_behalf_of_child": false, "source": "''"}
    first = {"stage_1_started_on": received, "stage_1_responded_on": answered, "stage_1_outcome": words["outcome"]}
    second = {"stage_2_requested_on": asked, "stage_2_responded_on": answered_2, "stage_2_outcome": words["outcome"]}
    row |= {column: f"CASE WHEN {_IS_COMPLAINT} THEN {found} END" for column, found in first.items()}
    row |= {column: f"CASE WHEN {_IS_COMPLAINT} AND i % 9 = 0 THEN {found} END" for column, found in second.items()}
    yield _into("register", row, numbers)
    event = {"case_reference": name, "name": "'received'", "happened_on": received, "recorded_at": moment}
    event |= {"recorded_by": f"'{IMPORTED_BY}'", "note": "''", "is_superseded": false}
    yield _into("event", event, numbers)
    theme = "CASE i % 6 WHEN 0 THEN 'delay' WHEN 1 THEN 'communication' ELSE 'staff_conduct' END"
    issue = {"case_reference": name, "number": "1", "theme": theme, "outcome": words["outcome"]}
    yield f"{_into('register_issue', issue, numbers)} WHERE {_IS_COMPLAINT} AND i % 3 <> 0"
    yield "ANALYZE"


def _into(table: str, columns: dict[str, str], numbers: str) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) {numbers} SELECT {', '.join(columns.values())} FROM n"


def bare(dialect: str) -> Iterator[str]:
    """The same questions by hand, of the flat table alone."""
    month = "substr(received_on, 1, 7)" if dialect == "sqlite" else "date_trunc('month', received_on)"
    for first, last in YEARS:
        within = f"received_on BETWEEN '{first}' AND '{last}'"
        for name in (*TOLD_APART, month, "on_behalf_of_child", "withdrawn_on IS NULL", "stage_1_started_on IS NULL"):
            yield f"SELECT kind, {name}, COUNT(*) FROM register WHERE {within} GROUP BY kind, {name}"
        latest = "COALESCE(stage_3_outcome, stage_2_outcome, stage_1_outcome)"
        complaints = f"FROM register WHERE {within} AND kind = 'complaint'"
        yield f"SELECT procedure, {latest}, COUNT(*) {complaints} GROUP BY procedure, {latest}"
        for stage, begins in STAGES:
            of = f"FROM register WHERE kind = 'complaint' AND {begins} BETWEEN '{first}' AND '{last}' GROUP BY"
            for names in (
                "procedure",
                "directorate",
                f"procedure, stage_{stage}_outcome",
                f"directorate, service, stage_{stage}_outcome",
            ):
                yield f"SELECT {names}, COUNT(*) {of} {names}"
            dates = f"procedure, {begins}, stage_{stage}_responded_on"
            yield f"SELECT {dates}, COUNT(*) {of} {dates}"
        yield (
            "SELECT r.procedure, i.theme, i.outcome, COUNT(*) FROM register r "
            "JOIN register_issue i ON i.case_reference = r.case_reference "
            f"WHERE r.{within} AND r.kind = 'complaint' GROUP BY r.procedure, i.theme, i.outcome"
        )


@dataclass(frozen=True)
class Spent:
    """What one process took."""

    wall: float
    cpu: float
    peak: float
    """Megabytes that lay in memory at once."""


def spent(arguments: list[str], environment: dict[str, str]) -> Spent:
    """Run a command of heard to its end, and ask the system for its account: of it and nothing else (`bench/accounting.py`)."""
    with tempfile.NamedTemporaryFile("r") as report:
        command = [sys.executable, "-S", str(PROJECT / "bench" / "accounting.py"), report.name, *PYTHON, "bot", *arguments]
        done = subprocess.run(command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            sys.exit(f"heard {' '.join(arguments)} ended with {done.returncode}")
        return Spent(**json.load(report))


def measure(figures: Figures, count: int, rounds: int, work: Path) -> None:
    """The big report and the import of a register on both databases, and the ordinary report in each format."""
    _many(figures, "SQLite", f"sqlite:///{work / 'many.db'}", count, rounds)
    if where := postgres_programs():
        with running_postgres(where) as server:
            name = server.create()
            _many(figures, "PostgreSQL", server.url(name), count, rounds)
            _import(figures, "PostgreSQL", server.url(server.create()), count // 10, work / "register-postgresql")
    _ordinary(figures, rounds, work)
    _import(figures, "SQLite", f"sqlite:///{work / 'import.db'}", count // 10, work / "register-sqlite")


def _many(figures: Figures, called: str, url: str, count: int, rounds: int) -> None:
    environment = settings(DATABASE_URL=url)
    run([*PYTHON, "bot", "migrate"], environment)
    asyncio.run(_ask(url, filling(_dialect(url), count)))
    of = f"{count:,} cases, {called}"
    for _ in range(rounds):
        figures.note(f"bare GROUP BYs, {of}", "s", asyncio.run(_ask(url, bare(_dialect(url)))))
        took = spent(["report", "--year", "2024-25"], environment)
        figures.note(f"report, {of}", "s", took.wall, note=f"CPU {took.cpu:.1f} s of ours")
        figures.note(f"its memory, {called}", "MB", took.peak, reach="under 500")
    figures.ratio(f"report over the bare GROUP BYs, {called}", f"report, {of}", f"bare GROUP BYs, {of}", reach="at most 3")


def _dialect(url: str) -> str:
    return url.partition(":")[0].partition("+")[0]


async def _ask(url: str, statements: Iterator[str]) -> float:
    """Seconds that all of them took, one after the other, each with its rows fetched."""
    engine = create_async_engine(url.replace("sqlite:", "sqlite+aiosqlite:"))
    try:
        async with engine.connect() as connection:
            began = time.perf_counter()
            for statement in statements:
                done = await connection.execute(text(statement))
                if done.returns_rows:
                    done.all()
            await connection.commit()
            return time.perf_counter() - began
    finally:
        await engine.dispose()


def _ordinary(figures: Figures, rounds: int, work: Path) -> None:
    url = f"sqlite:///{work / 'year.db'}"
    environment = settings(DATABASE_URL=url)
    run([*PYTHON, "bot", "migrate"], environment)
    asyncio.run(_ask(url, filling("sqlite", 2 * ORDINARY)))
    for _ in range(rounds):
        for form, reach in (("json", 2), ("html", 2), ("docx", 2), ("xlsx", 2), ("pdf", 5)):
            took = spent(["report", "--year", "2024-25", "--format", form, "--out", str(work / f"year.{form}")], environment)
            figures.note(
                f"the annual report of {ORDINARY} cases, {form}",
                "s",
                took.wall,
                reach=f"under {reach}",
                note=f"CPU {took.cpu:.1f} s",
            )


def _import(figures: Figures, called: str, url: str, count: int, folder: Path) -> None:
    folder.mkdir()
    write_register(folder / "cases.csv", count)
    environment = settings(DATABASE_URL=url)
    run([*PYTHON, "bot", "migrate"], environment)
    for name in ("import", "the same again"):
        took = spent(["import-register", str(folder)], environment)
        note = f"CPU {took.cpu:.1f} s, {took.peak:.0f} MB"
        figures.note(f"import-register of {count:,} rows, {called}, {name}", "s", took.wall, reach="under 60", note=note)


def write_register(file: Path, count: int) -> None:
    """Rows of closed statutory complaints."""
    stage = "stage_1_started_on,stage_1_responded_on,stage_1_outcome"
    with file.open("w", encoding="utf-8") as opened:
        opened.write(f"reference,kind,procedure,directorate,team,channel,received_on,{stage},closed_on\n")
        for number in range(count):
            day = f"20{10 + number % 15}-{1 + number % 12:02}-{1 + number % 28:02}"
            opened.write(f"R-{number},complaint,statutory,children,Team {number % 13},email,{day},{day},{day},upheld,{day}\n")
