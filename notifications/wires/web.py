"""What the wires over HTTP have in common: the proxy, whom they trust, and what a broken one says."""

import ssl
from typing import Any

import httpx

from notifications.wires import meaning
from notifications.wires.trust import tls_context
from notifications.wires.ways import Proxy, is_loopback


def client_for(url: str, ca_file: str, proxy: Proxy | None, seconds: float) -> httpx.AsyncClient:
    """A client for one address. OSError when the file of authorities cannot be used."""
    return httpx.AsyncClient(timeout=seconds, **connecting(url, ca_file, proxy))


def connecting(url: str, ca_file: str, proxy: Proxy | None) -> dict[str, Any]:
    """How httpx is to connect. A proxy of the machine's environment is used where none is set, but not for the machine itself."""
    if proxy and proxy.is_socks:
        from notifications.wires.socks import Transport  # noqa: PLC0415  # its libraries are for those who have such a proxy

        return {"transport": Transport(proxy, tls_context(ca_file)), "trust_env": False}
    through = httpx.Proxy(proxy.url, auth=(proxy.user, proxy.password) if proxy.user else None) if proxy else None
    is_here = is_loopback(httpx.URL(url).host)
    return {"verify": tls_context(ca_file), "proxy": through, "trust_env": not (proxy or is_here)}


def trouble_of(error: BaseException, *, otherwise: str) -> str:
    """Why a request did not come through: a key of `notifications.wires.meaning.REASONS`. The library's words stay here."""
    if isinstance(error, httpx.ProxyError):
        if str(error) in meaning.REASONS:  # of a SOCKS5 proxy, in our own words
            return str(error)
        return "proxy wants a password" if str(error).startswith("407") else "proxy refuses"
    if isinstance(error, httpx.TimeoutException):
        return "silent"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return "not trusted"
        cause = cause.__cause__ or cause.__context__
    return otherwise
