"""The mails: a list of them, one as text here, one in the browser, an answer to one."""

import asyncio
import os
import sys
import webbrowser
from collections.abc import Callable

from bot.rehearsal.mail_folder import KeptLetter
from bot.rehearsal.play.scene import Scene
from bot.rehearsal.play.writing import reply
from procedures.working_days import LONDON

LISTED = 30


async def handle(scene: Scene, said: str) -> bool:
    """Do what was said with a mail: `read 2`, `open 2`, `reply 2`. False when it was nothing of the kind."""
    word, _, which = said.lower().partition(" ")
    if word not in ("read", "open", "reply"):
        return False
    letters = scene.newsroom.mails.letters
    number = which.strip().removeprefix("mail").strip()
    if not number.isdigit() or len(number) > 5 or not 0 < int(number) <= len(letters):
        there = f"There are mails 1 to {len(letters)}." if letters else "There is no mail yet."
        scene.screen.say(f"{there} `{word}` wants one of their numbers.", indent=2)
        return True
    kept = letters[int(number) - 1]
    if word == "reply":
        await reply(scene, kept)
    elif word == "open":
        await _open(scene, kept)
    else:
        scene.show_letter(kept, longest=1000)
    return True


def list_all(scene: Scene) -> None:
    letters = scene.newsroom.mails.letters
    if not letters:
        scene.screen.say("No mail yet.", indent=2)
        return
    if len(letters) > LISTED:
        scene.screen.say(f"The newest {LISTED} of {len(letters)}; `read 1` shows the first.", indent=2)
    scene.screen.rows([(str(one.number), f"{_short(scene, one)}: {one.subject}") for one in letters[-LISTED:]])
    scene.screen.say(f"They are in {scene.newsroom.mails.folder}/. `read 2`, `open 2` (in the browser), `reply 2`.", indent=2)


def _short(scene: Scene, one: KeptLetter) -> str:
    return f"{one.letter.posted_at.astimezone(LONDON):%-d %b} to {scene.who(one.letter.recipient)}"


async def _open(scene: Scene, kept: KeptLetter) -> None:
    """Show a mail in the browser, or say where it lies."""
    if kept.html is None:
        scene.screen.say(f"This mail has plain text only: it lies in {kept.raw}", indent=2)
        scene.show_letter(kept)
        return
    path = kept.html.resolve()
    opened = await asyncio.to_thread(_open_in_browser(path.as_uri())) if _has_browser() else False
    scene.screen.say(
        "It is opened in your browser." if opened else "No browser can be opened from here. The mail lies here:", indent=2
    )
    scene.screen.say(str(path), indent=2)


def _has_browser() -> bool:
    """A browser that has a window of its own: one inside this terminal would write over the play."""
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"))


def _open_in_browser(address: str) -> Callable[[], bool]:
    def opening() -> bool:
        try:
            return webbrowser.open(address)
        except (webbrowser.Error, OSError):
            return False

    return opening
