"""The play itself: what is shown at the beginning, what can be typed, and how it ends."""

import asyncio
import sys
import tempfile
from datetime import date, time
from pathlib import Path

from rich.console import Console

from bot.rehearsal.mail_folder import MailFolder
from bot.rehearsal.play import mails
from bot.rehearsal.play.chatting import chat, names_of
from bot.rehearsal.play.desk import on_the_desk
from bot.rehearsal.play.hints import hints
from bot.rehearsal.play.keyboard import Ended, Keyboard
from bot.rehearsal.play.moments import EXAMPLES
from bot.rehearsal.play.news import Newsroom
from bot.rehearsal.play.officer import be_officer
from bot.rehearsal.play.scene import LEAVES, Scene
from bot.rehearsal.play.screen import Screen
from bot.rehearsal.play.travelling import ask_when, say_when
from bot.rehearsal.play.writing import explain_address, write_letter
from bot.rehearsal.stage import OFFICER, a_stage
from bot.settings import AlarmSettings
from procedures.working_days import moment_at_the_desk

MONDAY, AT = date(2026, 3, 2), time(14, 40)
SILENT_AFTER = 100 * 365 * 86_400
"""Where the clock is moved, nothing can be said of how long a door has been silent."""
_LONGEST_NAME = 20
MENU = (
    ("1", "chat as Sam, who is 16 and in care (`chat Kit` is somebody else)"),
    ("2", f"be the officer, {OFFICER.name}"),
    ("3", "write a letter, as a parent or anyone"),
    ("4", "see the mails; then `read 2`, `open 2` (in the browser), `reply 2`"),
    ("5", f"move the clock, or just say when: {EXAMPLES}"),
    ("help", "this list"),
    ("quit", "the end (so are Ctrl-C and Ctrl-D)"),
)


async def play(folder: Path, console: Console) -> int:
    """Play until the person has had enough. Returns the exit code."""
    kept = await asyncio.to_thread(MailFolder, folder)
    screen, keyboard = Screen(console), Keyboard(sys.stdin.fileno())
    problem = ""
    with tempfile.TemporaryDirectory(prefix="heard-demo-") as work, keyboard.listening():
        begin = moment_at_the_desk(MONDAY, AT)
        async with a_stage(Path(work), begin, alarms=AlarmSettings(silent_after_seconds=SILENT_AFTER)) as stage:
            scene = Scene(stage, screen, keyboard, Newsroom(stage, kept))
            try:
                await _from_the_beginning(scene)
            except Ended:
                screen.say()
            except TimeoutError:
                problem = "The service did not do what follows in time. That should not happen: please report what you did last."
            scene.newsroom.look()
    screen.say(f"{problem}\n" if problem else "")
    screen.say(f"The end. {len(kept.letters)} mails are in {folder}/ as .eml and .html: open one in a browser.", style="bold")
    screen.say("Next: read README.md, or copy heard.example.toml to heard.toml and run `heard check`.")
    return 1 if problem else 0


async def _from_the_beginning(scene: Scene) -> None:
    await scene.stage.begun()
    earlier = scene.newsroom.look()
    screen = scene.screen
    screen.say()
    screen.say(
        "The chat, the mailbox, the mail server, the service and its database are real, and run on this machine. "
        "Nothing leaves it. Only the people are invented, and the clock is yours to move."
    )
    screen.title(f"It is {scene.time}, in Anytown.")
    if earlier.letters:
        screen.say(
            f"The morning's digest went to {len(earlier.letters)} people (mails 1 to {len(earlier.letters)}): nothing in it yet.",
            indent=2,
        )
    screen.say()
    screen.say("You can:")
    screen.rows(MENU)
    while True:
        await _suggest(scene)
        await _one_turn(scene)


async def _suggest(scene: Scene) -> None:
    """What can be tried next."""
    office = await scene.office()
    found = hints(await on_the_desk(scene.stage, office), scene.now, office.calendar)
    scene.screen.say()
    scene.screen.say("To try next (type what stands on the left):", style="bold")
    scene.screen.rows(found)


async def _one_turn(scene: Scene) -> None:
    """Read what is wanted until something was done."""
    while True:
        said = await scene.line(f"{scene.time} >")
        if said and await _do(scene, said):
            return


async def _chat(scene: Scene, who: str) -> None:
    name = who.strip().lower().removeprefix("as ").strip().title() or "Sam"
    if len(name) > _LONGEST_NAME or not name.replace(" ", "").isalpha():
        scene.screen.say("`chat` wants a first name, like: chat Kit", indent=2)
    else:
        await chat(scene, name)


async def _do(scene: Scene, said: str) -> bool:
    """Do what was said; whether things may stand differently now."""
    word = said.lower().partition(" ")[0]
    if said.lower() in LEAVES:
        raise Ended
    if await mails.handle(scene, said):
        return word == "reply"
    if word in ("1", "chat") or said.lower() in names_of(scene):
        await _chat(scene, said.partition(" ")[2] if word in ("1", "chat") else said)
    elif said.lower() in ("2", "officer", "be the officer"):
        await be_officer(scene)
    elif said.lower() in ("3", "letter", "write", "write a letter"):
        await write_letter(scene)
    elif said.lower() in ("4", "mails", "mail", "see the mails"):
        mails.list_all(scene)
        return False
    elif said.lower() in ("5", "clock", "time", "move the clock"):
        await ask_when(scene)
    elif said.lower() in ("help", "?", "h", "menu"):
        scene.screen.rows(MENU)
        explain_address(scene)
    elif not await say_when(scene, said):
        scene.screen.say(
            f"I do not understand {said[:60]!r}. `help` lists what can be done; words for the chat come after 1.", indent=2
        )
        return False
    return True
