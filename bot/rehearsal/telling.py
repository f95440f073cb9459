"""How a rehearsal shows itself: the chat with the lock screen beside it, letters in short, and files to open afterwards."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from bot.rehearsal.chats import Shown
from bot.rehearsal.mail_folder import MailFolder
from bot.rehearsal.post_office import PostedLetter
from bot.rehearsal.stage import Stage
from procedures.working_days import LONDON

LOCK_SCREEN = 40
"""Characters of a message that a locked phone may show."""


class Teller:
    """Tells the story as it happens."""

    def __init__(self, console: Console, stage: Stage, folder: Path) -> None:
        self._console = console
        self._stage = stage
        self._folder = folder

    def scene(self, title: str) -> None:
        """A new scene, with the time at the desk."""
        now = self._stage.clock.now().astimezone(LONDON)
        self._console.print(f"\n[bold]{now:%A %d %B %Y, %H:%M}[/bold]  {escape(title)}")

    def says(self, who: str, words: str) -> None:
        self._console.print(Padding(Text(f"{who}: {words}"), (0, 0, 0, 2)))

    def bot_says(self, shown: Shown, *, lock_screen: bool = False) -> None:
        """What the bot said, its buttons, and what a locked phone shows of it."""
        self._console.print(Padding(Text(f"Your Say: {shown.text.strip()}"), (0, 0, 0, 2)))
        if shown.labels():
            self._console.print(Padding(Text(" ".join(f"[{label}]" for label in shown.labels())), (0, 0, 0, 6)))
        if lock_screen:
            first = " ".join(shown.text.split())[:LOCK_SCREEN]
            self._console.print(Padding(Text(f"(the lock screen shows: Your Say: {first}…)", style="dim"), (0, 0, 0, 6)))

    def letter(self, letter: PostedLetter, *, lines: int = 60) -> None:
        """A letter as its reader sees it; kept as .eml and .html."""
        message = letter.message
        body = message.get_body(("plain",))
        text = body.get_content().strip() if body is not None else ""
        self._console.print(Padding(Text(f"To: {letter.recipient}   Subject: {message['Subject']}", style="bold"), (0, 0, 0, 2)))
        shown = text.splitlines()
        self._console.print(Padding(Text("\n".join(shown[:lines]) + ("\n…" if len(shown) > lines else "")), (0, 0, 0, 4)))

    def note(self, words: str) -> None:
        self._console.print(Padding(Text(words, style="italic"), (0, 0, 0, 2)))

    def keep_letters(self) -> int:
        """Leave every letter that was sent in the folder, in place of an earlier run's; return how many."""
        kept = MailFolder(self._folder)
        for letter in self._stage.post.posted:
            kept.keep(letter)
        return len(kept.letters)
