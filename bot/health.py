"""Is everything that should turn turning, and does anything wait for a person? For `heard health`, the watch and the digest."""

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from casework import alerts
from casework.office import Office
from procedures.working_days import date_at_the_desk
from storage import heartbeats, holding, inbound, loose, outbox
from storage.loose import Loose
from storage.migrating import sqlite_file
from storage.tables import HeartbeatRow, OutboxState
from storage.unit_of_work import Memory


@dataclass(frozen=True)
class LoopHealth:
    """One loop that should turn."""

    name: str
    turned_at: datetime | None
    trouble: str
    trouble_since: datetime | None
    is_well: bool


@dataclass(frozen=True)
class Turned:
    """A loop's last good turn, as far as it was written down; and of a door what it saw then and could not store yet."""

    name: str
    turned_at: datetime | None
    trouble: str = ""
    waiting: int = 0
    waiting_since: datetime | None = None


@dataclass(frozen=True)
class OpenAlerts:
    """Safety alerts that are not closed."""

    count: int = 0
    not_taken_up: int = 0
    oldest_not_taken_up: datetime | None = None


@dataclass(frozen=True)
class Disk:
    """The disk of an SQLite database; of a database server we know none."""

    free_bytes: int
    size_bytes: int


@dataclass(frozen=True)
class Hold:
    """A restore holds the outbox until a person releases it."""

    since: datetime
    waiting: int


@dataclass(frozen=True)
class Health:
    """How the service is at a moment."""

    is_well: bool
    loops: tuple[LoopHealth, ...]
    oldest_unsent: datetime | None
    outbox: dict[str, int]
    quarantined: int
    calendar_known_until: date
    loose: Loose | None = None
    """Letters that became no case, where somebody asked for them: counting them takes long."""
    turns: tuple[Turned, ...] = ()
    calendar_days_left: int = 0
    alerts: OpenAlerts = field(default_factory=OpenAlerts)
    disk: Disk | None = None
    hold: Hold | None = None

    @property
    def oldest_unread(self) -> datetime | None:
        """When the oldest of what the doors saw and could not store came. Of what nobody has seen, nobody knows."""
        return min((turn.waiting_since for turn in self.turns if turn.waiting_since), default=None)

    def as_json(self) -> dict[str, object]:
        """The shape that `heard health --json` prints."""
        return {
            "healthy": self.is_well,
            "loops": [
                {
                    "name": loop.name,
                    "healthy": loop.is_well,
                    "turned_at": _moment(loop.turned_at),
                    "trouble": loop.trouble or None,
                    "trouble_since": _moment(loop.trouble_since),
                }
                for loop in self.loops
            ],
            "turns": {turn.name: _moment(turn.turned_at) for turn in self.turns},
            "oldest_unread": _moment(self.oldest_unread),
            "unread": {
                turn.name: {"waiting": turn.waiting, "since": _moment(turn.waiting_since), "looked_at": _moment(turn.turned_at)}
                for turn in self.turns
                if turn.name in DOORS
            },
            "oldest_unsent": _moment(self.oldest_unsent),
            "outbox": self.outbox,
            "held": {"since": _moment(self.hold.since), "waiting": self.hold.waiting} if self.hold else None,
            "quarantined": self.quarantined,
            "loose": asdict(self.loose) if self.loose else None,
            "alerts": {
                "open": self.alerts.count,
                "not_taken_up": self.alerts.not_taken_up,
                "oldest_not_taken_up": _moment(self.alerts.oldest_not_taken_up),
            },
            "calendar_known_until": self.calendar_known_until.isoformat(),
            "calendar_days_left": self.calendar_days_left,
            "disk": {"free_bytes": self.disk.free_bytes, "size_bytes": self.disk.size_bytes} if self.disk else None,
        }


DOORS = ("mailbox", "telegram")
"""The loops that look at a door."""


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


async def look_at_health(
    memory: Memory, office: Office, expected: Sequence[str], now: datetime, silent_after: timedelta, *, counts_loose: bool = False
) -> Health:
    """Healthy means: every expected loop has had a good turn, and none is older than `silent_after`.

    `counts_loose`: for a person who reads it. The watch looks three times a minute, and each letter is looked at for that count.
    """
    async with memory.reading() as uow:
        beats = {row.loop: row for row in await heartbeats.every(uow)}
        oldest = await outbox.oldest_unsent(uow, now)
        states = await outbox.count_by_state(uow)
        standing = await holding.standing_hold(uow)
        hold = Hold(standing.since, len(await holding.what_waits(uow))) if standing else None
        shelf = await inbound.count_quarantined(uow)
        unattached = await loose.count(uow) if counts_loose else None
        open_alerts = await alerts.alerts(uow, training=False)
    loops = [_loop(name, beats.get(name), now, silent_after) for name in expected]
    waiting = [alert.task.made_at for alert in open_alerts if not alert.is_taken_up]
    return Health(
        is_well=bool(loops) and all(loop.is_well for loop in loops),
        loops=tuple(loops),
        oldest_unsent=oldest,
        outbox={state.value: count for state, count in states.items() if state is not OutboxState.SENT},
        quarantined=shelf,
        loose=unattached,
        calendar_known_until=office.calendar.known_until,
        turns=tuple(
            Turned(row.loop, row.turned_at, row.trouble, row.waiting, row.waiting_since)
            for row in sorted(beats.values(), key=lambda row: row.loop)
        ),
        calendar_days_left=(office.calendar.known_until - date_at_the_desk(now)).days,
        alerts=OpenAlerts(len(open_alerts), len(waiting), min(waiting, default=None)),
        disk=disk_of(memory),
        hold=hold,
    )


def _loop(name: str, row: HeartbeatRow | None, now: datetime, silent_after: timedelta) -> LoopHealth:
    turned_at = row.turned_at if row else None
    is_well = turned_at is not None and now - turned_at <= silent_after
    return LoopHealth(name, turned_at, row.trouble if row else "", row.trouble_since if row else None, is_well)


def disk_of(memory: Memory) -> Disk | None:
    """How much room there is where the database lies, for whoever runs this."""
    file = sqlite_file(memory.url)
    if file is None:
        return None
    try:
        found = os.statvfs(Path(file).parent)
    except OSError:
        return None
    return Disk(found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize)
