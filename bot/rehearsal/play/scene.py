"""The scene on which the play happens: who is asked, what is shown, and how news is told while everybody waits."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.cli.common import short
from bot.office import office_of
from bot.rehearsal.chats import Button, Shown
from bot.rehearsal.mail_folder import KeptLetter
from bot.rehearsal.play.keyboard import Ended, Keyboard
from bot.rehearsal.play.news import InChat, News, Newsroom
from bot.rehearsal.play.screen import Phone, Screen, on_the_lock_screen
from bot.rehearsal.stage import DUTY, Stage
from casework.office import Office
from procedures.working_days import LONDON

LONGEST_LETTER = 60
"""Lines of a letter that are shown by themselves; the rest with `read`."""
LEAVES = frozenset({"quit", "exit", "q", "bye"})


@dataclass
class Scene:
    """Everything that a part of the play needs."""

    stage: Stage
    screen: Screen
    keyboard: Keyboard
    newsroom: Newsroom
    buttons: list[tuple[Shown, Button]] = field(default_factory=list)
    """What the numbers in the chat mean now."""
    in_chat: int | None = None
    """Whose chat is open."""

    @property
    def now(self) -> datetime:
        return self.stage.clock.now()

    @property
    def time(self) -> str:
        return f"{self.now.astimezone(LONDON):%a %-d %b %Y, %H:%M}"

    async def office(self) -> Office:
        return await office_of(self.stage.settings, self.stage.memory)

    # what is asked

    async def line(self, prompt: str) -> str:
        """One line. News that comes meanwhile is told, and the question asked again."""
        self.screen.prompt(prompt)
        typed = asyncio.ensure_future(self.keyboard.line())
        try:
            while True:
                news = asyncio.ensure_future(self.stage.memory.changes.until_so(self._has_news, None))
                await asyncio.wait({typed, news}, return_when=asyncio.FIRST_COMPLETED)
                news.cancel()
                if typed.done():
                    break
                self.screen.say()
                await self.catch_up()
                self.screen.prompt(prompt)
        finally:
            typed.cancel()
        return typed.result()

    async def ask(self, question: str, default: str = "") -> str:
        """One short answer; Enter alone takes the default."""
        asked = f"{question} [{default}]" if default else question
        said = await self.line(asked if asked.endswith((">", "?", ")")) else f"{asked}:")
        self._leave_if_said(said)
        return said or default

    async def words(self, question: str) -> str:
        """An answer of several lines, which ends with an empty one; what is pasted comes in whole, empty lines and all."""
        self.screen.say(f"{question} (as many lines as you like; Enter alone ends it)", indent=2)
        said: list[str] = []
        while not said or said[-1].rpartition("\n")[2].strip():
            said.append(await self.keyboard.pasted_after(await self.line("  |")))
        return "\n".join(said).strip()

    async def points(self, question: str) -> list[str]:
        """Several answers, numbered, until Enter alone."""
        self.screen.say(f"{question} (Enter alone when that is all)", indent=2)
        found: list[str] = []
        while True:
            lines = (await self.keyboard.pasted_after(await self.line(f"  {len(found) + 1}."))).split("\n")
            found += [line.strip() for line in lines if line.strip()]
            if not lines[-1].strip():
                return found

    def _leave_if_said(self, said: str) -> None:
        if said.lower() in LEAVES:
            raise Ended

    async def _has_news(self) -> bool | None:
        return self.newsroom.is_there_any or None

    # what is told

    async def catch_up(self) -> News:
        """Wait until everything that follows has happened, and tell it."""
        await self.stage.all_done()
        news = self.newsroom.look()
        self.tell(news)
        return news

    def tell(self, news: News) -> None:
        """Everything new: the chat with its lock screen, letters to people in full, those to staff in a line."""
        if news.chats:
            self.buttons = self.buttons if not any(one.buttons for one in news.chats) else []
        for one in news.chats:
            self._tell_of_chat(one)
        for letter in news.letters:
            self.tell_of_letter(letter)

    def _tell_of_chat(self, one: InChat) -> None:
        is_open = one.chat.number == self.in_chat
        if one.shown.deleted:
            self.screen.aside(f"({one.name}: a message of Your Say was deleted from the chat)")
            return
        labels = []
        for button in one.buttons:
            self.buttons.append((one.shown, button))
            labels.append(f"[{len(self.buttons)}] {button.label}" if is_open else f"[{button.label}]")
        at = f"{one.shown.sent_at.astimezone(LONDON):%H:%M}"
        phone = (
            Phone(f"{one.name}'s phone, locked", f"Your Say, {at}", on_the_lock_screen(one.shown.text)) if one.is_new else None
        )
        self.screen.say(
            f"Your Say{'' if is_open else f' to {one.name}'}{'' if one.is_new else ' (changed on the screen)'}:", indent=2
        )
        self.screen.bubble(one.shown.text, labels, phone)

    def tell_of_letter(self, kept: KeptLetter, *, whole: bool = False) -> None:
        """A letter to a person as they read it; one to staff by its subject, unless it is wanted whole."""
        to = kept.letter.recipient
        if self.stage.post.is_the_councils(to):
            self.screen.say(
                f"Letter from {kept.letter.sender or 'nobody'}: {kept.subject} (mail {kept.number})", indent=2, hanging=4
            )
        elif self.newsroom.is_to_staff(to) and not whole:
            self.screen.say(f"Mail {kept.number} to {self.who(to)}: {kept.subject}", indent=2, hanging=4)
        else:
            self.show_letter(kept)

    def show_letter(self, kept: KeptLetter, *, longest: int = LONGEST_LETTER) -> None:
        """A mail as its reader sees it, in text."""
        self.screen.say(f"Mail {kept.number} to {self.who(kept.letter.recipient)}", indent=2, style="bold")
        self.screen.say(f"Subject: {kept.subject}", indent=4, style="bold")
        lines = kept.text.splitlines()
        self.screen.say("\n".join(lines[:longest]), indent=4)
        if len(lines) > longest:
            self.screen.aside(f"({len(lines) - longest} lines more: read {kept.number})", indent=4)

    def who(self, address: str) -> str:
        """A person of the play by name and job."""
        person = self.newsroom.staff(address)
        if person is not None:
            return f"{person.name}, {person.role.value.replace('_', ' ')}"
        if self.stage.post.is_the_councils(address):
            return "Your Say"
        return "the duty address" if address == DUTY else address

    def choices(self, rows: Sequence[tuple[str, str]]) -> None:
        self.screen.rows(rows)

    def refused(self, words: str) -> None:
        """What the service said no to, in its own words."""
        self.screen.say(f"Refused: {words}", indent=2, hanging=2)


def quoted(words: str, longest: int = 300) -> str:
    """What somebody wrote, in short."""
    return f"“{short(' '.join(words.split()), longest)}”"
