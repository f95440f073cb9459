"""When to try again, and when to give up and say so. Pure: no chance, no clock of its own."""

from collections.abc import Sequence
from datetime import datetime, timedelta

WAITS: Sequence[timedelta] = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    *[timedelta(hours=6)] * 7,
)
"""After the first try, the second, and so on: fifteen tries in a little over two days, as a mail server may be away."""

MOST_TRIES = len(WAITS) + 1
LONGEST_ASKED = timedelta(hours=48)
BELIEVED_TRIES = 3


def next_attempt(tries: int, now: datetime, asked: timedelta | None = None) -> datetime | None:
    """When to try again after `tries` tries, the last of them at `now`; None is to give up loudly.

    `asked` is how long the other side asked us to wait: it is never disturbed sooner. The first three times its word alone
    counts, so that a busy minute delays a chat by seconds; after that our own wait holds as well, so that tries are not used up.
    A server that asks for more than two days is given up on: a person must know.
    """
    if tries < 1:
        raise ValueError("nothing was tried yet")
    if tries >= MOST_TRIES or (asked is not None and asked > LONGEST_ASKED):
        return None
    own = WAITS[tries - 1]
    if asked is None:
        return now + own
    asked = max(asked, timedelta(seconds=1))
    return now + (asked if tries <= BELIEVED_TRIES else max(asked, own))
