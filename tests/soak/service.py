"""`python -m tests.soak.service SECONDS run`: heard on a machine whose clock is so many seconds ahead, or behind below zero."""

import sys
from datetime import UTC, datetime, timedelta

import bot.service
from bot.cli import main


def moved(seconds: float) -> type[bot.service.WallClock]:
    """A clock that shows another time than the machine's."""

    class Moved(bot.service.WallClock):
        def now(self) -> datetime:
            return datetime.now(UTC) + timedelta(seconds=seconds)

    return Moved


if __name__ == "__main__":
    offset = float(sys.argv.pop(1))
    bot.service.WallClock.now = moved(offset).now  # type: ignore[method-assign]  # another machine's clock is what is wanted
    main()
