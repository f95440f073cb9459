"""The files that came with what people wrote, as they came."""

from bot.cli.at_work import at_work
from bot.cli.common import Answer
from casework.acting import the_case
from intake.arrival import Arrival, Wire
from intake.letters.by_hand import read_hand
from storage import cases


async def file_of(reference: str, message: int, number: int) -> bytes:
    """One file of one message of a case."""
    async with at_work() as at, at.memory.reading() as uow:
        await the_case(uow, reference)
        letters = await cases.letters_of(uow, reference)
        files = await cases.attachments_of(uow, [letters[message - 1].arrival_id]) if 0 < message <= len(letters) else []
        found = next((one for one in files if one.number == number), None)
        if found is None:
            raise Answer(f"Message {message} of {reference} has no file {number}. `heard case show {reference}` lists them.")
        if found.content is not None:
            return found.content
        arrival = await cases.raw_of(uow, found.arrival_id)
        if arrival is None or arrival.wire != Wire.HAND:
            where = f"`heard case original {reference} {message} > letter.eml` gives it with its files"
            raise Answer(found.problem or f"It lies inside the letter as it came: {where}.")
        hand = read_hand(Arrival(arrival.door, Wire.HAND, arrival.raw, arrival.received_at)).hand
        return hand.files[number - 1].content if hand else b""
