"""Reports of several shapes, all invented: what a writer may be given."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from reports.sample import SAMPLE
from reports.values import HIDDEN, Cell, Chart, Column, Promise, Report, Row, SaidAndDone, Section, Table, Unit

FORMULA = "=cmd|' /C calc'!A0"
SCRIPT = "</table><script>alert(1)</script>"
WIDE_FORMULA = "＝1+1"
LONG = "very " * 8_000 + "long"
WELSH, ARABIC = "Gwasanaethau Plant Ŵyr a'r Tŷ", "خدمات الأطفال"
CONTROLS = "Team\x00 \x1b[31m\ud800 \u202eevil"

_COUNTS = (Column("count", "2024-25", is_drawn=True), Column("previous", "2023-24", is_drawn=True), Column("change", "Change"))


def _table(name: str, *rows: Row, chart: Chart | None = Chart.BARS) -> Table:
    return Table(name, f"A table called {name}", "What", _COUNTS, rows, (f"Counts {name}.",), ("M1",), chart, "In a sentence.")


def _row(title: str, count: int, previous: int, *, is_total: bool = False) -> Row:
    return Row(title, title, (Cell(count), Cell(previous), Cell(count - previous)), is_total)


EMPTY = replace(
    SAMPLE,
    story=("No complaints came in.",),
    sections=(
        Section(
            "received",
            "What came in",
            ("Nothing came in.",),
            (replace(_table("nothing"), empty="Nothing came in, then or now."),),
        ),
    ),
    measures=(),
    notes=(),
    withheld="",
    restatements=(),
    promises=(),
    said_and_done=(),
)
ONE_CASE = replace(
    EMPTY,
    is_published=False,
    sections=(Section("received", "What came in", ("One complaint.",), (_table("one", _row("Statutory", 1, 0)),)),),
)
ALL_HIDDEN = replace(
    SAMPLE,
    sections=(
        Section(
            "received",
            "What came in",
            (),
            tuple(
                _table(f"hidden_{chart}", *(Row(name, name, (HIDDEN, HIDDEN, HIDDEN)) for name in ("a", "b")), chart=chart)
                for chart in Chart
            ),
        ),
    ),
)
HOSTILE = replace(
    SAMPLE,
    council='Bad "Council" </style> \\ {',
    title=f"{SCRIPT} =1+1",
    story=(SCRIPT, FORMULA),
    notes=(WIDE_FORMULA, CONTROLS),
    sections=(
        Section(
            "received",
            SCRIPT,
            (FORMULA,),
            tuple(
                _table(
                    f"bad_{chart}",
                    *(
                        _row(name, 7, 9)
                        for name in (FORMULA, SCRIPT, WIDE_FORMULA, WELSH, ARABIC, "@SUM(1)", " -1+1", LONG[:200])
                    ),
                    Row(CONTROLS, CONTROLS, (Cell(5), HIDDEN, Cell(None))),
                    _row("All", 61, 72, is_total=True),
                    chart=chart,
                )
                for chart in Chart
            ),
        ),
    ),
    promises=(Promise(FORMULA, SCRIPT, "@owner", date(2025, 1, 31), None, "open", "+44"),),
    said_and_done=(SaidAndDone(FORMULA, "-we did"),),
)
KINDS = replace(
    EMPTY,
    sections=(
        Section(
            "kinds",
            "Every kind of value",
            (),
            (
                Table(
                    "kinds",
                    "Every kind of value",
                    "Kind",
                    (Column("a", "A"), Column("change_percent", "Change", Unit.PERCENT)),
                    (
                        Row("pence", "Money", (Cell(123_456, Unit.PENCE), Cell(Decimal("-18.8"), Unit.PERCENT))),
                        Row(
                            "fine",
                            "A fine share",
                            (Cell(Decimal("1.79"), Unit.PERCENT, "", False, 301, 16_861), Cell(Decimal("0.0"))),
                        ),
                        Row("days", "Days", (Cell(Decimal("10.5"), Unit.WORKING_DAYS), Cell(Decimal("120.0")))),
                        Row("day", "A day", (Cell(date(2025, 2, 28), Unit.DAY), Cell(None))),
                        Row("many", "Many", (Cell(1_234_567), Cell(None))),
                    ),
                ),
            ),
        ),
    ),
)

SHAPES: dict[str, Report] = {
    "the sample": SAMPLE,
    "nothing at all": EMPTY,
    "one case, for staff": ONE_CASE,
    "everything withheld": ALL_HIDDEN,
    "words that attack": HOSTILE,
    "every kind of value": KINDS,
}
