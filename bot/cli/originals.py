"""The files that came with what people wrote, as they came."""

from bot.cli.at_work import at_work
from bot.cli.common import Answer, err
from casework.acting import the_case
from intake.arrival import Arrival, Wire
from intake.letters.by_hand import read_hand
from intake.letters.email_letter import file_in
from intake.letters.pictures import may_tell_more, without_notes
from storage import cases
from storage.tables import ArrivalRow


async def file_of(reference: str, message: int, number: int) -> bytes:
    """One file of one message of a case; a picture that somebody sent without its notes of where and when."""
    async with at_work() as at, at.memory.reading() as uow:
        await the_case(uow, reference)
        letters = await cases.letters_of(uow, reference)
        files = await cases.attachments_of(uow, [letters[message - 1].arrival_id]) if 0 < message <= len(letters) else []
        found = next((one for one in files if one.number == number), None)
        if found is None:
            raise Answer(f"Message {message} of {reference} has no file {number}. `heard case show {reference}` lists them.")
        if found.content is not None:
            return _shown(found.content, reference, message)
        arrival = await cases.raw_of(uow, found.arrival_id)
        inside = file_in(arrival.raw, number) if arrival is not None and arrival.wire == Wire.EMAIL else None
        if inside is not None:
            return _shown(inside, reference, message)
        if arrival is None or arrival.wire != Wire.HAND:
            where = f"`heard case original {reference} {message} > letter.eml` gives it with its files"
            raise Answer(found.problem or f"It lies inside the letter as it came: {where}.")
        return scans_of(arrival)[number - 1]


def scans_of(arrival: ArrivalRow) -> list[bytes]:
    """The scans beside what an officer took down, in the order of their numbers."""
    hand = read_hand(Arrival(arrival.door, Wire.HAND, arrival.raw, arrival.received_at)).hand
    return [one.content for one in hand.files] if hand else []


def _shown(file: bytes, reference: str, message: int) -> bytes:
    shown = without_notes(file)
    if file and not shown:
        raise Answer(
            f"The picture is broken. `heard case original {reference} {message}` gives all that came. Nothing was written."
        )
    if may_tell_more(shown):
        err().print("It may say where, when and by whom it was made: take care who sees it.")
    return shown
