"""What `heard health` shows a person besides the loops: what waits, and what will soon run out."""

from collections.abc import Iterator

from bot.cli.common import local
from bot.health import DOORS, Health
from storage.loose import Loose

Row = tuple[str, str, str]
LITTLE_ROOM = 0.05
"""Of a disk: less than this part of it is worth a look."""
CALENDAR_ENDS_IN_DAYS = 120


def health_rows(found: Health) -> Iterator[Row]:
    """A mark, what it is about, and how it is now."""
    yield from _doors(found)
    yield _outbox(found)
    if found.hold:
        yield "^ held", "Outbox", f"held since {local(found.hold.since)}: {found.hold.waiting} wait until a person releases them"
    yield "^ look" if found.quarantined else "+ well", "Quarantine", f"{found.quarantined} that could not be read"
    if found.loose:
        yield _loose(found.loose)
    yield _alerts(found)
    mark = "^ look" if found.calendar_days_left < CALENDAR_ENDS_IN_DAYS else "+ well"
    yield mark, "Calendar", f"bank holidays known until {found.calendar_known_until}, for {found.calendar_days_left} days"
    if disk := found.disk:
        mark = "^ look" if disk.free_bytes < disk.size_bytes * LITTLE_ROOM else "+ well"
        yield mark, "Disk", f"{disk.free_bytes // 1_000_000:,} MB free of {disk.size_bytes // 1_000_000:,}"


def _doors(found: Health) -> Iterator[Row]:
    for turn in found.turns:
        if turn.name not in DOORS:
            continue
        if turn.waiting:
            yield (
                "^ look",
                f"At the {turn.name}",
                f"{turn.waiting} seen and not stored, the oldest of {local(turn.waiting_since)}",
            )
        else:
            looked = f"nothing waited at {local(turn.turned_at)}" if turn.turned_at else "nobody has looked yet"
            yield "+ well" if turn.turned_at else "# silent", f"At the {turn.name}", looked


def _outbox(found: Health) -> Row:
    waiting = ", ".join(f"{count} {state}" for state, count in found.outbox.items()) or "nothing waits"
    since = f"; the oldest unsent since {local(found.oldest_unsent)}" if found.oldest_unsent else ""
    return "^ look" if found.oldest_unsent else "+ well", "Outbox", waiting + since


def _loose(letters: Loose) -> Row:
    """Letters that became no case. Of those that stay somebody has to say that they may go."""
    words = f"{letters.kept} that became no case, {letters.erased} erased so far"
    if letters.stay:
        return "^ look", "Loose letters", f"{words}; {letters.stay} stay until a person has looked: heard loose list"
    return "+ well", "Loose letters", words


def _alerts(found: Health) -> Row:
    if found.alerts.not_taken_up:
        oldest = local(found.alerts.oldest_not_taken_up)
        return "# alert", "Safety", f"{found.alerts.not_taken_up} that nobody took up, the oldest of {oldest}: heard alert list"
    return "+ well", "Safety", f"{found.alerts.count} open, all taken up" if found.alerts.count else "no open alert"
