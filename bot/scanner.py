"""Asks clamd, the daemon of ClamAV, whether a file holds what is known to do harm (INSTREAM, clamd(8)).

Fails closed: a scanner that does not answer, or answers anything but OK, lets no file out.
"""

import asyncio
import struct
from contextlib import suppress
from dataclasses import dataclass

PIECE = 1 << 20
SECONDS = 60.0


@dataclass(eq=False)
class Held(Exception):
    """A file is not given out. `why` is a sentence for staff: what was found, or why nobody could look."""

    why: str
    is_harmful: bool = False

    def __str__(self) -> str:
        return self.why


async def look(clamd: str, content: bytes, seconds: float = SECONDS) -> None:
    """Return when clamd, a socket's path or host:port, finds nothing in these bytes; raises Held for everything else."""
    try:
        async with asyncio.timeout(seconds):
            said = await _ask(clamd, b"zINSTREAM\0", content)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as problem:
        raise Held(f"the virus scanner at {clamd} did not answer ({type(problem).__name__})") from None
    if said.endswith(" FOUND"):
        raise Held(f"the virus scanner found {said.partition(': ')[2].removesuffix(' FOUND')[:100] or 'something'} in it", True)
    if said != "stream: OK":
        raise Held(f"the virus scanner could not look at it: {said[:100] or 'it said nothing'}")


async def answers(clamd: str, seconds: float = 5.0) -> str:
    """Return what clamd says of itself (its version and the date of its signatures); raises Held when it does not answer."""
    try:
        async with asyncio.timeout(seconds):
            said = await _ask(clamd, b"zVERSION\0", None)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as problem:
        raise Held(f"the virus scanner at {clamd} did not answer ({type(problem).__name__})") from None
    if not said.startswith("ClamAV"):
        raise Held(f"what answers at {clamd} is not clamd")
    return said[:100]


async def _ask(clamd: str, command: bytes, content: bytes | None) -> str:
    host, _, port = clamd.rpartition(":")
    reader, writer = await (
        asyncio.open_unix_connection(clamd) if clamd.startswith("/") else asyncio.open_connection(host, int(port))
    )
    try:
        writer.write(command)
        for start in range(0, len(content or b""), PIECE):
            piece = (content or b"")[start : start + PIECE]
            writer.write(struct.pack(">I", len(piece)) + piece)
            await writer.drain()
        if content is not None:
            writer.write(struct.pack(">I", 0))
        await writer.drain()
        return (await reader.readuntil(b"\0")).rstrip(b"\0").decode("utf-8", "replace").strip()
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
