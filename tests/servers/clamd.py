"""A clamd that speaks INSTREAM as the real one does, finds one word, and can be told to misbehave."""

import asyncio
import struct
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

HARMFUL = b"THIS-FILE-DOES-HARM"


@dataclass
class Clamd:
    """What it was shown, and what it says; `says` empty for what it finds."""

    address: str
    says: bytes = b""
    is_silent: bool = False
    shown: list[bytes] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        command = await reader.readuntil(b"\0")  # who hangs up before is told nothing
        found = b"ClamAV 1.4.3/27000/Mon Mar  2 09:00:00 2026"
        if command == b"zINSTREAM\0":
            content = bytearray()
            while length := struct.unpack(">I", await reader.readexactly(4))[0]:
                content += await reader.readexactly(length)
            self.shown.append(bytes(content))
            found = b"stream: Test.Harm FOUND" if HARMFUL in content else b"stream: OK"
        if not self.is_silent:
            writer.write((self.says or found) + b"\0")
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


@asynccontextmanager
async def running_clamd(folder: Path | None = None) -> AsyncIterator[Clamd]:
    """On a socket in a folder, or on a port of this machine."""
    clamd = Clamd("")
    if folder is not None:
        clamd.address = str(folder / "clamd.ctl")
        server: asyncio.Server = await asyncio.start_unix_server(clamd.talk, clamd.address)
    else:
        server = await asyncio.start_server(clamd.talk, "127.0.0.1", 0)
        clamd.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield clamd
    finally:
        server.close()


@contextmanager
def clamd_beside(folder: Path) -> Iterator[Clamd]:
    """The same in a thread, for what is tested without a loop of its own."""
    ready, over = threading.Event(), asyncio.Event()
    found: list[Clamd] = []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with running_clamd(folder) as clamd:
            found.append(clamd)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(10)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()
