"""Moving the clock: each working morning on the way happens for real, and what came of it is told."""

from collections import Counter
from datetime import datetime

from bot.rehearsal.mail_folder import KeptLetter
from bot.rehearsal.play.moments import EXAMPLES, NoSuchMoment, mornings_before, read_moment
from bot.rehearsal.play.news import News
from bot.rehearsal.play.scene import Scene
from procedures.working_days import LONDON, UnknownDates

EACH_MORNING = 24
"""Up to so many sendings on the way each is told by itself; beyond it, a line a month."""

LONG = 150
"""So many sendings take long enough to say so."""


async def say_when(scene: Scene, said: str) -> bool:
    """Move to the moment that was said. False when it was no moment."""
    office = await scene.office()
    try:
        moment = read_moment(said, scene.now, office.calendar)
        stops = list(mornings_before(moment, scene.now, office.council, office.calendar)) if moment else []
    except (NoSuchMoment, UnknownDates) as problem:
        scene.screen.say(str(problem), indent=2)
        return True
    if moment is None:
        return False
    await _travel(scene, stops, moment)
    return True


async def ask_when(scene: Scene) -> None:
    """Ask for a moment until one is understood."""
    scene.screen.say(f"For example: {EXAMPLES}. Enter alone: the clock stays.", indent=2, hanging=2)
    while said := await scene.ask("  When"):
        if await say_when(scene, said):
            return
        scene.screen.say(f"I do not understand {said[:40]!r} as a time.", indent=2)


async def _travel(scene: Scene, stops: list[datetime], moment: datetime) -> None:
    mornings = len({stop.astimezone(LONDON).date() for stop in stops})
    if mornings > 1:
        patience = " That takes a minute." if len(stops) > LONG else ""
        scene.screen.say(f"{mornings} working mornings lie before it. Each happens, at its time.{patience}", indent=2)
    told = _Told(scene, in_short=len(stops) > EACH_MORNING)
    for stop in [*stops, moment]:
        scene.keyboard.stop_if_ended()
        if stop > scene.now:
            await scene.stage.pass_to(stop)
        told.at(stop, scene.newsroom.look())
    told.end()
    scene.screen.title(f"It is {scene.time}.")


_MANY = {
    "chat message": "chat messages",
    "digest": "digests",
    "letter to a person": "letters to people",
    "reminder or alert": "reminders and alerts",
}


class _Told:
    """Tells what came on the way."""

    def __init__(self, scene: Scene, *, in_short: bool) -> None:
        self._scene = scene
        self._in_short = in_short
        self._month = ""
        self._counted: Counter[str] = Counter()
        self._digest: KeptLetter | None = None
        self._nothing = True

    def at(self, stop: datetime, news: News) -> None:
        """What came at one stop."""
        self._digest = next((one for one in news.letters if self._is_the_heads_digest(one)), self._digest)
        if not self._in_short:
            self._each(stop, news)
            return
        month = f"{stop.astimezone(LONDON):%B %Y}"
        if month != self._month:
            self._close_month()
            self._month = month
        self._counted.update(self._sort_of(letter) for letter in news.letters)
        self._counted["chat message"] += len(news.chats)
        to_people = [one for one in news.letters if not self._scene.newsroom.is_to_staff(one.letter.recipient)]
        if to_people or news.chats:
            self._heading(stop)
            self._scene.tell(News(news.chats, tuple(to_people)))

    def end(self) -> None:
        """The sum of it, and the newest digest as the head of service reads it."""
        if self._in_short:
            self._close_month()
        if self._nothing:
            self._scene.screen.say("Nobody had to be written to on the way.", indent=2)
        if self._digest is not None:
            sent_at = self._digest.letter.posted_at.astimezone(LONDON)
            self._scene.screen.title(f"The digest of {sent_at:%A %-d %B}, as the head of service reads it:")
            self._scene.show_letter(self._digest)
        if self._scene.newsroom.mails.letters and not self._nothing:
            last = self._scene.newsroom.mails.letters[-1].number
            self._scene.screen.aside(f"`read {last}` shows a mail here, `open {last}` in the browser, 4 lists them.")

    def _each(self, stop: datetime, news: News) -> None:
        if news:
            self._heading(stop)
            self._scene.tell(news)

    def _heading(self, stop: datetime) -> None:
        self._nothing = False
        self._scene.screen.title(f"{stop.astimezone(LONDON):%A %-d %B %Y, %H:%M}")

    def _close_month(self) -> None:
        counted = ", ".join(
            f"{count} {name if count == 1 else _MANY[name]}" for name, count in sorted(self._counted.items()) if count
        )
        if self._month:
            self._scene.screen.say(f"{self._month}: {counted or 'nobody had to be written to'}", indent=2, hanging=4)
            self._nothing = self._nothing and not counted
        self._counted.clear()

    def _sort_of(self, letter: KeptLetter) -> str:
        to = letter.letter.recipient
        if not self._scene.newsroom.is_to_staff(to):
            return "letter to a person"
        return "digest" if "week to" in letter.subject else "reminder or alert"

    def _is_the_heads_digest(self, letter: KeptLetter) -> bool:
        person = self._scene.newsroom.staff(letter.letter.recipient)
        return person is not None and person.role.value == "head_of_service" and "week to" in letter.subject
