"""A report made of literals, to look at a format without a database. Its figures are invented."""

from datetime import date
from decimal import Decimal

from reports.values import (
    HIDDEN,
    Cell,
    Chart,
    Column,
    Line,
    Measure,
    Promise,
    Report,
    Restatement,
    Row,
    SaidAndDone,
    Section,
    Table,
    Unit,
)


def _measured(count: int, previous: int) -> tuple[Cell, ...]:
    percent = Decimal(count - previous) * 100 / previous if previous else None
    change = Cell(round(percent, 1) if percent is not None else None, Unit.PERCENT)
    return Cell(count), Cell(previous), Cell(count - previous), change


def _share(part: int, of: int) -> Cell:
    return Cell(round(Decimal(part) * 100 / of, 1), Unit.PERCENT, numerator=part, denominator=of)


_COMPARED = (
    Column("count", "April 2024 to March 2025", is_drawn=True),
    Column("previous", "April 2023 to March 2024", is_drawn=True),
    Column("change", "Change"),
    Column("change_percent", "Change in %", Unit.PERCENT),
)

_RECEIVED = Table(
    "by_procedure",
    "Complaints by procedure",
    "Procedure",
    _COMPARED,
    (
        Row("statutory", "Children Act (statutory)", _measured(49, 41)),
        Row("corporate", "Corporate", _measured(252, 214)),
        Row("all", "All", _measured(301, 255), is_total=True),
    ),
    ("Counts complaints received in the period, by the London day on which they came.",),
    ("M2",),
    Chart.BARS,
    "252 of 301 complaints were corporate.",
)
_BY_MONTH = Table(
    "by_month",
    "Complaints month by month",
    "Month",
    _COMPARED,
    tuple(
        Row(f"2024-{4 + n:02}", title, _measured(now, before))
        for n, (title, now, before) in enumerate((("April 2024", 24, 19), ("May 2024", 31, 22), ("June 2024", 27, 30)))
    ),
    chart=Chart.MONTHS,
    summary="May had the most complaints, 31.",
)
_STAGES = Table(
    "stages",
    "How far complaints went",
    "Stage",
    _COMPARED[:2],
    (
        Row("1", "Stage 1", (Cell(301), Cell(255))),
        Row("2", "Stage 2", (Cell(14), Cell(9))),
        Row("3", "Stage 3", (HIDDEN, HIDDEN)),
    ),
    ("Counts the stages that began in the period, whenever the complaint was received.",),
    ("M3",),
    Chart.FUNNEL,
    "14 complaints went to stage 2.",
)
_TIMELINESS = Table(
    "timeliness_statutory",
    "Answered in time: Children Act",
    "Stage 1",
    (Column("percent", "Share", Unit.PERCENT, is_drawn=True), Column("median", "Median", Unit.WORKING_DAYS)),
    (
        Row("within_10", "Within 10 working days", (_share(24, 49), Cell(Decimal("10.5"), Unit.WORKING_DAYS))),
        Row("within_20", "Within 20 working days", (_share(41, 49), Cell(None, Unit.WORKING_DAYS))),
    ),
    ("Numerator: replies on or before the last day. Denominator: stages answered, and those overdue at the data date.",),
    ("M10", "M11"),
    Chart.BARS,
    "24 of 49 were answered within ten working days.",
)
_OUTCOMES = Table(
    "outcomes",
    "What was found",
    "Procedure",
    (
        Column("upheld", "Upheld", is_drawn=True),
        Column("partially_upheld", "Partly upheld", is_drawn=True),
        Column("not_upheld", "Not upheld", is_drawn=True),
    ),
    (
        Row("statutory", "Children Act (statutory)", (Cell(15), Cell(10), Cell(24))),
        Row("corporate", 'Corporate <b>& "others"</b>', (Cell(75), Cell(48), Cell(107))),
    ),
    chart=Chart.SHARES,
    summary="15 of 49 statutory complaints were upheld.",
)
_SERVICES = Table(
    "by_service",
    "Complaints by service",
    "Service",
    _COMPARED,
    (
        Row("=1+1", "=1+1", _measured(12, 0)),
        Row("Gwasanaethau Plant Ŵyr", "Gwasanaethau Plant Ŵyr", _measured(20, 22)),
        Row("unknown", "Not known", (HIDDEN, Cell(6), HIDDEN, HIDDEN)),
    ),
    measures=("M23",),
    chart=Chart.BARS,
    summary="A service whose name looks like a formula, and one in Welsh.",
)
_NOTHING = Table("panels", "Review panels", "Panel", _COMPARED, (), empty="No panel met in either period.")

SAMPLE = Report(
    title="Complaints and compliments, April 2024 to March 2025",
    council="Example Council",
    period_from=date(2024, 4, 1),
    period_to=date(2025, 3, 31),
    compared_from=date(2023, 4, 1),
    compared_to=date(2024, 3, 31),
    as_at=date(2025, 5, 12),
    directorate=None,
    is_published=True,
    software="heard 0.0.0",
    rules="england, calendar 2026-11-22",
    story=(
        "301 complaints came in, 46 more than in the year before (+18.0%).",
        "Of the statutory ones 49.0% (24/49) were answered within ten working days.",
    ),
    sections=(
        Section(
            "received", "What came in", ("301 complaints came in, 46 more than in the year before.",), (_RECEIVED, _BY_MONTH)
        ),
        Section("services", "Services and teams", (), (_SERVICES,)),
        Section("stages", "How far complaints went", ("14 complaints went to stage 2.",), (_STAGES, _NOTHING)),
        Section("timeliness", "How soon we answered", ("About half were answered within ten working days.",), (_TIMELINESS,)),
        Section("outcomes", "What was found", ("Half of the statutory complaints were upheld or partly upheld.",), (_OUTCOMES,)),
    ),
    measures=(
        Measure(
            "M2",
            "Complaints by procedure",
            "Complaints received in the period, by the procedure they were handled under.",
            "Complaints received",
            "",
            (Line("Children Act (statutory)", Cell(49), Cell(41)), Line("Corporate", Cell(252), Cell(214))),
        ),
        Measure(
            "M10",
            "Stage 1 answered within 10 working days",
            "Replies on or before the tenth working day after stage 1 began.",
            "Replies within 10 working days",
            "Stages answered, and those overdue at the data date",
            (Line("Children Act (statutory)", _share(24, 49)),),
        ),
        Measure("M26", "Equality", "Voluntary answers.", "Answers", "People who answered", (), "Nobody answered."),
    ),
    notes=(
        "Complaints are counted by the day on which they were received.",
        "There is no count of referrals for this period, so there is no share of referrals.",
    ),
    withheld="Counts of 1 to 4, and what would let a reader work them out, are not shown. They are marked with a c.",
    restatements=(
        Restatement(
            "complaints.received.previous",
            "Complaints received, April 2023 to March 2024",
            Cell(251),
            date(2024, 6, 3),
            Cell(255),
            "Four complaints were logged twice in the wrong year.",
        ),
    ),
    promises=(
        Promise(
            "Ring back within two working days", "Communication", "Head of Service", date(2025, 1, 31), date(2025, 1, 20), "done"
        ),
        Promise("Write to every carer before a move", "Placement", "Placements", date(2025, 4, 1), None, "overdue"),
    ),
    said_and_done=(SaidAndDone("Nobody rang back.", "We ring back within two working days and write it down."),),
    figures={"period": {"from": "2024-04-01", "to": "2025-03-31"}, "complaints": {"received": {"count": 301, "previous": 255}}},
)
