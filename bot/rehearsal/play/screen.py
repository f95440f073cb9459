"""What the play puts on the terminal: bubbles with the lock screen beside them, letters, lists. Plain lines, at most 100 wide."""

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from bot.cli.common import safe
from bot.rehearsal.telling import LOCK_SCREEN

WIDEST = 100
NARROW = 70
"""Below this the lock screen stands under its bubble."""
PHONE = 26
"""Columns inside the drawn phone."""


@dataclass(frozen=True)
class Phone:
    """A locked phone: whose it is, and the lines of its notification."""

    title: str
    sender: str
    words: str


def console_of(stream: object = None) -> Console:
    """The terminal. With NO_COLOR nothing but text is written."""
    plain = None if os.environ.get("NO_COLOR") else "auto"
    # Allowed below: rich names its values in a Literal
    return Console(file=stream or sys.stdout, highlight=False, markup=False, emoji=False, color_system=plain)  # type: ignore[arg-type]


class Screen:
    """Writes on the terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def width(self) -> int:
        return min(self._console.width, WIDEST)

    def say(self, words: str = "", *, indent: int = 0, hanging: int = 0, style: str = "") -> None:
        """Words in lines that fit; `hanging` columns more before every line but the first of each."""
        for line in safe(words).split("\n"):
            first, *rest = self._lines(line, self.width - indent) if not hanging else self._hung(line, indent, hanging)
            self._line(" " * indent + first, style)
            for more in rest:
                self._line(" " * (indent + hanging) + more, style)

    def title(self, words: str) -> None:
        self.say()
        self.say(words, style="bold")

    def aside(self, words: str, *, indent: int = 2) -> None:
        """A remark about what is seen."""
        self.say(words, indent=indent, style="dim")

    def prompt(self, words: str) -> None:
        """Ask for a line; the cursor stays behind it."""
        self._console.print(Text(f"{words} ", style="bold"), end="", soft_wrap=True)
        self._console.file.flush()

    def bubble(self, words: str, buttons: Sequence[str], phone: Phone | None) -> None:
        """A message of the bot with its buttons, and beside it what the locked phone shows of it."""
        beside = self.width >= NARROW
        wide = self.width - 4 - (PHONE + 4 if beside and phone else 0)
        left = [line for part in safe(words).strip().split("\n") for line in self._lines(part, wide)]
        left += [line for button in buttons for line in self._lines(safe(button), wide)]
        right = self._phone(phone) if phone else []
        if not beside:
            left, right = [*left, *right], []
        for number in range(max(len(left), len(right))):
            one = left[number] if number < len(left) else ""
            other = right[number] if number < len(right) else ""
            self._line(f"    {set_cell_size(one, wide + 2) + other if other else one}", "")

    def rows(self, rows: Iterable[tuple[str, str]], *, indent: int = 2, gap: int = 2) -> None:
        """Two columns: a short name, and words that may take several lines."""
        known = list(rows)
        wide = max((cell_len(name) for name, _ in known), default=0) + gap
        for name, words in known:
            lines = [line for part in safe(words).split("\n") for line in self._lines(part, self.width - indent - wide)]
            for number, line in enumerate(lines):
                self._line(" " * indent + (set_cell_size(name, wide) if number == 0 else " " * wide) + line, "")

    def _phone(self, phone: Phone) -> list[str]:
        across, down, corners = ("─", "│", "┌┐└┘") if self._can_draw else ("-", "|", "++++")
        title = f"{across} {safe(phone.title)} "
        top = title + across * (PHONE - cell_len(title)) if cell_len(title) <= PHONE else across * PHONE
        shown = [line for part in (phone.sender, phone.words) for line in self._lines(safe(part), PHONE - 2)]
        body = [f"{down} {set_cell_size(line, PHONE - 2)} {down}" for line in shown]
        return [corners[0] + top + corners[1], *body, corners[2] + across * PHONE + corners[3]]

    @property
    def _can_draw(self) -> bool:
        return (self._console.encoding or "").lower().startswith("utf")

    def _hung(self, line: str, indent: int, hanging: int) -> list[str]:
        """A first line of the whole width, then shorter ones."""
        first, *rest = self._lines(line, self.width - indent)
        return [first, *(self._lines(" ".join(rest), self.width - indent - hanging) if rest else [])]

    def _lines(self, text: str, wide: int) -> list[str]:
        wrapped = Text(text.replace("\t", "    ")).wrap(self._console, max(wide, 20))
        return [line.plain.rstrip() for line in wrapped] or [""]

    def _line(self, line: str, style: str) -> None:
        self._console.print(Text(line.rstrip(), style=style), soft_wrap=True)


def on_the_lock_screen(words: str) -> str:
    """What a locked phone shows of a message."""
    first = " ".join(safe(words).split())
    return first if len(first) <= LOCK_SCREEN else first[:LOCK_SCREEN].rstrip() + "…"
