"""Charts as SVG, drawn by hand: bars whose lengths are shares of the width, so that their words keep their size on a phone.

Each has a title and a description for those who do not see it. Colours stand as attributes, for paper; a page's style sheet turns
them over by the classes s1, s2, … in the dark. A bar that is withheld has no length: only its number's place says so.
"""

from collections.abc import Iterator
from textwrap import wrap

from markupsafe import Markup, escape

from reports.formats.showing import Words, charted, drawn, is_number, shown, shown_alone
from reports.values import Cell, Chart, Row, Table, Unit
from templates.markup import cleaned

COLOURS = ("#0b5a82", "#a9bac4", "#b35900", "#6a4c93", "#3d7d4f", "#8a8a8a", "#c9a227")
"""Of the series, in order. Neighbours differ in lightness too."""
DARK, LIGHT = "#1c2226", "#ffffff"
_FACES = "Arial, Liberation Sans, Helvetica, DejaVu Sans, sans-serif"
INKS = (LIGHT, DARK, LIGHT, LIGHT, LIGHT, DARK, DARK)
"""The ink on each of them: contrast of at least 4.5."""
_BAR, _GAP, _LABEL, _FOOT = 16, 14, 20, 8
_LONGEST = 76
"""The share of the width that the longest bar takes, in percent: its number stands behind it."""
_HIGH, _COLUMNS_FOOT, _COLUMNS_TOP = 180, 24, 20
_FITS = 8
"""A piece narrower than this many percent has no room for its number."""
_HEAD_FITS = 36
"""Signs above a bar in one line of a phone 320 pixels wide."""
_HEAD_LINE = 17
_MONTH_FITS = 3


def draw(table: Table, words: Words, width: str = "100%") -> Markup:
    """The SVG picture of a table that has something to draw, as wide as its place or as many pixels."""
    match table.chart:
        case Chart.SHARES:
            parts, height = _shares(table, words)
        case Chart.MONTHS:
            parts, height = _months(table, words)
        case _:
            parts, height = _bars(table, words)
    name = escape(table.name)
    return Markup(  # noqa: S704 - every part is escaped where it is made
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{escape(width)}" height="{height}" '
        f'aria-labelledby="{name}-t {name}-d" font-family="{_FACES}" font-size="14">'
        f'<title id="{name}-t">{escape(named(table, words))}</title>'
        f'<desc id="{name}-d">{escape(described(table, words))}</desc>{"".join(parts)}</svg>'
    )


def named(table: Table, words: Words) -> str:
    """The name of the picture, with what it shows in a sentence."""
    return cleaned(f"{words['chart']}: {table.title}. {table.summary}".strip())


def described(table: Table, words: Words) -> str:
    """The picture in words, row by row."""
    return cleaned(" ".join(f"{row.title}: {_said(table, row, words)}." for row in charted(table)))


def _said(table: Table, row: Row, words: Words) -> str:
    said = ((table.columns[place].title, shown(row.cells[place], table.columns[place], words)) for place in drawn(table))
    return ", ".join(f"{title} {value}" for title, value in said)


def legend(table: Table) -> tuple[tuple[str, str], ...]:
    """The name of each series with the class of its colour; nothing where there is only one."""
    columns = drawn(table)
    if len(columns) < 2:
        return ()
    return tuple((table.columns[column].title, f"s{_colour(place) + 1}") for place, column in enumerate(columns))


def size(cell: Cell) -> float:
    """How long a bar is: nothing for what is withheld or unknown, or below nothing."""
    return max(float(cell.value), 0.0) if is_number(cell) and not isinstance(cell.value, str) and cell.value is not None else 0.0  # type: ignore[arg-type]  # is_number says that it is no date


def _longest(table: Table) -> float:
    """What the longest bar stands for: 100 for shares, else the greatest figure that is drawn."""
    columns = drawn(table)
    if all(table.columns[column].unit is Unit.PERCENT for column in columns):
        return 100.0
    return max((size(row.cells[column]) for row in charted(table) for column in columns), default=0.0) or 1.0


def _bars(table: Table, words: Words) -> tuple[list[str], int]:
    most, parts, y = _longest(table), list[str](), 0
    for row in charted(table):
        head, y = _head(row, y)
        parts += head
        for place, column in enumerate(drawn(table)):
            cell = row.cells[column]
            width = min(size(cell) / most, 1.0) * _LONGEST
            parts += [_rect(0, y, width, _BAR, place)] if width else []
            parts.append(_text(width, y + 13, shown_alone(cell, table.columns[column], words), shift=6, points=13))
            y += _BAR + 2
        y += _GAP - 2
    return parts, max(y - _GAP, 0) + _FOOT


def _shares(table: Table, words: Words) -> tuple[list[str], int]:
    parts, y = list[str](), 0
    for row in charted(table):
        head, y = _head(row, y)
        parts += head
        parts += _pieces(table, row, y, words)
        y += _BAR + 6 + _GAP
    return parts, max(y - _GAP, 0) + _FOOT


def _pieces(table: Table, row: Row, y: int, words: Words) -> Iterator[str]:
    """The pieces of one row; how many there are together stands behind."""
    cells = [row.cells[column] for column in drawn(table)]
    whole, x = sum(map(size, cells)), 0.0
    for place, (cell, column) in enumerate(zip(cells, drawn(table), strict=True)):
        width = size(cell) / whole * (_LONGEST + 10) if whole else 0.0
        if width:
            yield _rect(x, y, width, _BAR + 6, place)
        if width >= _FITS:
            said = shown_alone(cell, table.columns[column], words)
            yield _text(x + width / 2, y + 16, said, anchor="middle", points=13, on=_colour(place) + 1)
        x += width
    yield _text(x, y + 16, f"{whole:,.0f}", shift=6, points=13)


def _months(table: Table, words: Words) -> tuple[list[str], int]:
    rows, columns, most = charted(table), drawn(table), _longest(table)
    ground = _COLUMNS_TOP + _HIGH
    slot = 100 / max(len(rows), 1)
    each = min(slot * 0.76 / len(columns), 8)
    parts = [f'<line class="axis" x1="0" x2="100%" y1="{ground}" y2="{ground}" stroke="#6b7780" stroke-width="1"/>']
    for index, row in enumerate(rows):
        middle = index * slot + slot / 2
        for place, column in enumerate(columns):
            cell = row.cells[column]
            high = round(size(cell) / most * _HIGH, 1)
            x = middle - each * len(columns) / 2 + place * each
            parts += [_rect(x, ground - high, each, high, place)] if high else []
            if place == 0:
                said = shown_alone(cell, table.columns[column], words) if is_number(cell) else "–"
                parts.append(_text(x + each / 2, ground - high - 5, said, anchor="middle", points=12))
        parts.append(_text(middle, ground + 16, cleaned(row.title)[:_MONTH_FITS], anchor="middle", points=12))
    return parts, ground + _COLUMNS_FOOT


def _head(row: Row, y: int) -> tuple[list[str], int]:
    """The words above a bar as they fit on a phone, in two lines at most, and where the bar begins."""
    lines = wrap(cleaned(row.title), _HEAD_FITS, max_lines=2, placeholder="…") or [""]
    parts = [_text(0, y + 14 + place * _HEAD_LINE, line) for place, line in enumerate(lines)]
    return parts, y + _LABEL + (len(lines) - 1) * _HEAD_LINE


def _colour(place: int) -> int:
    return place % len(COLOURS)


def _rect(x: float, y: float, width: float, height: float, place: int) -> str:
    colour = _colour(place)
    return (
        f'<rect class="s{colour + 1}" x="{x:.2f}%" y="{y:g}" width="{width:.2f}%" height="{height:g}" fill="{COLOURS[colour]}"/>'
    )


def _text(x: float, y: float, words: str, *, shift: int = 0, anchor: str = "start", points: int = 14, on: int = 0) -> str:
    """Words at a place, in the page's ink or in the ink for a coloured piece."""
    moved = f' dx="{shift}"' if shift else ""
    aligned = f' text-anchor="{anchor}"' if anchor != "start" else ""
    ink, colour = (f"on{on}", INKS[on - 1]) if on else ("ink", DARK)
    return (
        f'<text class="{ink}" x="{x:.2f}%" y="{y:g}"{moved}{aligned} font-size="{points}" fill="{colour}">{escape(words)}</text>'
    )
