"""From a letter and what its words show to the representation that casework opens a case from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from casework.representation import Representation, Writer, fold_address
from intake.arrival import Letter, Reading, Wire
from intake.classification import Sort
from intake.filing_letters import channel_of
from intake.letters.armour import ENCRYPTED
from intake.letters.locked import is_cover_of_a_machine, is_notice_of_a_portal
from procedures.terms import Form, Kind, Risk, Role

LONGEST_ADDRESS = 320
REFERENCES_KEPT = 20
"""Ids of a thread that we send on: longer headers are refused by some relays."""
ALERTS = {"A": "harm", "B": "suicide", "threat": "threat"}
"""The classifier's tiers that are told to the duty address at once, by the word that the alert uses."""
FEW_WORDS = 10
"""A letter of fewer that brings files says what it has to say in them."""
VOICELESS = ("voice", "photo", "video")
"""What words cannot be read from: a person looks for harm within two working hours."""


@dataclass(frozen=True)
class Manner:
    """How a group of arrivals is taken: as a day's post, or as letters from the past."""

    is_imported: bool = False
    answer: bool = True
    nothing_after: timedelta = timedelta(seconds=30)
    """The one fixed delay of the answer to somebody we cannot know (practice.md §7), a setting."""


def represent(
    reading: Reading, manner: Manner, *, kind: Kind | None = None, role: Role | None = None, may_belong_to: Sequence[str] = ()
) -> Representation:
    """The representation that a letter is. What the person said themselves (`kind`, `role`) outranks what the reading guesses."""
    letter, shown = reading.letter, reading.shown
    hand = letter.hand
    return Representation(
        writer=writer_of(letter),
        channel=channel_of(letter),
        received_at=letter.arrival.received_at,
        kind=Kind.ENQUIRY if hand and hand.member else kind or _kind(reading),
        suggested=shown.procedure,
        form=Form.ORAL if hand and hand.oral else Form.WRITTEN,
        raised_by=role if role and role is not Role.UNKNOWN else shown.role,
        risk=shown.risk if shown.risk else Risk.NONE,
        is_about_to_change=shown.is_about_to_change,
        tier=alert_tier(reading),
        reasons=[reason.as_dict() for reason in shown.reasons],
        language=(shown.language or "en")[:12],
        needs_translation=shown.needs_translation,
        has_attachments=bool(letter.attachments),
        in_reply_to=letter.message_id,
        references=thread(letter),
        may_belong_to=tuple(dict.fromkeys(may_belong_to)),
        is_imported=manner.is_imported,
        answer=manner.answer and (hand.send_receipt if hand else True),
        recorded_by=hand.taken_by if hand else "service",
        is_of_a_member=bool(hand and hand.member),
        is_training=bool(hand and hand.is_training),
        is_locked=letter.is_locked and _is_said_in_files(letter),
    )


def _kind(reading: Reading) -> Kind:
    """What the words show; where a machine wrote them and somebody's own stand elsewhere, a complaint (Code, 1.4: in doubt)."""
    letter, shown = reading.letter, reading.shown
    is_machines = shown.sort is Sort.SPAM_OR_AUTO or is_cover_of_a_machine(letter.acted_on)
    return Kind.COMPLAINT if is_machines and _is_said_in_files(letter) else shown.kind


def writer_of(letter: Letter) -> Writer:
    """Who wrote and how we may answer: the chat, the one address in From, or what an officer took down."""
    if letter.hand is not None:
        return Writer(address=fold_address(letter.hand.email), name=letter.hand.name, phone=letter.hand.phone)
    if letter.arrival.wire is Wire.TELEGRAM:
        return Writer(chat_id=letter.chat_id)
    address = fold_address(letter.sender)
    # RFC 5321, 4.5.3.1: 64 octets and 255. Nothing longer is an address that could be answered.
    return Writer(address=address if len(address) <= LONGEST_ADDRESS else "", name=letter.sender_name)


def alert_tier(reading: Reading) -> str:
    """harm, suicide, threat; look where a person must look for harm; or empty."""
    if reading.shown.tier in ALERTS:
        return ALERTS[reading.shown.tier]
    if reading.shown.risk in (Risk.SAFEGUARDING, Risk.EMERGENCY):
        return "harm"
    files = reading.letter.attachments
    unread = reading.shown.needs_a_look or any(attachment.kind in VOICELESS for attachment in files)
    return "look" if unread or _is_said_in_files(reading.letter) else ""


def _is_said_in_files(letter: Letter) -> bool:
    """A scanned letter, an encrypted one, one behind a portal, in a winmail.dat or too big to fetch: its words were not read."""
    if letter.arrival.wire is not Wire.EMAIL:
        return False
    words, encrypted, _ = letter.acted_on.partition(ENCRYPTED)
    is_notice = is_notice_of_a_portal(words, [file.name for file in letter.attachments], letter.sender_name)
    if letter.is_automatic:
        return is_notice
    is_short = len(words.split()) < FEW_WORDS or is_cover_of_a_machine(words)
    return is_notice or (bool(letter.attachments or encrypted) and is_short)


def thread(letter: Letter) -> list[str]:
    """The References of an answer: theirs, oldest first, then their letter (RFC 5322, 3.6.4)."""
    ids = [*reversed(letter.references), letter.message_id]
    return list(dict.fromkeys(one for one in ids if one))[-REFERENCES_KEPT:]
