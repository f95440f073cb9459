"""Telegram as a way in that Telegram opens: it posts each update to us, and takes our 200 for stored. So we commit first.

Whoever posts shows the secret in a header; without it not a byte of the body is read. A repeat is a repeat in the ledger, whether
it comes by this way or by polling. What cannot be stored is answered 503, and Telegram posts it again.
"""

import asyncio
import hmac
import json
import logging
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.web_protocol import RequestHandler
from telegram.error import TelegramError

from bot.doors import CannotOpen, DoorTrouble
from bot.telegram_door import KINDS, arrival_of, group_of, pressed, trouble_of
from intake.arrival import Arrival
from notifications.wires import Bot

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a name or a stand-in, and no secret
LARGEST_UPDATE = 1_000_000
"""In bytes. Telegram's own are a few thousand; a message has at most 4,096 symbols."""
AT_ONCE = 20
"""How many updates Telegram may post to us at the same time; those that wait together are stored in one commit."""
IN_HAND_AT_MOST = 100
"""More than this are told to come again: Telegram itself never has more than `AT_ONCE` on the way to one process."""
GROUP = 64
CONNECTIONS_AT_MOST = 200
HEAD_WITHIN_SECONDS = 10.0
BODY_WITHIN_SECONDS = 10.0
FAILED_WITHIN = timedelta(minutes=3)


class Admits(Protocol):
    """Who stores what came in; the reception."""

    def admit(self, arrivals: list[Arrival], now: datetime) -> Awaitable[object]: ...


@dataclass(frozen=True)
class Place:
    """Where Telegram finds us, and where we listen behind it."""

    url: str
    secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8080


@dataclass
class _Waiting:
    update: dict[str, Any]
    is_stored: bool | None = None


class TelegramWebhook:
    """One process's server. Every process has one; the leader of the door tells Telegram where they are."""

    def __init__(
        self, place: Place, name: str, bot: Callable[[], Awaitable[Bot]], reception: Admits, now: Callable[[], datetime]
    ) -> None:
        self._place = place
        self._name = name
        self._bot = bot
        self._reception = reception
        self._now = now
        self._is_told = False
        self._in_hand = 0
        self._waiting: list[_Waiting] = []
        self._storing = asyncio.Lock()
        self._socket: socket.socket | None = None
        """Our place, until we listen at it."""
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None
        self._silent: set[RequestHandler] = set()
        """The new connections on which no whole head came yet."""

    async def open(self) -> None:
        """Take the place: who posts waits there, and is heard from `listen` on. CannotOpen when somebody else has it."""
        place = self._place
        family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
        try:
            self._socket = socket.create_server((place.host, place.port), family=family, backlog=IN_HAND_AT_MOST)
        except OSError as error:
            raise CannotOpen(
                f"Cannot listen for Telegram on {place.host} port {place.port}: {error.strerror}. Nothing was "
                "started. Stop what listens there, or change telegram.webhook_host and telegram.webhook_port."
            ) from None

    async def listen(self) -> None:
        """Hear who waits at our place, and who comes. What an update sets going must be able to begin by now."""
        app = web.Application(client_max_size=LARGEST_UPDATE)
        app.router.add_post(urlsplit(self._place.url).path or "/", self._hear)
        # Without lingering: aiohttp would go on reading, for ten seconds, the body of whom we have refused.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0, keepalive_timeout=75.0, lingering_time=0.0)
        await self._runner.setup()
        at, self._socket = self._socket, None
        assert at is not None
        self._server = await asyncio.get_running_loop().create_server(self._connected, sock=at, backlog=IN_HAND_AT_MOST)

    async def close(self) -> None:
        """Hear nothing more; what is being stored is stored first."""
        at, self._socket = self._socket, None
        if at is not None:
            at.close()
        server, self._server = self._server, None
        if server is not None:
            server.close()
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    def _connected(self) -> asyncio.BaseProtocol:
        """Whoever connects. Too many are hung up on, and so is who asks for nothing."""
        server = self._runner.server if self._runner else None
        if server is None or len(server.connections) >= CONNECTIONS_AT_MOST:
            return _HangsUp()
        made = server()
        self._silent.add(made)
        asyncio.get_running_loop().call_later(HEAD_WITHIN_SECONDS, self._hang_up_on_who_is_silent, made)
        return made

    def _hang_up_on_who_is_silent(self, protocol: RequestHandler) -> None:
        if protocol in self._silent:
            self._silent.discard(protocol)
            protocol.force_close()

    async def see_to_it(self) -> bool:
        """Tell Telegram where we are, and look whether it reaches us. The leader's turn."""
        try:
            bot = await self._bot()
            info = await bot.get_webhook_info()
            if not self._is_told or info.url != self._place.url:
                await self._tell(bot)
                info = await bot.get_webhook_info()
        except TelegramError as error:
            raise trouble_of(error) from None
        failed_at = info.last_error_date
        if info.pending_update_count and failed_at is not None and self._now() - failed_at < FAILED_WITHIN:
            raise DoorTrouble("telegram cannot reach the webhook")
        return False

    async def _tell(self, bot: Bot) -> None:
        """What waits is not dropped: it was written to us."""
        place = self._place
        await bot.set_webhook(
            place.url, secret_token=place.secret, allowed_updates=list(KINDS), max_connections=AT_ONCE, drop_pending_updates=False
        )
        self._is_told = True
        logger.info("webhook set")

    async def _hear(self, request: web.Request) -> web.Response:
        self._silent.discard(request.protocol)
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._place.secret.encode()):
            return _refused(request, 403)
        if (request.content_length or 0) > LARGEST_UPDATE:
            return _refused(request, 413)
        if self._in_hand >= IN_HAND_AT_MOST:
            return _refused(request, 503)
        self._in_hand += 1
        try:
            return await self._take_in(request)
        finally:
            self._in_hand -= 1

    async def _take_in(self, request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(BODY_WITHIN_SECONDS):
                update = json.loads(await request.read())
        except web.HTTPRequestEntityTooLarge:
            return _refused(request, 413)
        except TimeoutError:
            return _refused(request, 408)
        except (ValueError, RecursionError):
            update = None
        if not isinstance(update, dict):
            logger.warning("webhook heard what is no update")
            return _refused(request, 400)
        waiting = _Waiting(update)
        self._waiting.append(waiting)
        async with self._storing:
            if waiting.is_stored is None:
                await self._store_some()
        if not waiting.is_stored:
            return web.Response(status=503, headers={"Retry-After": "5"})
        return _said_with_it(update)

    async def _store_some(self) -> None:
        """Store what waits, in Telegram's order, in one go; ours is among the first of it."""
        group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
        now = self._now()
        arrivals = [arrival_of(waiting.update, self._name, now) for waiting in group]
        arrivals.sort(key=lambda arrival: arrival.position)
        # Whatever goes wrong, every one of them must be told.
        [end] = await asyncio.gather(self._reception.admit(arrivals, now), return_exceptions=True)
        for waiting in group:
            waiting.is_stored = not isinstance(end, BaseException)
        if isinstance(end, BaseException):
            logger.error("webhook cannot store count=%d problem=%s", len(group), type(end).__name__)


class _HangsUp(asyncio.Protocol):
    """One connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


def _said_with_it(update: dict[str, Any]) -> web.Response:
    """200: it is stored. Telegram carries out one call that stands in the answer: the press arrived, or we leave the group."""
    if press := pressed(update):
        return web.json_response({"method": "answerCallbackQuery", "callback_query_id": press})
    if group := group_of(update):
        return web.json_response({"method": "leaveChat", "chat_id": group})
    return web.Response()


def _refused(request: web.Request, status: int) -> web.Response:
    """An answer to what is not heard; its body is not read, so the connection ends with it."""
    answer = web.Response(status=status)
    answer.force_close()
    if status == 403:
        logger.warning("webhook refused a wrong secret")
    return answer
