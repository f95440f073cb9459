"""Files that nobody sees alone: sealed by whoever comes upon them, opened by two people with a reason, each attempt told.

For what may be an indecent picture of a child (Protection of Children Act 1978, s. 1; people-and-safety.md D17, T12, A11: never
viewed, copied, printed, shared, stored elsewhere). The bytes stay where they are and go out by no command, bundle or letter.
Nothing here deletes them: that is for the police to say.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.acting import Acting, Refused, the_case
from casework.council import Person
from casework.delivery import trouble
from casework.office import Office
from casework.opening import Alert, alert_duty
from casework.two_people import look
from procedures.terms import Event
from procedures.working_days import date_at_the_desk
from storage import cases, sealing, walls
from storage.filing import Filing, write
from storage.tables import AttachmentRow, EventRow, SealRow
from storage.unit_of_work import UnitOfWork

WHOLE = 0
"""In the place of a file's number: the message as it came, with all of its files."""
HOLDING = ("application/ms-tnef", "application/pkcs7-mime", "application/x-pkcs7-mime")
"""Kinds of files out of which others are listed; letters (`message/…`) are others."""
POLICE = "Do not copy, print or send it. Call the police: 999 in danger, else 101; they say what becomes of it."


@dataclass(frozen=True)
class Item:
    """A file of a message of a case, or the whole message."""

    reference: str
    message: int
    """As `heard case show` numbers them, from 1."""
    number: int = WHOLE

    @property
    def called(self) -> str:
        return f"file {self.number} of message {self.message}" if self.number else f"message {self.message} as it came"


@dataclass(frozen=True)
class Attempt:
    """What trying to see a sealed item came to."""

    is_open: bool
    says: str
    """Why nothing is shown; empty once it is open."""


async def seal(uow: UnitOfWork, item: Item, why: str, acting: Acting) -> None:
    """Seal a file, or all that came with a message, from everybody; the duty hears at once. Anybody who may see the case can.

    Raises Refused without a reason, where there is no such file, and where it is sealed already.
    """
    await the_case(uow, item.reference)
    if not (why := why.strip()):
        raise Refused("Say why with --why, without describing what is on it. Nothing was changed.")
    arrival = await _arrival_of(uow, item)
    if item.number:
        numbers = [file.number for file in await cases.attachments_of(uow, [arrival])]
        if item.number not in numbers:
            raise Refused(f"Message {item.message} has no file {item.number}. Nothing was changed.")
    seals = (await sealing.seals_on(uow, [arrival])).get(arrival, {})
    if WHOLE in seals or item.number in seals:
        raise Refused(f"{item.called.capitalize()} of {item.reference} is sealed already. Nothing was changed.")
    filing, by = Filing(), acting.person.address.lower()
    row = SealRow(
        arrival_id=arrival,
        number=item.number,
        case_reference=item.reference,
        sealed_at=acting.now,
        sealed_by=by,
        why=why,
    )
    if await sealing.seal_of(uow, arrival, item.number) is None:
        filing.add(row)
    else:  # it was lifted before: all that was said then is on the record of the case
        key = {"arrival_id": arrival, "number": item.number}
        filing.change(SealRow, key, **row.model_dump(exclude={*key, "case_reference"}))
    filing.add(acting.event(item.reference, Event.NOTED, f"sealed {item.called}: {why}"))
    letter = (await cases.letters_of(uow, item.reference))[item.message - 1]
    token = f"seal:{arrival}:{item.number}:{acting.now.isoformat()}"
    alert = Alert(item.reference, "harm", letter.channel, acting.now, token, f"{item.called} was sealed: nobody opens it alone")
    alert_duty(alert, acting.office, acting.now, filing)
    await write(uow, [filing])


async def standing(uow: UnitOfWork, item: Item) -> SealRow | None:
    """The seal that keeps an item from being seen, its own or another's. None where there is no such message."""
    letters = await cases.letters_of(uow, item.reference)
    if not 0 < item.message <= len(letters):
        return None
    arrival = letters[item.message - 1].arrival_id
    seals = (await sealing.seals_on(uow, [arrival])).get(arrival, {})
    if item.number == WHOLE:
        return seals.get(WHOLE) or next(iter(seals.values()), None)
    return shut_by(item.number, await cases.attachments_of(uow, [arrival]) if seals else [], seals)


def shut_by(number: int, files: Sequence[AttachmentRow], seals: Mapping[int, SealRow]) -> SealRow | None:
    """The seal that shuts one of a message's files: its own, that of all of it, or that of what holds it or lies in it.

    A letter that is sent along is a file, and its files are listed beside it. Which of them lie in which is not asked: one that
    holds files is shut by any seal of its message, and shuts all of its message once it is sealed itself.
    """
    if own := seals.get(number) or seals.get(WHOLE):
        return own
    holding = {file.number for file in files if _holds_files(file)}
    return next((row for sealed, row in seals.items() if number in holding or sealed in holding), None)


def _holds_files(file: AttachmentRow) -> bool:
    """Whether a file of a letter may hold others that are listed beside it."""
    return file.media_type.startswith("message/") or file.media_type in HOLDING


async def try_to_open(uow: UnitOfWork, item: Item, why: str, who: str, office: Office, now: datetime) -> Attempt | None:
    """What trying to see an item comes to; None where nothing is sealed. Whatever it comes to is noted, and told to the duty.

    `uow` is the service's own: an attempt of somebody from whom the case is kept is noted too. Raises nothing for a no: what
    was noted must be kept, so commit what this wrote before saying it.
    """
    row = await standing(uow, item)
    if row is None:
        return None
    asker = await _asker(uow, item, who, office)
    filing = Filing()
    try:
        if asker.refusal or asker.person is None:
            raise Refused(asker.refusal)
        if row.number not in (item.number, WHOLE):
            raise Refused(f"It holds what is sealed, or lies in it: file {row.number}. Nothing was shown. {POLICE}")
        try:
            row = _of_one_file(row, item, asker.person)
            turn = look([row], why, Acting(asker.person, office, now), "what is sealed")
        except Refused as no:
            raise Refused(f"{no} {POLICE}") from None
    except Refused as no:
        attempt, did = Attempt(is_open=False, says=str(no)), "was refused"
    else:
        await _put(uow, filing, row, turn.said)
        asked = "You have asked, and it is on record. Nothing is shown until a colleague gives the same command."
        attempt = Attempt(turn.is_open, "" if turn.is_open else f"{asked} {POLICE}")
        did = "opened" if turn.is_open else "asks to open"
    note = f"{asker.noted}{did} {item.called}, which is sealed{f': {why.strip()}' if why.strip() else ''}"
    noted = EventRow(
        case_reference=item.reference,
        name=Event.NOTED,
        happened_on=date_at_the_desk(now),
        recorded_at=now,
        recorded_by=asker.recorded_by,
        note=note,
    )
    filing.add(noted)
    key = f"sealed:{row.arrival_id}:{row.number}:{asker.by}:{now.isoformat()}"
    _tell_duty(filing, f"{item.reference}, {item.called}: {asker.by} {did}", key, office, now)
    await write(uow, [filing])
    return attempt


def _of_one_file(row: SealRow, item: Item, person: Person) -> SealRow:
    """The seal that two agree about: where all of a message is sealed, one of the file alone, which is all that they open.

    Whoever has opened all of the message needs no second agreement for one of its files.
    """
    if row.number == item.number or (row.seen_by and person.address.lower() in (row.asked_by, row.seen_by)):
        return row
    return SealRow(
        arrival_id=row.arrival_id,
        number=item.number,
        case_reference=row.case_reference,
        sealed_at=row.sealed_at,
        sealed_by=row.sealed_by,
        why=row.why,
    )


async def _put(uow: UnitOfWork, filing: Filing, row: SealRow, said: Mapping[str, object]) -> None:
    """Write what is said on a seal, which may not stand yet, or may have been lifted once."""
    key = {"arrival_id": row.arrival_id, "number": row.number}
    there = await sealing.seal_of(uow, row.arrival_id, row.number)
    if there is None:
        filing.add(SealRow(**(row.model_dump() | dict(said))))
    else:
        kept = {} if there.lifted_at is None else row.model_dump(exclude={*key, "case_reference"})
        filing.change(SealRow, key, **(kept | dict(said)))


@dataclass(frozen=True)
class _Asker:
    """Who tries to see what is sealed."""

    person: Person | None
    by: str
    """As the duty is told of them."""
    recorded_by: str
    noted: str = ""
    """What a note begins with where it is not recorded as theirs."""
    refusal: str = ""
    """Why they may not even ask."""


async def _asker(uow: UnitOfWork, item: Item, who: str, office: Office) -> _Asker:
    if not who:
        refusal = f"It is sealed. Say who asks, with --as ADDRESS or HEARD_PERSON. Nothing was shown. {POLICE}"
        return _Asker(None, "somebody unnamed", "somebody unnamed", refusal=refusal)
    person = office.council.person(who)
    if person is None:
        name = "".join(sign for sign in who if sign.isprintable())[:100]
        refusal = f"{name} is not one of the people in the settings. Nothing was shown."
        return _Asker(None, f"somebody unknown ({name})", "service", f"somebody unknown ({name}) ", refusal)
    address = person.address.lower()
    if item.reference in await walls.walled_from(uow, address):
        refusal = str(walls.BehindAWall(person.address, item.reference))
        return _Asker(None, person.address, "service", f"{address}, from whom the case is kept, ", refusal)
    return _Asker(person, person.address, person.address)


def _tell_duty(filing: Filing, detail: str, key: str, office: Office, now: datetime) -> None:
    trouble(filing, "sealed_file", detail, now, office.council, domain=office.domain, key=key, urgency=1)


async def lift(uow: UnitOfWork, item: Item, why: str, acting: Acting) -> None:
    """Take a seal away that need not be there. Only one of the two who have looked can, with a reason.

    It concerns what both have opened. Where all of a message is sealed and they opened one file of it, every other file stays
    sealed, by itself; who opened all of it lifts all that was sealed with it.
    """
    await the_case(uow, item.reference)
    await _arrival_of(uow, item)
    row = await standing(uow, item)
    if row is None or row.number != item.number:
        raise Refused(f"{item.called.capitalize()} of {item.reference} is not sealed. Nothing was changed.")
    if acting.person.address.lower() not in (row.asked_by, row.seen_by) or not row.seen_by:
        raise Refused("Only one of the two who have opened it may say that it need not be sealed. Nothing was changed.")
    if not why.strip():
        raise Refused("Say why with --why. Nothing was changed.")
    said = {"lifted_at": acting.now, "lifted_by": acting.person.address.lower(), "lifted_why": why.strip()}
    filing = Filing()
    filing.change(SealRow, {"arrival_id": row.arrival_id, "number": row.number}, **said)
    seals = (await sealing.seals_on(uow, [row.arrival_id])).get(row.arrival_id, {})
    if whole := seals.get(WHOLE):
        with_it = [one for one in seals.values() if one.sealed_at == whole.sealed_at and one.number not in (WHOLE, row.number)]
        if row.number == WHOLE:
            for one in with_it:
                filing.change(SealRow, {"arrival_id": one.arrival_id, "number": one.number}, **said)
        elif row.sealed_at == whole.sealed_at:
            await _seal_one_by_one(uow, filing, whole, {*seals}, said)
    filing.add(acting.event(item.reference, Event.NOTED, f"lifted the seal of {item.called}: {why.strip()}"))
    key = f"sealed:{row.arrival_id}:{row.number}:lifted:{acting.now.isoformat()}"
    detail = f"{item.reference}, {item.called}: {acting.person.address} lifted the seal"
    _tell_duty(filing, detail, key, acting.office, acting.now)
    await write(uow, [filing])


async def _seal_one_by_one(
    uow: UnitOfWork, filing: Filing, whole: SealRow, has_own: Collection[int], lifted: Mapping[str, object]
) -> None:
    """Put a seal on each file of a message that has none of its own, in the place of the one seal on all of it."""
    told = {name: getattr(whole, name) for name in ("asked_at", "asked_by", "asked_why", "seen_at", "seen_by", "seen_why")}
    for file in await cases.attachments_of(uow, [whole.arrival_id]):
        if file.number not in has_own:
            one = SealRow(**whole.model_dump(exclude={"number", *told}), number=file.number)
            await _put(uow, filing, one, told)
    filing.change(SealRow, {"arrival_id": whole.arrival_id, "number": WHOLE}, **lifted)


async def _arrival_of(uow: UnitOfWork, item: Item) -> str:
    letters = await cases.letters_of(uow, item.reference)
    if not 0 < item.message <= len(letters):
        raise Refused(f"{item.reference} has no message {item.message}. `heard case show` numbers them. Nothing was changed.")
    return letters[item.message - 1].arrival_id
