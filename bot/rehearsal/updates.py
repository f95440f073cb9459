"""The updates that wait at the Bot API for whoever asks, with Telegram's own rules about who has had what."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.rehearsal.errors import ApiError
from bot.rehearsal.waiting import Changes

Json = dict[str, Any]

KEPT_FOR = timedelta(hours=24)
"""Telegram throws away what nobody fetched for this long."""

FIRST_ID = 400_000_001

LEFT_OUT_UNLESS_ASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True)
class _Waiting:
    made_at: datetime
    update: Json


@dataclass
class Hook:
    """Where updates are posted to; nowhere while `url` is empty."""

    url: str = ""
    secret: str = ""
    at_once: int = 40
    failed_at: datetime | None = None
    failure: str = ""


class Updates:
    """What happened in the chats, in order, until a later `offset` confirms it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.changes = Changes()
        self.hook = Hook()
        self._now = now
        self._waiting: list[_Waiting] = []
        self._next_id = FIRST_ID
        self._wanted: frozenset[str] | None = None
        self.pollers = 0
        """How often somebody began to poll; the last one is the one that counts."""
        self.is_open = True
        """False while the server goes away: nobody waits any longer then."""

    @property
    def webhook(self) -> str:
        return self.hook.url

    @webhook.setter
    def webhook(self, url: str) -> None:
        self.hook = Hook(url)

    def failed(self, why: str) -> None:
        """A post was not taken; getWebhookInfo tells."""
        self.hook.failed_at, self.hook.failure = self._now(), why

    def take_away(self, update: Json) -> None:
        """A webhook has taken it."""
        self._waiting = [waiting for waiting in self._waiting if waiting.update is not update]

    def put(self, kind: str, payload: Json) -> int:
        """Add an update and give its id. What the bot didn't ask for is never seen, as at Telegram."""
        number = self._next_id
        self._next_id += 1
        wanted = kind not in LEFT_OUT_UNLESS_ASKED if self._wanted is None else kind in self._wanted
        if wanted:
            self.put_raw({"update_id": number, kind: payload})
        return number

    def put_raw(self, update: Any) -> None:
        """Add an update exactly as it is, however odd: also the way to send one twice or out of order."""
        self._waiting.append(_Waiting(self._now(), update))
        self.changes.tell()

    def new_id(self) -> int:
        """An update id for `put_raw`."""
        self._next_id += 1
        return self._next_id - 1

    def restart_ids(self, at: int) -> None:
        """What Telegram does after a quiet week: the next id is chosen anew, and may be lower."""
        self._next_id = at

    def count(self) -> int:
        return len(self._waiting)

    def unconfirmed(self) -> list[Json]:
        """What waits, for tests to look at."""
        return [waiting.update for waiting in self._waiting]

    def drop_all(self) -> None:
        self._waiting.clear()

    def set_wanted(self, kinds: list[str] | None) -> None:
        """`allowed_updates` sticks from the last call that named it; an empty list is the default set again."""
        if kinds is not None:
            self._wanted = frozenset(kinds) if kinds else None

    async def poll(self, offset: int, limit: int, seconds: float, wanted: list[str] | None) -> list[Json]:
        """One getUpdates. A second poller ends the first one's wait with 409; so does a webhook."""
        self._refuse_beside_a_webhook()
        self.pollers += 1
        mine = self.pollers
        self.changes.tell()
        self.set_wanted(wanted)
        self._confirm(offset)
        found: list[Json] = []

        def look() -> bool | None:
            self._refuse_beside_a_webhook()
            if not self.is_open:
                raise ApiError(502, "Bad Gateway")
            if self.pollers != mine:
                raise ApiError(
                    409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
                )
            found[:] = [waiting.update for waiting in self._waiting[:limit]]
            return True if found else None

        try:
            if look() is None and seconds > 0:
                await self.changes.until(look, seconds)
        except TimeoutError:
            return []
        return found

    def _refuse_beside_a_webhook(self) -> None:
        if self.webhook:
            reason = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            raise ApiError(409, f"Conflict: {reason}")

    def _confirm(self, offset: int) -> None:
        oldest = self._now() - KEPT_FOR
        self._waiting = [waiting for waiting in self._waiting if waiting.made_at > oldest]
        if offset > 0:
            self._waiting = [waiting for waiting in self._waiting if _id_of(waiting.update) >= offset]
        elif offset < 0:
            self._waiting = self._waiting[offset:]


def _id_of(update: Any) -> int:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else 0
