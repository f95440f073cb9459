"""The alarms' loop: rings what waits in the outbox, and rings of itself when the memory is what is wrong."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.settings import Settings
from notifications.dispatch import Dispatch
from notifications.rendering import render
from notifications.senders import MayHaveArrived, Outgoing, Sender, TryLater, Undeliverable
from procedures.terms import Channel, Notice

log = logging.getLogger(__name__)


class Alarms:
    """Alarms leave through the outbox like everything else. Only of a memory that cannot be used, nothing can be put there."""

    def __init__(self, dispatch: Dispatch, sender: Sender, settings: Settings, now: Callable[[], datetime]) -> None:
        self._dispatch = dispatch
        self._sender = sender
        self._settings = settings
        self._now = now
        self._rung_at: datetime | None = None

    async def turn(self) -> bool:
        """Ring what is due."""
        return await self._dispatch.dispatch_due() > 0

    async def ring_directly(self, since: datetime) -> None:
        """This loop uses nothing but the memory: where it fails, the memory does. Rung once it lasts, and again each day."""
        now, alarms = self._now(), self._settings.alarms
        repeat = timedelta(hours=alarms.repeat_after_hours)
        if now - since < timedelta(seconds=alarms.silent_after_seconds):
            return
        if self._rung_at is not None and now - self._rung_at < repeat:
            return
        self._rung_at = now
        council = self._settings.council
        facts = {"id": f"memory-{since:%Y%m%d%H%M}", "what": "memory_away", "reference": "", "at": since.isoformat(), "again": 0}
        rendered = render(Notice.TROUBLE, Channel.ALARM, "en", facts, council)
        for route in council.alarm_routes:
            try:
                await self._sender.send(Outgoing(Notice.TROUBLE, Channel.ALARM, route, rendered, now))
            except (TryLater, Undeliverable, MayHaveArrived) as problem:
                # Allowed below: the words of an error stay out of the log
                log.error("alarm not rung route=%s problem=%s", route.value, problem.reason)  # noqa: TRY400
                self._rung_at = None  # the next turn tries again
            else:
                log.warning("alarm rung directly route=%s", route.value)
