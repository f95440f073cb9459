"""When an imported letter came in (command-line.md: `received_at`)."""

from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from intake.letters.headers import read_headers
from intake.letters.parts import header_block, with_plain_line_ends


def received_at_of(raw: bytes, now: datetime, since: date = date.min) -> datetime:
    """Return the moment of the topmost Received, else Date, else `now`; aware, in UTC.

    What lies in the future is not believed, nor what lies before `since`, the first day from which days can be counted.
    """
    letter = with_plain_line_ends(raw)
    headers = read_headers(letter[: header_block(letter)[0]])
    for value in (headers.plain("received").rpartition(";")[2], headers.plain("date")):
        moment = _moment(value)
        if moment is not None and moment <= now and moment.date() > since:
            return moment
    return now.astimezone(UTC)


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.strip()[:200])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
