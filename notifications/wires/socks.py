"""Through a SOCKS5 proxy (RFC 1928, RFC 1929), on every wire. It is the proxy that looks names up: ours may not know them."""

import asyncio
import socket
import ssl
from typing import Any

import aiohttp
import aiohttp_socks
import httpx
from httpx_socks import AsyncProxyTransport
from python_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError, ProxyType
from python_socks.async_.asyncio import Proxy as Way

from notifications.wires.errors import Unreachable
from notifications.wires.ways import Proxy

_OF_THE_PROXY = (ProxyConnectionError, ProxyTimeoutError, ProxyError, asyncio.IncompleteReadError)
ERRORS = (
    *_OF_THE_PROXY,
    aiohttp_socks.ProxyConnectionError,
    aiohttp_socks.ProxyTimeoutError,
    aiohttp_socks.ProxyError,
)
"""What the libraries raise before anything was handed over; the last of the first four where the proxy hangs up."""


async def socket_through(proxy: Proxy, host: str, port: int, seconds: float) -> socket.socket:
    """A socket whose other end is `host`. Unreachable when the proxy does not do it."""
    way = Way(ProxyType.SOCKS5, proxy.host, proxy.port, proxy.user or None, proxy.password or None, rdns=True)
    try:
        return await way.connect(host, port, timeout=seconds)
    except _OF_THE_PROXY as error:
        raise Unreachable(trouble_of(error)) from None
    except OSError:
        raise Unreachable("proxy refuses") from None


def connector(proxy: Proxy, connections: int, context: ssl.SSLContext) -> aiohttp.BaseConnector:
    """As many connections as that, for aiohttp."""
    return aiohttp_socks.ProxyConnector(host=proxy.host, port=proxy.port, **_asked(proxy), limit=connections, ssl=context)


def _asked(proxy: Proxy) -> dict[str, Any]:
    """What is asked of a proxy, in the words that both libraries have for it."""
    login = {"username": proxy.user or None, "password": proxy.password or None}
    return {"proxy_type": ProxyType.SOCKS5, "rdns": True, **login}


class Transport(AsyncProxyTransport):
    """For httpx. The library lets its errors through as they are; here they are httpx's, as those of any other proxy."""

    def __init__(self, proxy: Proxy, context: ssl.SSLContext) -> None:
        super().__init__(proxy_host=proxy.host, proxy_port=proxy.port, **_asked(proxy), verify=context, trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request. httpx.ProxyError or ConnectTimeout when the proxy does not do it."""
        try:
            return await super().handle_async_request(request)
        except _OF_THE_PROXY as error:
            raise as_httpx_says(error) from None
        except OSError as error:  # of TLS, to which the library gives no name of its own
            raise httpx.ConnectError(type(error).__name__) from error


def as_httpx_says(error: BaseException) -> httpx.HTTPError:
    """A library's error as httpx would name it; its words are a key of `notifications.wires.meaning.REASONS`."""
    reason = trouble_of(error)
    return httpx.ConnectTimeout(reason) if reason == "silent" else httpx.ProxyError(reason)


def trouble_of(error: BaseException) -> str:
    """Why the proxy did not let us through: a key of `notifications.wires.meaning.REASONS`."""
    found: Any = error.__cause__ if isinstance(error.__cause__, ERRORS) else error
    if isinstance(found, ProxyConnectionError | aiohttp_socks.ProxyConnectionError):
        return "no proxy"
    if isinstance(found, ProxyTimeoutError | aiohttp_socks.ProxyTimeoutError):
        return "silent"
    if getattr(found, "error_code", None) is not None:
        return "proxy refuses"  # RFC 1928, 6: by its rules, or since it comes no further itself
    # The library has words only for these: method 255 (RFC 1928, 3), and a status other than 0 (RFC 1929, 2).
    said = str(found)
    wants_another = "No acceptable authentication" in said or "authentication failure" in said
    return "proxy wants another password" if wants_another else "no socks"
