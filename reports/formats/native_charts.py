"""Charts that an office program draws, and that an officer can change there: for the workbook, and for the Word file."""

from collections.abc import Sequence

from xlsxwriter.chart import Chart as NativeChart
from xlsxwriter.workbook import Workbook

from reports.formats.charts import COLOURS, DARK, INKS, size
from reports.formats.showing import Words, charted, drawn, is_number, shown_alone
from reports.values import Chart, Table, Unit
from templates.markup import cleaned

_FACE = {"name": "Arial", "size": 9}
HEADS = 2
"""The row of a sheet, from 0, with the headings of its columns; the rows of the table follow, the total last."""


def native_chart(book: Workbook, sheet: str, table: Table, places: Sequence[int], words: Words) -> NativeChart:
    """A chart of the table as it stands on the sheet. `places` says in which column of it each of the table's columns stands."""
    made = book.add_chart(_kind(table.chart))
    assert isinstance(made, NativeChart)
    columns, rows = drawn(table), len(charted(table))
    first, last = HEADS + 1, HEADS + rows
    for order, column in enumerate(columns):
        place = order % len(COLOURS)
        made.add_series(
            {
                "name": [sheet, HEADS, places[column]],
                "categories": [sheet, first, 0, last, 0],
                "values": [sheet, first, places[column], last, places[column]],
                "fill": {"color": COLOURS[place]},
                "gap": 60,
                "data_labels": _labels(table, column, INKS[place] if table.chart is Chart.SHARES else DARK, words),
            }
        )
    made.set_title({"name": cleaned(table.title), "overlay": False, "name_font": {**_FACE, "size": 12}})
    made.set_legend({"none": True} if len(columns) == 1 else {"position": "bottom", "font": _FACE})
    _axes(made, table)
    bars = rows * (1 if table.chart is Chart.SHARES else len(columns))
    made.set_size({"width": 640, "height": 320 if table.chart is Chart.MONTHS else max(220, 120 + 26 * bars)})
    return made


def _labels(table: Table, column: int, ink: str, words: Words) -> dict[str, object]:
    """The number on each bar. What is withheld or unknown says so: a program would print 0 for it."""
    shape = '0.0"%"' if table.columns[column].unit is Unit.PERCENT else "#,##0"
    special: list[dict[str, object] | None] = []
    for row in charted(table):
        cell = row.cells[column]
        if table.chart is Chart.SHARES and not size(cell):
            special.append({"delete": True})
        else:
            special.append(None if is_number(cell) else {"value": shown_alone(cell, table.columns[column], words)})
    labels: dict[str, object] = {"value": True, "num_format": shape, "font": {**_FACE, "color": ink}}
    return {**labels, "custom": special} if any(special) else labels


def _axes(made: NativeChart, table: Table) -> None:
    """The rows begin at the top, as the table's do; every bar has its number, so the scale is not drawn."""
    rows: dict[str, object] = {"num_font": _FACE, "major_tick_mark": "none", "minor_tick_mark": "none"}
    values: dict[str, object] = {"visible": False, "major_gridlines": {"visible": False}, "min": 0}
    if table.chart is not Chart.SHARES and all(table.columns[column].unit is Unit.PERCENT for column in drawn(table)):
        values["max"] = 100
    if table.chart is Chart.MONTHS:
        made.set_x_axis(rows)
        made.set_y_axis(values)
    else:  # lying bars: the library's y axis holds the rows
        made.set_x_axis(values)
        made.set_y_axis({**rows, "reverse": True, "major_gridlines": {"visible": False}})


def _kind(chart: Chart | None) -> dict[str, str]:
    match chart:
        case Chart.MONTHS:
            return {"type": "column"}
        case Chart.SHARES:
            return {"type": "bar", "subtype": "percent_stacked"}
        case _:
            return {"type": "bar"}
