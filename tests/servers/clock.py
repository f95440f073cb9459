"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Call it for the time."""

    def __init__(self, at: datetime = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def goes_on(self, **by: float) -> datetime:
        """Move on by so many `days`, `hours`, `minutes`, `seconds`."""
        self.at += timedelta(**by)
        return self.at
