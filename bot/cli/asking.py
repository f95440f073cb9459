"""A person at a terminal: questions on stderr, answers from the keyboard; stdout stays for the answer of the command."""

import getpass
import shutil
import sys
import textwrap

from bot.cli.common import safe

WIDEST = 110


class Terminal:
    """Somebody who can be asked. EOFError and KeyboardInterrupt mean that they have had enough."""

    def say(self, words: str = "") -> None:
        """Tell something, its lines broken between words and indented as its first one is."""
        indent = " " * (len(words) - len(words.lstrip()))
        width = min(shutil.get_terminal_size().columns, WIDEST)
        # What is to be typed word for word stands far in, and is never broken.
        lines = [words] if len(indent) > 4 else textwrap.wrap(words, width, subsequent_indent=indent or "  ") or [""]
        sys.stderr.write("".join(f"{safe(line)}\n" for line in lines))
        sys.stderr.flush()

    def hear(self, question: str) -> str:
        """Ask, and give the line that was typed."""
        sys.stderr.write(safe(question))
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.rstrip("\r\n")

    def hear_secret(self, question: str) -> str:
        """The same, without an echo."""
        return getpass.getpass(safe(question), stream=sys.stderr)


def is_there() -> bool:
    """Whether somebody sits at a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()
