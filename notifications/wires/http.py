"""How python-telegram-bot asks over HTTP here: through aiohttp, which answers several times as many people a second as httpx.

What can go wrong is told as the library's own client tells it: TimedOut or NetworkError, whose cause is httpx's error. The cause
is made here and says no more than its kind, since aiohttp's own words name the address, and with it the token.
"""

import json
import ssl
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpx
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from notifications.wires.access import TelegramAccess
from notifications.wires.trust import tls_context
from notifications.wires.ways import is_loopback

CONNECT_SECONDS = 10.0
UPLOADS_TAKE = 3
"""How many times longer a call with files may take to be written."""
_JSON = {"Content-Type": "application/json"}

_Seconds = Any
"""A number, None for no limit, or the library's mark for what was not given."""


class Request(BaseRequest):
    """The connections to a Bot API, as many as `connections` at once. OSError when the file of authorities cannot be used."""

    def __init__(self, access: TelegramAccess, connections: int) -> None:
        self._seconds = access.timeout_seconds
        self._connections = connections
        self._context = tls_context(access.ca_file)
        proxy = access.proxy
        # A proxy of the machine's environment is used where none is set, but not for the machine itself.
        self._proxying: dict[str, Any] = {"trust_env": not (proxy or is_loopback(urlsplit(access.api_url).hostname or ""))}
        self._socks = proxy if proxy and proxy.is_socks else None
        self._errors: tuple[type[BaseException], ...] = (aiohttp.ClientError, TimeoutError, OSError, ValueError)
        if self._socks:
            self._errors += _socks().ERRORS
        if proxy and not proxy.is_socks:
            login = aiohttp.BasicAuth(proxy.user, proxy.password) if proxy.user else None
            self._proxying |= {"proxy": proxy.url, "proxy_auth": login}
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """In seconds, where a call names no other."""
        return self._seconds

    async def initialize(self) -> None:
        """Nothing to do: the first call opens what it needs."""

    async def shutdown(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
        write_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
        connect_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
        pool_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call: the code and the bytes of its answer. TimedOut or NetworkError when there is none."""
        files = request_data.multipart_data if request_data else None
        connect = self._or_default(connect_timeout, min(self._seconds, CONNECT_SECONDS))
        wait = self._or_default(pool_timeout, self._seconds)
        write = self._or_default(write_timeout, self._seconds * (UPLOADS_TAKE if files else 1))
        read = self._or_default(read_timeout, self._seconds)
        timeout = aiohttp.ClientTimeout(
            # Of writing the library has no limit of its own: all together may take as long as all their limits.
            total=_together(connect, wait, write, read),
            connect=_together(connect, wait),
            sock_connect=connect,
            sock_read=read,
        )
        body, headers = _body(request_data) if request_data else (None, {})
        try:
            async with self._open().request(method, url, data=body, headers=headers, timeout=timeout) as answer:
                return answer.status, await answer.read()
        except self._errors as error:
            cause = _as_httpx_says(error, is_socks=self._socks is not None)
        kind = TimedOut if isinstance(cause, httpx.TimeoutException) else NetworkError
        raise kind(f"httpx.{type(cause).__name__}") from cause

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as a table; the library's own writes what it cannot read to the log."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            raise TelegramError("Invalid server response") from None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer

    def _or_default(self, given: _Seconds, otherwise: float) -> float | None:
        if given is BaseRequest.DEFAULT_NONE:
            return otherwise
        return None if given is None else float(given)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector: aiohttp.BaseConnector
            if self._socks:
                connector = _socks().connector(self._socks, self._connections, self._context)
            else:
                connector = aiohttp.TCPConnector(limit=self._connections, ssl=self._context)
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                **self._proxying,
            )
        return self._session


def _together(*seconds: float | None) -> float | None:
    """All limits one after another; none if one of them is none."""
    given = [each for each in seconds if each is not None]
    return sum(given) if len(given) == len(seconds) else None


def _body(asked: RequestData) -> tuple[bytes | aiohttp.FormData, dict[str, str]]:
    """The call's parameters as JSON; with files beside them, as a form. Telegram takes both (core.telegram.org/bots/api).

    A form writes every symbol of a keyboard as three: that was a twentieth of a reply.
    """
    files = asked.multipart_data
    if not files:
        return json.dumps(asked.parameters).encode(), _JSON
    form = aiohttp.FormData()
    for name, value in asked.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, media_type) in files.items():
        form.add_field(name, content, filename=file_name, content_type=media_type)
    return form, {}


_SAID_BY_HTTPX: tuple[tuple[tuple[type[Exception], ...], type[httpx.HTTPError]], ...] = (
    ((aiohttp.ClientHttpProxyError, aiohttp.ClientProxyConnectionError), httpx.ProxyError),
    ((aiohttp.ClientConnectorError,), httpx.ConnectError),
    ((aiohttp.ConnectionTimeoutError,), httpx.ConnectTimeout),
    ((TimeoutError,), httpx.ReadTimeout),
    ((aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, aiohttp.ClientResponseError), httpx.RemoteProtocolError),
    ((aiohttp.InvalidURL,), httpx.UnsupportedProtocol),
)
"""The first that fits; aiohttp's errors of a certificate are connector errors too."""


def _socks() -> ModuleType:
    from notifications.wires import socks  # noqa: PLC0415  # its libraries are for those who have such a proxy

    return socks


def _as_httpx_says(error: BaseException, *, is_socks: bool) -> httpx.HTTPError:
    """The error by the name that the library's own client would give it: senders tell by it whether anything was written."""
    if is_socks and isinstance(error, _socks().ERRORS):
        said: httpx.HTTPError = _socks().as_httpx_says(error)
        return said
    kind = next((known for ours, known in _SAID_BY_HTTPX if isinstance(error, ours)), httpx.ReadError)
    found = kind(str(error.status) if isinstance(error, aiohttp.ClientHttpProxyError) else "")
    if isinstance(error.__cause__, ssl.SSLCertVerificationError):  # behind SOCKS5; nothing was written yet
        found = httpx.ConnectError("")
        found.__cause__ = ssl.SSLError("not trusted")
    if isinstance(error, aiohttp.ClientSSLError | aiohttp.ClientConnectorCertificateError):
        found.__cause__ = ssl.SSLError("not trusted")
    return found
