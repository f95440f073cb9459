"""The files that came with what people wrote, as they came."""

from collections.abc import Sequence

from bot.cli.at_work import At, at_work
from bot.cli.common import Answer, err
from bot.cli.sealing import opened
from bot.scanner import Held, look
from bot.settings import Settings
from casework.acting import the_case
from casework.sealing import Item
from intake.arrival import Arrival, Wire
from intake.letters.by_hand import read_hand
from intake.letters.email_letter import file_in, files_in
from intake.letters.kinds import warning_of
from storage import cases
from storage.tables import ArrivalRow


async def file_of(reference: str, message: int, number: int, why: str = "", who: str = "") -> bytes:
    """One file of one message of a case; without what it notes of where, when and by whom it was made.

    One that is sealed, as it came, and only to the second of two who say why.
    """
    async with at_work() as at:
        is_evidence = await opened(at, Item(reference, message, number), why, who)
        name, content = await _found(at, reference, message, number)
        shown = content if is_evidence else _shown(content, reference, message)
        await let_out(at.settings, content)
    if said := warning_of(name, content):
        err().print(said)
    return shown


async def let_out(settings: Settings, content: bytes) -> None:
    """Ask the virus scanner, where one is set; raises Answer unless it finds nothing."""
    if not settings.files.clamd:
        return
    try:
        await look(settings.files.clamd, content)
    except Held as held:
        raise Answer(f"The file is held: {held.why}. It is safe where it is. Nothing was written.") from None


async def _found(at: At, reference: str, message: int, number: int) -> tuple[str, bytes]:
    """The file's name and its bytes as they came."""
    async with at.memory.reading() as uow:
        await the_case(uow, reference)
        letters = await cases.letters_of(uow, reference)
        files = await cases.attachments_of(uow, [letters[message - 1].arrival_id]) if 0 < message <= len(letters) else []
        found = next((one for one in files if one.number == number), None)
        if found is None:
            raise Answer(f"Message {message} of {reference} has no file {number}. `heard case show {reference}` lists them.")
        if found.content is not None:
            return found.name, found.content
        arrival = await cases.raw_of(uow, found.arrival_id)
        inside = file_in(arrival.raw, number) if arrival is not None and arrival.wire == Wire.EMAIL else None
        if inside is not None:
            return found.name, inside
        if arrival is None or arrival.wire != Wire.HAND:
            where = f"`heard case original {reference} {message} > letter.eml` gives it with its files"
            raise Answer(found.problem or f"It lies inside the letter as it came: {where}.")
        return found.name, scans_of(arrival)[number - 1]


def scans_of(arrival: ArrivalRow) -> list[bytes]:
    """The scans beside what an officer took down, in the order of their numbers; of what came otherwise none."""
    if arrival.wire != Wire.HAND:
        return []
    hand = read_hand(Arrival(arrival.door, Wire.HAND, arrival.raw, arrival.received_at)).hand
    return [one.content for one in hand.files] if hand else []


def files_within(arrival: ArrivalRow) -> Sequence[bytes | None]:
    """The files in what came by hand or by email, in the order of their numbers; None for one that is packed in another."""
    return files_in(arrival.raw) if arrival.wire == Wire.EMAIL else scans_of(arrival)


def _shown(file: bytes, reference: str, message: int) -> bytes:
    from intake.letters.notes import bare  # its libraries take long to import, and few files are theirs

    shown = bare(file)
    if file and not shown.content:
        raise Answer(
            f"The picture is broken. `heard case original {reference} {message}` gives all that came. Nothing was written."
        )
    if shown.says:
        err().print(shown.says)
    return shown.content
