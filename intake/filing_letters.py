"""The rows of an arrival and of the letter that was read from it."""

import json
from datetime import datetime
from typing import Any

from sqlmodel import SQLModel

from casework.representation import fold_address
from intake.arrival import Arrival, Letter, Wire
from procedures.terms import Channel
from storage.columns import Means, Member
from storage.filing import Filing
from storage.tables import ArrivalRow, AttachmentRow, LedgerResult, LetterRow, MemberEnquiryRow, TakenDownRow

NOT_KEPT = ("location", "venue", "contact")
"""Fields of an update that are dropped from it before the commit (people-and-safety.md, 2.10); a place is sealed apart."""
FETCHED = ("photo", "voice", "video", "file")
"""Kinds of attachment that stand behind a Telegram `file_id` and are fetched after the commit."""


def ledger_row(
    arrival: Arrival, arrival_id: str, now: datetime, result: LedgerResult, *, message_id: str = "", problem: str = ""
) -> ArrivalRow:
    """The ledger's row, bytes and all. `result` may still change while it is being filed."""
    return ArrivalRow(
        id=arrival_id,
        door=arrival.door[:300],
        wire=arrival.wire.value,
        position=arrival.position,
        validity=arrival.validity[:40],
        received_at=arrival.received_at,
        stored_at=now,
        raw=without_places(arrival.raw) if arrival.wire is Wire.TELEGRAM else arrival.raw,
        result=result,
        message_id=message_id[:1000],
        problem=problem[:200],
    )


def without_places(update: bytes) -> bytes:
    """An update without places on a map, which are sealed apart from it (`intake.chat_private`), and without contact cards."""
    if not any(f'"{name}"'.encode() in update for name in NOT_KEPT):
        return update
    try:
        return json.dumps(_without(json.loads(update))).encode()
    except (ValueError, RecursionError):
        return update


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without(inner) for name, inner in value.items() if name not in NOT_KEPT}
    return [_without(inner) for inner in value] if isinstance(value, list) else value


def mark(filing: Filing, result: LedgerResult, reference: str | None) -> None:
    """Say in the ledger what became of the arrival of this filing."""
    row = next(row for row in filing.rows if isinstance(row, ArrivalRow))
    row.result = result
    row.case_reference = reference


def file_letter(letter: Letter, arrival_id: str, reference: str, *, is_unverified: bool = False) -> list[SQLModel]:
    """A letter and its attachments, as rows of a case; of what was taken down also who did, and for whom a member asks."""
    arrival = letter.arrival
    row = LetterRow(
        arrival_id=arrival_id,
        case_reference=reference,
        channel=channel_of(letter),
        received_at=arrival.received_at,
        subject=_storable(letter.subject),
        words=_storable(letter.words),
        sender=fold_address(letter.sender)[:320],
        chat_id=letter.chat_id or None,
        message_number=letter.message_number,
        is_unverified=is_unverified,
        is_edit=letter.is_edit,
    )
    files = [
        AttachmentRow(
            arrival_id=arrival_id,
            number=number,
            kind=attachment.kind[:20],
            name=_storable(attachment.name)[:200],
            media_type=attachment.media_type[:200],
            size=attachment.size,
            file_id=attachment.file_id[:300],
            next_try_at=arrival.received_at if attachment.file_id and attachment.kind in FETCHED else None,
        )
        for number, attachment in enumerate(letter.attachments, start=1)
    ]
    return [row, *files, *_by_hand(letter, arrival_id, reference)]


def _by_hand(letter: Letter, arrival_id: str, reference: str) -> list[SQLModel]:
    """Who took it down and how it reached them; whoever asks for somebody, and whether that person's consent was seen."""
    hand = letter.hand
    if hand is None:
        return []
    taken = TakenDownRow(
        arrival_id=arrival_id, taken_by=hand.taken_by[:320], means=Means(hand.means), is_hour_known=hand.is_hour_known
    )
    if not hand.member:
        return [taken]
    asks = MemberEnquiryRow(
        case_reference=reference,
        member=Member(hand.member),
        name=hand.name[:300],
        constituent=hand.constituent[:300],
        has_consent=hand.has_consent,
    )
    return [taken, asks]


def channel_of(letter: Letter) -> Channel:
    """How it reached us, in the register's words."""
    if letter.hand is not None:
        return Channel(letter.hand.channel)
    return Channel.TELEGRAM if letter.arrival.wire is Wire.TELEGRAM else Channel.EMAIL


def _storable(text: str) -> str:
    """Text that every database takes: PostgreSQL refuses NUL and lone surrogates; the raw arrival keeps them."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
