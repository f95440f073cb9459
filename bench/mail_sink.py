"""A mail server that takes everything and keeps nothing: `python -m bench.mail_sink` prints its port."""

import asyncio
import sys


class Sink(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._waiting, self._in_letter = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while True:
            end = self._waiting.find(b"\r\n.\r\n" if self._in_letter else b"\r\n")
            if end < 0:
                return
            line, self._waiting = self._waiting[:end], self._waiting[end + (5 if self._in_letter else 2) :]
            if self._in_letter:
                self._in_letter = False
                self._transport.write(b"250 taken\r\n")
            else:
                self._transport.write(self._answer(line[:4].upper()))

    def _answer(self, word: bytes) -> bytes:
        self._in_letter = word == b"DATA"
        return {b"DATA": b"354 go on\r\n", b"EHLO": b"250-sink\r\n250 8BITMIME\r\n", b"QUIT": b"221 bye\r\n"}.get(
            word, b"250 yes\r\n"
        )


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
