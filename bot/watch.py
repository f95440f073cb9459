"""The watch: what is silent, stuck or about to run out is said loudly, once, and again each day while it lasts."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.health import Health, Hold, look_at_health
from bot.settings import Settings
from casework.alarms import ring
from casework.alerts import repeat_what_nobody_took_up
from casework.delivery import trouble
from casework.office import Office
from casework.people.behind_walls import write_behind_walls
from procedures.terms import Notice
from procedures.working_days import date_at_the_desk
from storage import heartbeats, inbound
from storage.filing import Filing
from storage.holding import HELP
from storage.unit_of_work import Memory

UNSENT_FOR = timedelta(minutes=15)


class Watch:
    """Looks at the service's health and tells the duty address of trouble."""

    def __init__(
        self, memory: Memory, settings: Settings, office: Callable[[], Office], now: Callable[[], datetime], loops: Sequence[str]
    ) -> None:
        self._memory = memory
        self._settings = settings
        self._office = office
        self._now = now
        self._loops = loops
        self._started_at = now()

    async def look(self) -> bool:
        """One look. Each trouble has a key that holds for a day, so it is told once a day while it lasts."""
        now, office = self._now(), self._office()
        silent_after = timedelta(seconds=self._settings.alarms.silent_after_seconds)
        health = await look_at_health(self._memory, office, self._loops, now, silent_after)
        filing = Filing()
        if now - self._started_at > silent_after:
            self._silence(health, now, office, filing)
            await self._failures(silent_after, now, office, filing)
        if health.hold is not None:
            self._held(health.hold, now, office, filing)
        else:
            self._stuck(health, now, office, filing)
        self._room(health, now, office, filing)
        self._horizon(now, office, filing)
        await self._shelf(now, office, filing)
        if health.alerts.not_taken_up:
            within = timedelta(minutes=self._settings.alarms.take_up_within_minutes)
            async with self._memory.reading() as uow:
                filing.rows += (await repeat_what_nobody_took_up(uow, office, now, within)).rows
        if filing.rows:
            async with self._memory.unit_of_work() as uow:
                await write_behind_walls(uow, [filing], office, now)
        return False

    def _silence(self, health: Health, now: datetime, office: Office, filing: Filing) -> None:
        for loop in health.loops:
            if not loop.is_well:
                since = loop.trouble_since or loop.turned_at or self._started_at
                detail = f"{loop.name}: {loop.trouble or 'no turn'}"
                key = f"silent:{loop.name}:{self._turn_of(now, since)}"
                # Of a silent chat a mail tells; of a silent mailbox or outbox it may never arrive.
                rings = loop.name != "telegram" or self._settings.smtp is None
                self._tell(filing, "door_silent", detail, now, office, key=key, since=since, rings=rings)

    async def _failures(self, silent_after: timedelta, now: datetime, office: Office, filing: Filing) -> None:
        """What is no door and fails turn after turn: the morning's letters and the files, which nobody misses at once."""
        async with self._memory.reading() as uow:
            rows = [row for row in await heartbeats.every(uow) if row.loop not in self._loops]
        for row in rows:
            since = row.trouble_since
            if since is not None and now - since > silent_after:
                key = f"fails:{row.loop}:{self._turn_of(now, since)}"
                self._tell(filing, "loop_fails", f"{row.loop}: {row.trouble}", now, office, key=key, since=since, rings=True)

    def _held(self, hold: Hold, now: datetime, office: Office, filing: Filing) -> None:
        """A restore was a day ago and nobody has released the outbox: whoever restored knows, the others may not."""
        if now - hold.since >= timedelta(hours=self._settings.alarms.repeat_after_hours):
            detail = f"{hold.waiting} messages wait behind the hold of a restore"
            key = f"held:{self._turn_of(now, hold.since)}"
            council = office.council
            trouble(filing, "held", detail, now, council, domain=office.domain, key=key, since=hold.since, urgency=HELP)

    def _stuck(self, health: Health, now: datetime, office: Office, filing: Filing) -> None:
        oldest = health.oldest_unsent
        if oldest is not None and now - oldest > UNSENT_FOR:
            detail = "messages wait in the outbox and do not leave"
            key = f"unsent:{self._turn_of(now, oldest)}"
            self._tell(filing, "unsent", detail, now, office, key=key, since=oldest, rings=True)

    def _room(self, health: Health, now: datetime, office: Office, filing: Filing) -> None:
        disk = health.disk
        if disk is not None and disk.free_bytes < self._settings.alarms.disk_below_mb * 1_000_000:
            detail = f"the disk of the database has {disk.free_bytes // 1_000_000} MB left"
            self._tell(filing, "disk_low", detail, now, office, key=f"disk:{date_at_the_desk(now)}", rings=True)

    def _horizon(self, now: datetime, office: Office, filing: Filing) -> None:
        today = date_at_the_desk(now)
        left = (office.calendar.known_until - today).days
        if left < self._settings.alarms.calendar_ends_within_days:
            detail = f"bank holidays are known until {office.calendar.known_until:%d %B %Y}"
            self._tell(filing, "calendar_ends", detail, now, office, key=f"calendar:{today:%Y-%m}")

    async def _shelf(self, now: datetime, office: Office, filing: Filing) -> None:
        async with self._memory.reading() as uow:
            shelf = await inbound.quarantined(uow, limit=1000)
        if shelf:
            newest = max(shelf, key=lambda row: row.stored_at)
            detail = f"{len(shelf)} in quarantine, newest {newest.id[:8]} ({newest.problem or 'unreadable'})"
            key = f"quarantine:{newest.id}:{date_at_the_desk(now)}"
            self._tell(filing, "quarantine", detail, now, office, key=key, since=shelf[0].received_at)

    def _turn_of(self, now: datetime, since: datetime) -> str:
        """Counts the days that a trouble lasts, so that it is told again after each."""
        repeat = timedelta(hours=self._settings.alarms.repeat_after_hours)
        return f"{since:%Y-%m-%dT%H}:{(now - since) // repeat}"

    def _tell(
        self,
        filing: Filing,
        what: str,
        detail: str,
        now: datetime,
        office: Office,
        *,
        key: str,
        since: datetime | None = None,
        rings: bool = False,
    ) -> None:
        """By mail; with `rings` by the alarm's routes as well, where mail itself may be what is silent."""
        if rings:
            ring(filing, office.council, key=f"trouble:{key}", notice=Notice.TROUBLE, what=what, at=since or now, now=now)
        trouble(filing, what, detail, now, office.council, domain=office.domain, key=key, since=since)
