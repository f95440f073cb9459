"""Through the council's proxy: a connection to a mail server by HTTP CONNECT (RFC 9110, 9.3.6), or by SOCKS5."""

import asyncio
import base64
import re
import socket
from collections.abc import Mapping

from notifications.wires.errors import Unreachable
from notifications.wires.ways import Proxy

LONGEST_HEAD = 16_384


async def tunnel(proxy: Proxy, host: str, port: int, seconds: float) -> socket.socket:
    """A socket whose other end is `host`: TLS, if there is any, is still to come. Unreachable when the proxy does not do it."""
    if proxy.is_socks:
        from notifications.wires.socks import socket_through  # noqa: PLC0415  # its libraries are for those who have such a proxy

        return await socket_through(proxy, host, port, seconds)
    wire: socket.socket | None = None
    try:
        async with asyncio.timeout(seconds):
            wire = await _reached(proxy)
            await asyncio.get_running_loop().sock_sendall(wire, _question(proxy, host, port))
            _judge(await _head(wire))
    except (TimeoutError, OSError, Unreachable, asyncio.CancelledError) as error:
        if wire is not None:
            wire.close()
        if isinstance(error, Unreachable | asyncio.CancelledError):
            raise
        raise Unreachable("silent" if isinstance(error, TimeoutError) and wire is not None else "no proxy") from None
    return wire


async def _reached(proxy: Proxy) -> socket.socket:
    loop = asyncio.get_running_loop()
    problem: OSError = ConnectionError("no address")
    for family, kind, number, _, address in await loop.getaddrinfo(proxy.host, proxy.port, type=socket.SOCK_STREAM):
        wire = socket.socket(family, kind, number)
        wire.setblocking(False)
        try:
            await loop.sock_connect(wire, address)
        except OSError as error:
            wire.close()
            problem = error
        except asyncio.CancelledError:
            wire.close()
            raise
        else:
            return wire
    raise problem


def _question(proxy: Proxy, host: str, port: int) -> bytes:
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.user:
        pair = base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {pair}")
    return "\r\n".join([*lines, "", ""]).encode()


async def _head(wire: socket.socket) -> bytes:
    """Up to the empty line and not a byte further: behind it the mail server may be speaking already."""
    loop, head = asyncio.get_running_loop(), bytearray()
    while not head.endswith(b"\r\n\r\n"):
        byte = await loop.sock_recv(wire, 1)
        if not byte:
            raise Unreachable("proxy refuses")
        head += byte
        if len(head) > LONGEST_HEAD or (len(head) == 5 and head != b"HTTP/"):
            raise Unreachable("proxy answers a page" if b"<" in head else "garbled")
    return bytes(head)


def _judge(head: bytes) -> None:
    status, _, rest = head.decode("latin-1").partition("\r\n")
    found = re.match(r"HTTP/1\.[01] (\d{3})\b", status)
    if not found:
        raise Unreachable("garbled")
    if found[1] == "407":
        raise Unreachable("proxy wants a password")
    if not found[1].startswith("2"):
        raise Unreachable("proxy refuses")
    if _announces_a_body(_fields(rest)):
        raise Unreachable("proxy answers a page")


def _fields(rest: str) -> Mapping[str, str]:
    split = (line.partition(":") for line in rest.splitlines() if line)
    return {name.strip().lower(): value.strip().lower() for name, _, value in split}


def _announces_a_body(fields: Mapping[str, str]) -> bool:
    """A tunnel has none (RFC 9110, 9.3.6): whoever sends one shows a page of their own, a login to a guest network perhaps."""
    return fields.get("content-length", "0") != "0" or "html" in fields.get("content-type", "")
