"""A folder of CSV files becomes a `Register`, or the whole list of what is wrong with it. Pure but for reading the files."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from reports.registers.columns import CASES, FILES, LONGEST_CELL, Column, File, NotAllowed
from reports.unseen import first_unseen, is_blank

WHOLE = csv.field_size_limit()
_KEPT_CONTROLS = frozenset("\t\n\r")
LONGEST_SHOWN = 100
_OTHERS = {";": "semicolons", "\t": "tabs", "|": "upright bars"}
"""What spreadsheets put between columns elsewhere."""
NO_TEXT = "this is not UTF-8 text: save it as CSV UTF-8"
TELL_EVERY = 2_000

Telling = Callable[[int], None]
"""Is told how many more bytes were read."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one cell, row or file, and where."""

    file: str
    line: int
    """Of the file on which the row begins, the header being line 1; 1 of a whole file."""
    column: str
    value: str
    why: str

    @property
    def shown(self) -> str:
        return self.value[:LONGEST_SHOWN]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as it was read: the line on which it begins, and its values in the order of the file's columns."""

    line: int
    values: tuple[Any, ...]


@dataclass
class Register:
    """What a folder holds, by the name of the file; a mistake does not hide the others."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    half_known: set[str] = field(default_factory=set)
    """References of rows of cases.csv with a mistake: what hangs on them is not wrong for that."""

    def of(self, file: File) -> list[Entry]:
        return self.entries.get(file.name, [])


def read_folder(folder: Path, today: date, tell: Telling = lambda read: None) -> Register:
    """Read and check every file, cell by cell. What rows say of each other is `checking.check`.

    Raises OSError where a file cannot be opened.
    """
    register, names = Register(), {file.name for file in FILES}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() == ".csv" and path.is_file() and path.name not in names:
            register.mistakes.append(
                Mistake(path.name, 1, "", "", f"no file of a register; there are {', '.join(sorted(names))}")
            )
    for file in FILES:
        path = folder / file.name
        if path.exists() and not path.is_file():
            register.mistakes.append(Mistake(file.name, 1, "", "", "this is a folder or something else, and no file"))
        elif path.is_file():
            register.entries[file.name] = list(_read(file, path.read_bytes(), register, today, tell))
        elif path.is_symlink():
            register.mistakes.append(Mistake(file.name, 1, "", "", "this is a link to a file that is not there"))
        elif file is CASES:
            register.mistakes.append(Mistake(file.name, 1, "", "", "cases.csv is missing"))
    return register


def read_file(file: File, held: bytes, today: date) -> Register:
    """One file alone, with everything that is wrong with its cells."""
    register = Register()
    register.entries[file.name] = list(_read(file, held, register, today, lambda read: None))
    return register


def _read(file: File, held: bytes, register: Register, today: date, tell: Telling) -> Iterator[Entry]:
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError:
        register.mistakes.append(Mistake(file.name, 1, "", "", NO_TEXT))
        return
    rows = _rows(file, text, register)
    line, header = next(rows, (0, []))
    if why := _no_header(file, header, register):
        register.mistakes.append(Mistake(file.name, line or 1, "", header[0] if header else "", why))
    if why or not header:
        return
    places = _places(file, [_tidied(cell) for cell in header], line, register)
    told, size = line, max(1, text.count("\n"))
    read_before: list[dict[str, Any]] = [{} for _ in file.columns]
    for line, cells in rows:
        entry = _entry(file, line, cells, len(header), places, register, today, read_before)
        if entry:
            yield entry
        if line - told >= TELL_EVERY:
            tell((line - told) * len(held) // size)
            told = line


def _no_header(file: File, header: list[str], register: Register) -> str:
    """Why the first line of a file is no header at all; nothing where it is one, or where that is said already."""
    if not header:
        return "" if any(one.file == file.name for one in register.mistakes) else "there is no header"
    if "\0" in header[0]:
        return NO_TEXT
    if _tidied(header[0]).lower().startswith("sep="):
        return "this line is for a spreadsheet: take it out, so that the headings come first"
    other = next((sign for sign in _OTHERS if sign in header[0]), "") if len(header) == 1 else ""
    return f"its columns stand apart by {_OTHERS[other]}: save it with commas between them" if other else ""


def _rows(file: File, text: str, register: Register) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins. A line with nothing on it is none."""
    before = csv.field_size_limit(max(WHOLE, len(text) + 1))  # an unclosed quote makes one cell of the whole rest
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        begins = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                register.mistakes.append(Mistake(file.name, begins, "", "", "a quotation mark is not closed, or text follows it"))
            else:
                if cells and (len(cells) > 1 or cells[0].strip()):
                    yield begins, cells
            begins = reader.line_num + 1
    finally:
        csv.field_size_limit(before)


def _places(file: File, header: list[str], line: int, register: Register) -> list[int | None]:
    """For each column of the file its place in the rows; what is wrong with the header is noted."""
    others = [name for name in header if name not in file.names]
    for place, name in enumerate(header):
        if name in others:
            why = _why_unknown(file, name, place, is_first=name == others[0])
            register.mistakes.append(Mistake(file.name, line, name, name, why))
        elif name in header[:place]:
            register.mistakes.append(Mistake(file.name, line, name, name, "this column is there twice"))
    for name in file.required:
        if name not in header:
            register.mistakes.append(Mistake(file.name, line, name, "", "this column is missing"))
    return [header.index(column.name) if column.name in header else None for column in file.columns]


def _why_unknown(file: File, name: str, place: int, *, is_first: bool) -> str:
    """What is wrong with a heading; which ones there are is told once."""
    meant = "_".join(name.lower().split())
    if meant in file.names:
        return f"write this heading as {meant}"
    if is_blank(name):
        return f"column {place + 1} has no heading: give it one, or delete the column"
    if sign := first_unseen(name):
        return f"in this heading is a sign that nobody sees ({sign}): type the heading anew"
    return f"no column of {file.name}" + (f"; there are {', '.join(file.names)}" if is_first else "")


def _entry(
    file: File,
    line: int,
    cells: list[str],
    width: int,
    places: list[int | None],
    register: Register,
    today: date,
    read_before: list[dict[str, Any]],
) -> Entry | None:
    known = len(register.mistakes)
    if len(cells) != width:
        why = f"this row has {len(cells)} cells and the header {width}"
        register.mistakes.append(Mistake(file.name, line, "", "", why))
        _half_know(file, cells, places, register)
        return None
    if not any(map(str.strip, cells)):
        why = "the whole row is empty: delete it"
        register.mistakes.append(Mistake(file.name, line, next(iter(file.required)), "", why))
        return None
    values = []
    for column, place, before in zip(file.columns, places, read_before, strict=True):
        cell = "" if place is None else cells[place]
        if cell in before:
            values.append(before[cell])
            continue
        if not cell:
            if column.is_required and place is not None:
                register.mistakes.append(Mistake(file.name, line, column.name, "", "this must be filled"))
            values.append(column.empty)
            continue
        try:
            values.append(_value(column, cell, today))
            if column.repeats:
                before[cell] = values[-1]
        except NotAllowed as problem:
            register.mistakes.append(Mistake(file.name, line, column.name, _tidied(cell), str(problem)))
            values.append(column.empty)
    if len(register.mistakes) > known:
        _half_know(file, cells, places, register)
    return Entry(line, tuple(values))


def _half_know(file: File, cells: list[str], places: list[int | None], register: Register) -> None:
    place = places[0]
    if file is CASES and place is not None and place < len(cells):
        register.half_known.add(_tidied(cells[place]))


def _value(column: Column, cell: str, today: date) -> Any:
    if len(cell) > LONGEST_CELL:
        raise NotAllowed(f"a cell has at most {LONGEST_CELL:,} symbols; this one has {len(cell):,}")
    if not cell.isprintable() and any(unicodedata.category(one) == "Cc" and one not in _KEPT_CONTROLS for one in cell):
        raise NotAllowed("a control character that no text needs")
    tidied = _tidied(cell)
    if not tidied:
        if column.is_required:
            raise NotAllowed("this must be filled")
        return column.empty
    if not tidied.isascii():
        _check_seen(column, tidied)
    value = column.read(tidied)
    if column.is_a_day and not column.may_lie_ahead and value > today:
        raise NotAllowed(f"this day has not come: today is {today.isoformat()}")
    return value


def _check_seen(column: Column, cell: str) -> None:
    """Refuses a sign that nobody sees: two references that look the same would be two cases. Free words may hold one."""
    if column.is_free and not is_blank(cell):
        return
    if sign := first_unseen(cell):
        advice = "empty this cell" if is_blank(cell) and not column.is_required else "type it anew"
        raise NotAllowed(f"a sign that nobody sees is in it ({sign}): {advice}")


def _tidied(cell: str) -> str:
    """Without spaces at its ends, in Unicode form NFC."""
    stripped = cell.strip()
    return stripped if stripped.isascii() else unicodedata.normalize("NFC", stripped)
