"""The mailbox as a way in: new letters by UID, oldest first. It looks, and leaves every letter as it was."""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import accumulate, takewhile

from bot.doors import Batch, DoorTrouble, Position
from intake.arrival import OVERSIZED, Arrival, Wire
from notifications.wires import Mailbox, MailboxAccess, MailboxLetter, Refused, Unreachable, WireError, open_mailbox

logger = logging.getLogger(__name__)

LETTERS_A_TURN = 100
BYTES_A_TURN = 64_000_000
BYTES_A_COMMAND = 16_000_000
TRIES = 3
MOST_COMPARED = 5_000
"""Letters unknown to the ledger that are looked at in a day, the newest: an old mailbox may hold many from before our time."""

UNFETCHABLE = "unfetchable"


class Start(StrEnum):
    """Where a door begins that was never opened before."""

    NOW = "now"
    """What is in the mailbox already is not a day's post."""
    BEGINNING = "beginning"


@dataclass(frozen=True)
class _Validity:
    """UIDVALIDITY, and in a mailbox that was renumbered since, up to which UID letters may be old ones under a new number."""

    uid_validity: str
    again_until: int = 0

    @classmethod
    def read(cls, words: str) -> "_Validity":
        number, _, until = words.partition(" again until ")
        return cls(number, int(until or 0))

    def __str__(self) -> str:
        return f"{self.uid_validity} again until {self.again_until}" if self.again_until else self.uid_validity


def uid_validity_of(position: Position) -> str:
    """The UIDVALIDITY under which a position means something."""
    return _Validity.read(position.validity).uid_validity


class MailboxDoor:
    """One folder of one mailbox. Each turn connects, reads and leaves.

    A letter above `max_bytes` is told of by its header only, one that cannot be fetched by its UID; neither holds up the
    next. When the server numbers the mailbox anew it is read again from its beginning, without what lay there before the
    door was first opened; the ledger knows the rest.
    """

    def __init__(
        self,
        access: MailboxAccess,
        *,
        now: Callable[[], datetime],
        name: str = "",
        start: Start = Start.NOW,
        max_bytes: int = 50_000_000,
    ) -> None:
        self.name = name or f"mailbox:{access.user}@{access.host}/{access.folder}"
        self._access = access
        self._now = now
        self._start = Start(start)
        self._max_bytes = max_bytes
        self._fruitless: Counter[tuple[str, int]] = Counter()

    async def close(self) -> None:
        """Nothing is kept open between turns."""

    async def fetch(self, after: Position | None) -> Batch:
        """At most 100 letters, or 64 MB of them, after a position; DoorTrouble when the server does not let us."""
        reader = _Reader(self._access)
        try:
            async with reader:
                return await self._turn(reader, after)
        except Unreachable as error:
            raise DoorTrouble(f"mailbox {error.reason}") from None
        except Refused as error:
            raise DoorTrouble(f"mailbox refused {error.at}{f': {error.words}' if error.words else ''}") from None

    async def fetch_again(self, stands: Position, known: Collection[int]) -> Batch:
        """At most 100 letters up to where the door stands that are not among `known`; `waiting` counts the others.

        What was there before the door was opened stays, and so does what a renumbering has had read again already.
        """
        reader = _Reader(self._access)
        try:
            async with reader:
                return await self._unknown(reader, stands, known)
        except (Unreachable, Refused) as error:
            raise DoorTrouble(f"mailbox compared: {type(error).__name__}") from None

    async def _unknown(self, reader: "_Reader", stands: Position, known: Collection[int]) -> Batch:
        mailbox = await reader.mailbox()
        validity = _Validity.read(stands.validity)
        if validity.uid_validity != str(mailbox.uid_validity):
            return Batch((), None)  # it is read again from its beginning in the next turn
        there = await mailbox.uids_after(validity.again_until)
        uids = [uid for uid in there if uid <= stands.number and uid not in known][-MOST_COMPARED:]
        seen: dict[int, MailboxLetter] = {}
        for start in range(0, len(uids), LETTERS_A_TURN):
            seen |= await reader.look_at(uids[start : start + LETTERS_A_TURN])
        ours = [uid for uid in uids if uid in seen and (at := seen[uid].received_at) and at >= stands.since]
        wanted = self._within_a_turn(ours[:LETTERS_A_TURN], seen)
        await reader.read(wanted, seen, too_big={uid for uid in wanted if self._is_too_big(seen[uid])})
        came = [uid for uid in wanted if uid in reader.letters]
        arrivals = tuple(self._arrival(uid, reader.letters[uid], seen[uid], stands) for uid in came)
        return Batch(arrivals, None, waiting=len(ours) - len(came))

    async def _turn(self, reader: "_Reader", after: Position | None) -> Batch:
        mailbox = await reader.mailbox()
        begin = self._where(mailbox, after)
        waiting = await mailbox.uids_after(begin.number)
        if not waiting:
            return Batch((), self._moved(begin, begin.number))
        batch = await self._read(reader, begin, waiting[:LETTERS_A_TURN])
        last = batch.position.number if batch.position else 0
        return replace(batch, waiting=sum(uid > last for uid in waiting))

    async def _read(self, reader: "_Reader", begin: Position, uids: list[int]) -> Batch:
        known = await reader.look_at(uids)
        uids = self._within_a_turn(uids, known)
        passed_over = {uid for uid in uids if self._is_older_than_the_door(known.get(uid), uid, begin)}
        wanted = [uid for uid in uids if uid not in passed_over]
        await reader.read(wanted, known, too_big={uid for uid in wanted if self._is_too_big(known.get(uid))})
        if reader.failed and not reader.letters and self._is_worth_another_turn(begin, min(reader.failed)):
            raise DoorTrouble("mailbox gives no letter")
        # Where the server went away, the turn ends with the letter before.
        settled = passed_over | reader.letters.keys() | reader.failed | reader.gone
        done = list(takewhile(settled.__contains__, uids))
        if not done:
            raise DoorTrouble("mailbox closed")
        told = [uid for uid in done if uid in reader.letters or uid in reader.failed]
        arrivals = [self._arrival(uid, reader.letters.get(uid), known.get(uid), begin) for uid in told]
        return Batch(tuple(arrivals), self._moved(begin, done[-1]))

    def _within_a_turn(self, uids: list[int], known: dict[int, MailboxLetter]) -> list[int]:
        """As many as go into a turn's memory, at least one."""
        sizes = ((0 if self._is_too_big(letter) else letter.size or 0) if (letter := known.get(uid)) else 0 for uid in uids)
        return [uid for uid, total in zip(uids, accumulate(sizes), strict=True) if uid == uids[0] or total <= BYTES_A_TURN]

    def _where(self, mailbox: Mailbox, after: Position | None) -> Position:
        """The position to read on from, in the mailbox as it is numbered today."""
        validity, now = str(mailbox.uid_validity), self._now()
        if after is None and self._start is Start.NOW:
            return Position(mailbox.uid_next - 1, validity, since=now, moved_at=now)
        if after is None:
            return Position(0, validity, since=datetime(1970, 1, 1, tzinfo=UTC), moved_at=now)
        if _Validity.read(after.validity).uid_validity == validity:
            return after
        last = mailbox.uid_next - 1
        logger.warning("mailbox numbered anew letters_up_to=%d", last)
        return replace(after, number=0, validity=str(_Validity(validity, again_until=last)))

    def _moved(self, begin: Position, number: int) -> Position:
        return replace(begin, number=number, moved_at=self._now()) if number != begin.number else begin

    def _is_older_than_the_door(self, letter: MailboxLetter | None, uid: int, begin: Position) -> bool:
        """Only while a renumbered mailbox is read again: a letter that is new in the folder may well carry an old date."""
        if letter is None or letter.received_at is None or uid > _Validity.read(begin.validity).again_until:
            return False
        return letter.received_at < begin.since

    def _is_too_big(self, letter: MailboxLetter | None) -> bool:
        return letter is not None and (letter.size or 0) > self._max_bytes

    def _is_worth_another_turn(self, begin: Position, uid: int) -> bool:
        """When no letter at all can be had, it is more likely the server than the letter; but not for ever."""
        self._fruitless[begin.validity, uid] += 1
        return self._fruitless[begin.validity, uid] < TRIES

    def _arrival(self, uid: int, letter: MailboxLetter | None, known: MailboxLetter | None, begin: Position) -> Arrival:
        problem = OVERSIZED if letter and self._is_too_big(known) else "" if letter else UNFETCHABLE
        if problem:
            logger.error("letter not read uid=%d problem=%s", uid, problem)
        received_at = (letter and letter.received_at) or (known and known.received_at) or self._now()
        raw = letter.raw if letter and letter.raw is not None else b""
        return Arrival(self.name, Wire.EMAIL, raw, received_at, position=uid, validity=begin.validity, problem=problem)


class _Reader:
    """Gets letters out of a mailbox in spite of those that cannot be got: with a new connection after each that broke."""

    def __init__(self, access: MailboxAccess) -> None:
        self.letters: dict[int, MailboxLetter] = {}
        self.failed: set[int] = set()
        """Given up: they are in the mailbox, and the server does not hand them out."""
        self.gone: set[int] = set()
        """Deleted since we saw their UID."""
        self._access = access
        self._stack = AsyncExitStack()
        self._mailbox: Mailbox | None = None

    async def __aenter__(self) -> "_Reader":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def mailbox(self) -> Mailbox:
        """The open mailbox; a new connection when the last one broke."""
        if self._mailbox is None or not self._mailbox.is_open:
            await self._stack.aclose()
            self._mailbox = await self._stack.enter_async_context(open_mailbox(self._access))
        return self._mailbox

    async def look_at(self, uids: list[int]) -> dict[int, MailboxLetter]:
        """Dates and sizes, as far as they can be had."""
        try:
            return await (await self.mailbox()).look_at(uids)
        except Unreachable:
            return {}

    async def read(self, uids: list[int], known: dict[int, MailboxLetter], too_big: set[int]) -> None:
        """First many at once, then one by one those that did not come; only the header of what is too big.

        Ends early when the server lets nobody in any more: what is then in none of the three sets was not tried.
        """
        with suppress(WireError):
            await self._together([uid for uid in uids if uid not in too_big], known)
        for uid in uids:
            if uid not in self.letters:
                try:
                    await self._singly(uid, known.get(uid), header_only=uid in too_big)
                except WireError:
                    return

    async def _together(self, uids: list[int], known: dict[int, MailboxLetter]) -> None:
        for group, size in _in_groups(uids, known):
            came = await (await self.mailbox()).fetch(group, expected_bytes=size)
            self.letters |= {uid: letter for uid, letter in came.items() if letter.raw is not None}

    async def _singly(self, uid: int, known: MailboxLetter | None, *, header_only: bool) -> None:
        """One letter in three tries. WireError when there is no server to try."""
        for _ in range(TRIES):
            mailbox = await self.mailbox()
            try:
                size = known.size or 0 if known else 0
                came = await (mailbox.fetch_headers(uid) if header_only else mailbox.fetch([uid], expected_bytes=size))
                if uid in came and came[uid].raw is not None:
                    self.letters[uid] = came[uid]
                    return
                if uid not in await mailbox.uids_after(uid - 1):
                    self.gone.add(uid)
                    return
            except Unreachable:
                continue
        self.failed.add(uid)


def _in_groups(uids: list[int], known: dict[int, MailboxLetter]) -> Iterator[tuple[list[int], int]]:
    """The letters in groups for one command each, with the bytes that are to be expected."""
    group: list[int] = []
    total = 0
    for uid in uids:
        size = (known[uid].size or 0) if uid in known else 0
        if group and total + size > BYTES_A_COMMAND:
            yield group, total
            group, total = [], 0
        group.append(uid)
        total += size
    if group:
        yield group, total
