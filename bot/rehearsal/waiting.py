"""Waiting for something to have happened, with a deadline and without looking at the clock every so often."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Says that something changed to whoever waits. Everything happens in one event loop."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def tell(self) -> None:
        """Wake all who wait, so that they look again."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def until(self, look: Callable[[], T | None], seconds: float) -> T:
        """Return what `look` gives as soon as it isn't None; TimeoutError when it hasn't after `seconds`."""
        async with asyncio.timeout(seconds):
            while (found := look()) is None:
                await self._changed.wait()
        return found

    async def until_so(self, look: Callable[[], Awaitable[T | None]], seconds: float | None) -> T:
        """The same for a look that has to ask somebody, like the memory. Without `seconds` it waits for as long as it takes."""
        async with asyncio.timeout(seconds):
            while True:
                changed = self._changed  # taken before the look: what changes meanwhile makes us look again
                if (found := await look()) is not None:
                    return found
                await changed.wait()
