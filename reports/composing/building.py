"""How a table is made: its words, its columns, its rows in an order that a reader expects, and a sentence of what it shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.composing.data import Data, counts, whole
from reports.composing.wording import UNKNOWN, Wording
from reports.values import Cell, Chart, Column, Row, Table, Unit


@dataclass(frozen=True)
class Maker:
    """Makes the tables of one report."""

    data: Data
    wording: Wording
    now: str
    """The period as the head of a column."""
    before: str

    @property
    def compared(self) -> tuple[Column, ...]:
        """Both periods and the change."""
        return (
            Column("count", self.now, is_drawn=True),
            Column("previous", self.before, is_drawn=True),
            Column("change", self.wording["change"]),
            Column("change_percent", self.wording["change_percent"], Unit.PERCENT),
        )

    @property
    def alone(self) -> tuple[Column, ...]:
        """This period; with the one before where a staff's report counts it."""
        return self.columns(Unit.COUNT)

    def columns(self, unit: Unit, *, name: str = "count", title: str = "", is_drawn: bool = True) -> tuple[Column, ...]:
        """A column of this period, titled by it or by what is given; and one of the period before where that was counted."""
        if not self.data.has_before:
            return (Column(name, title or self.now, unit, is_drawn),)
        ours, theirs = (f"{title}, {one}" if title else one for one in (self.now, self.before))
        return Column(name, ours, unit, is_drawn), Column(f"{name}_before", theirs, unit, is_drawn)

    def cells(self, *steps: str) -> tuple[Cell, ...]:
        """A figure for each of these columns."""
        now = self.data.cell(*steps)
        return (now, self.data.before(*steps) or Cell(None, now.unit)) if self.data.has_before else (now,)

    def by(
        self,
        name: str,
        steps: Sequence[str],
        kind: str,
        *,
        of: str = "",
        total: Sequence[str] = (),
        chart: Chart | None = Chart.BARS,
    ) -> Table:
        """A measure for each word of a map, the most first; what is not known last, then the total."""
        rows = [Row(word, self.wording.term(kind, word), self.data.measure(*steps, word)) for word in self.data.words(*steps)]
        return self.table(
            name,
            self.compared,
            most_first(rows),
            of=of,
            total=self.data.measure(*total) if total else (),
            chart=chart,
            is_ranked=True,
        )

    def plain(self, name: str, steps: Sequence[str], kind: str, *, of: str = "", title: dict[str, str] | None = None) -> Table:
        """A count for each word of a map, the most first."""
        rows = [Row(word, self.wording.term(kind, word), self.cells(*steps, word)) for word in self.data.words(*steps)]
        return self.table(name, self.alone, most_first(rows), of=of, title=title, is_ranked=True)

    def table(
        self,
        name: str,
        columns: tuple[Column, ...],
        rows: Iterable[Row],
        *,
        of: str = "",
        title: dict[str, str] | None = None,
        total: tuple[Cell, ...] = (),
        chart: Chart | None = Chart.BARS,
        is_ranked: bool = False,
    ) -> Table:
        """A table with the words of `of` (or of its own name). Ranked: its rows are parts of a whole, the most first."""
        said, made = self.wording.of(of or name), tuple(rows)
        every = (*made, Row("all", self.wording["all"], total, is_total=True)) if total and len(made) > 1 else made
        return Table(
            name,
            str(said["title"]).format(**(title or {})),
            str(said["row"]),
            columns,
            every,
            (str(said["how"]),),
            tuple(said["measures"]),
            chart if len(made) > 1 else None,
            self._summary(made) if is_ranked and chart is Chart.BARS and columns and columns[0].unit is Unit.COUNT else "",
        )

    def _summary(self, rows: tuple[Row, ...]) -> str:
        """Which row has the most; nothing where that would tell of withheld ones."""
        total = counts(row.cells[0] for row in rows)
        best = rows[0] if rows else None
        number = whole(best.cells[0]) if best else None
        if len(rows) < 2 or not total or not number or best is None or best.name == UNKNOWN or number == whole(rows[1].cells[0]):
            return ""
        return self.wording["most"].format(title=best.title, count=f"{number:,}", total=f"{total:,}")


def most_first(rows: Iterable[Row]) -> list[Row]:
    """The most first, equal ones by the alphabet; withheld ones among the zeros, what is not known last: no order tells."""
    return sorted(rows, key=lambda row: (row.name == UNKNOWN, -(whole(row.cells[0]) or 0), row.title.casefold()))
