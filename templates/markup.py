"""The small marks that a mail is written with, and its two readings: plain text and HTML.

The words of a mail are written once, in `email.txt`. A translator needs to know five marks, each at the start of a line:
`# ` the one heading, `## ` a heading, `- ` a point, `1. ` a numbered point, and `***` alone, where a chat begins another
bubble (in a mail it only ends a paragraph). A blank line ends a paragraph. What comes from a fact is never a mark: see `guarded`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup, escape

# Marks inside a line. They are control characters, which `cleaned` takes out of every fact, so no fact can hold one.
BREAK = "\x0b"
"""A line break inside a fact."""
GUARD = "\x01"
"""Stands before a fact that begins like a mark."""
STRONG, STRONG_END, TEL, TEL_END, COMMAND, COMMAND_END = "\x0e", "\x0f", "\x10", "\x11", "\x12", "\x13"

# C0 and C1 controls but tab and newline, lone surrogates, and the marks that turn the direction of what follows (U+202E and kin).
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
_NEWLINES = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_LOOKS_LIKE_A_MARK = re.compile(r"\s*(?:#|-|\*|\d+\.)")
_INLINE = re.compile("[\x01\x0e-\x13]")
_TEL = re.compile(f"{TEL}([^{TEL_END}]*){TEL_END}")
_COMMAND = re.compile(f"{COMMAND}([^{COMMAND_END}]*){COMMAND_END}")
_REFERENCE = re.compile(r"\b[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{4}\b")
_ON_ONE_LINE = r'<span style="white-space:nowrap">\g<0></span>'
_ISOLATED = re.compile("\u2066[^\u2069\n]*\u2069")
_MARKS = frozenset("#-*0123456789")
_POINT = re.compile(r"(?:- |\d{1,3}\. )")
_PARAGRAPH_IN_A_FACT = re.compile(f"{BREAK}[{BREAK} \t]*{BREAK}")


class BlockKind(StrEnum):
    """What a run of lines is."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    POINTS = "points"
    STEPS = "steps"
    BUBBLE = "bubble"


@dataclass(frozen=True)
class Block:
    """A run of lines that belong together; in `lines` the marks at the start are gone."""

    kind: BlockKind
    lines: tuple[str, ...]
    numbers: tuple[int, ...] = ()
    """Of steps: the number that each was written with, which may be the one that other letters name it by."""


def cleaned(text: str) -> str:
    """The text with plain newlines and without characters that nobody can see and that change what others see."""
    if text.isascii() and text.isprintable():
        return text
    return _UNWANTED.sub("", _NEWLINES.sub("\n", text))


def guarded(fact: str) -> str:
    """A fact as it goes into a template: all its words, none of them a mark."""
    text = cleaned(fact)
    if "\n" in text:
        text = text.strip("\n").replace("\n", BREAK)
    return GUARD + text if _LOOKS_LIKE_A_MARK.match(text) else text


def blocks(rendered: str) -> tuple[Block, ...]:
    """The blocks of a rendered template, in order."""
    return tuple(_blocks(rendered))


def _blocks(rendered: str) -> Iterator[Block]:
    kind, lines, numbers = BlockKind.PARAGRAPH, list[str](), list[int]()
    for written in rendered.split("\n"):
        line = written.strip(" \t")
        found, words = _read_line(line)
        if lines and (found is not kind or not words or kind in (BlockKind.TITLE, BlockKind.HEADING)):
            yield Block(kind, tuple(lines), tuple(numbers))
            lines, numbers = [], []
        if found is BlockKind.BUBBLE:
            yield Block(found, ())
        elif words:
            kind = found
            lines.append(words)
            numbers += [int(line.partition(".")[0])] if found is BlockKind.STEPS else []
    if lines:
        yield Block(kind, tuple(lines), tuple(numbers))


def _read_line(line: str) -> tuple[BlockKind, str]:
    if line[:1] not in _MARKS:
        return BlockKind.PARAGRAPH, line
    if line.startswith("## "):
        return BlockKind.HEADING, line[3:]
    if line.startswith("# "):
        return BlockKind.TITLE, line[2:]
    if line == "***":
        return BlockKind.BUBBLE, ""
    if point := _POINT.match(line):
        return (BlockKind.POINTS if line.startswith("-") else BlockKind.STEPS), line[point.end() :]
    return BlockKind.PARAGRAPH, line


def without_marks(text: str) -> str:
    """One line of plain text: for a subject, where a mark has no meaning and a line break would be another header."""
    return " ".join(_INLINE.sub("", cleaned(text.replace(BREAK, " "))).split())


def plain(parts: tuple[Block, ...], *, in_a_chat: bool = False) -> str:
    """The plain text: complete by itself, headings as lines, points with their marks.

    A chat has no bold words and a narrow bubble: a heading stands alone there, and the lines of a point begin where it does.
    """
    out: list[str] = []
    before: BlockKind | None = None
    for block in parts:
        if block.kind is BlockKind.BUBBLE:
            continue
        if before is not None:
            out.append("\n" if before is BlockKind.HEADING and not in_a_chat else "\n\n")
        # points of several paragraphs stand apart: else the next one looks like the end of the one before
        apart = "\n\n" if any(_PARAGRAPH_IN_A_FACT.search(line) for line in block.lines) else "\n"
        out.append((apart if block.kind in (BlockKind.POINTS, BlockKind.STEPS) else "\n").join(_plain_lines(block, in_a_chat)))
        before = block.kind
    return _INLINE.sub("", "".join(out))


def _plain_lines(block: Block, in_a_chat: bool) -> Iterable[str]:
    two, three = (0, 0) if in_a_chat else (2, 3)
    match block.kind:
        case BlockKind.POINTS:
            marked = [f"- {_indented(line, two)}" for line in block.lines]
        case BlockKind.STEPS:
            marked = [f"{number}. {_indented(line, three)}" for number, line in zip(block.numbers, block.lines, strict=True)]
        case _:
            marked = [_indented(line, 0) for line in block.lines]
    return marked


def _indented(line: str, by: int) -> str:
    """The lines of a fact inside a point stand under its first words."""
    return line.replace(BREAK, "\n" + " " * by) if BREAK in line else line


def bubbles(parts: tuple[Block, ...]) -> tuple[str, ...]:
    """The plain texts of a chat notice, one for each bubble."""
    found: list[list[Block]] = [[]]
    for block in parts:
        if block.kind is BlockKind.BUBBLE:
            found.append([])
        else:
            found[-1].append(block)
    return tuple(text for text in (plain(tuple(bubble), in_a_chat=True) for bubble in found) if text)


def html(parts: tuple[Block, ...]) -> Markup:
    """The same words as HTML: one `h1`, real headings, lists and paragraphs, everything escaped."""
    return Markup("\n".join(_html_of(block) for block in parts if block.kind is not BlockKind.BUBBLE))  # noqa: S704 - every word went through `inline`


def _html_of(block: Block) -> str:
    match block.kind:
        case BlockKind.TITLE:
            return f"<h1>{inline(block.lines[0])}</h1>"
        case BlockKind.HEADING:
            return f"<h2>{inline(block.lines[0])}</h2>"
        case BlockKind.POINTS | BlockKind.STEPS:
            name = "ul" if block.kind is BlockKind.POINTS else "ol"
            # a list counts by itself; only where its numbers are others, each says its own
            values = [f' value="{number}"' if number != n else "" for n, number in enumerate(block.numbers, 1)]
            marked = zip(values or [""] * len(block.lines), block.lines, strict=True)
            points = "\n".join(f'<li{value} dir="auto">{inline(line)}</li>' for value, line in marked)
            return f"<{name}>\n{points}\n</{name}>"
        case _:
            # an empty line inside a fact ends a paragraph, other breaks stay breaks
            apart = _PARAGRAPH_IN_A_FACT.split(BREAK.join(block.lines))
            return "\n".join(f'<p dir="auto">{inline(words)}</p>' for words in apart if words.strip(BREAK + " \t"))


def inline(line: str) -> str:
    """A line as HTML: everything escaped, then the marks inside it turned into tags."""
    text = str(escape(line))
    if BREAK in text:
        text = text.replace(BREAK, "<br>\n")
    if _INLINE.search(text):
        text = text.replace(STRONG, "<strong>").replace(STRONG_END, "</strong>")
        text = _COMMAND.sub(lambda found: f"<code>{_REFERENCE.sub(_ON_ONE_LINE, found[1])}</code>", text)
        text = _TEL.sub(lambda found: f'<a href="tel:{_digits(found[1])}">{found[1]}</a>', text)
        text = _INLINE.sub("", text)
    # half a reference reads as another one: it stays on one line, also where a reader of mail drops the style sheet
    return _ISOLATED.sub(_ON_ONE_LINE, text)


def _digits(number: str) -> str:
    return re.sub(r"[^0-9+]", "", number)
