"""Is everything that should turn turning? For `heard health`, the watch and the digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from casework.office import Office
from storage import heartbeats, inbound, outbox
from storage.tables import OutboxState
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
class Health:
    """How the service is at a moment."""

    is_well: bool
    loops: tuple[LoopHealth, ...]
    oldest_unsent: datetime | None
    outbox: dict[str, int]
    quarantined: int
    calendar_known_until: date

    def as_json(self) -> dict[str, object]:
        """The shape that `heard health --json` prints."""
        return {
            "healthy": self.is_well,
            "loops": [
                {
                    "name": loop.name,
                    "healthy": loop.is_well,
                    "turned_at": loop.turned_at.isoformat() if loop.turned_at else None,
                    "trouble": loop.trouble or None,
                    "trouble_since": loop.trouble_since.isoformat() if loop.trouble_since else None,
                }
                for loop in self.loops
            ],
            "oldest_unsent": self.oldest_unsent.isoformat() if self.oldest_unsent else None,
            "outbox": self.outbox,
            "quarantined": self.quarantined,
            "calendar_known_until": self.calendar_known_until.isoformat(),
        }


async def look_at_health(
    memory: Memory, office: Office, expected: Sequence[str], now: datetime, silent_after: timedelta
) -> Health:
    """Healthy means: every expected loop has had a good turn, and none is older than `silent_after`."""
    async with memory.reading() as uow:
        beats = {row.loop: row for row in await heartbeats.every(uow)}
        oldest = await outbox.oldest_unsent(uow, now)
        states = await outbox.count_by_state(uow)
        shelf = await inbound.count_quarantined(uow)
    loops = []
    for name in expected:
        row = beats.get(name)
        turned_at = row.turned_at if row else None
        is_well = turned_at is not None and now - turned_at <= silent_after
        loops.append(LoopHealth(name, turned_at, row.trouble if row else "", row.trouble_since if row else None, is_well))
    return Health(
        is_well=bool(loops) and all(loop.is_well for loop in loops),
        loops=tuple(loops),
        oldest_unsent=oldest,
        outbox={state.value: count for state, count in states.items() if state is not OutboxState.SENT},
        quarantined=shelf,
        calendar_known_until=office.calendar.known_until,
    )
