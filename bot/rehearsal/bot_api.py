"""A stand-in for Telegram's Bot API on loopback: a real HTTP server with true semantics, for rehearsals and tests.

Offsets confirm, long polls wait, a second poller gets 409, edits must change something, a blocked bot gets 403. `person()`
gives somebody who types, presses and blocks; `next_calls()` makes calls go wrong.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.rehearsal.chats import Chats, Group, Person, Shown
from bot.rehearsal.delivering import Deliveries
from bot.rehearsal.errors import ApiError, Fault, Trick
from bot.rehearsal.methods import Methods
from bot.rehearsal.updates import Json, Updates

TOKEN = "700000001:rehearsal-token-that-opens-nothing-else"  # noqa: S105  # a name or a stand-in, and no secret

LONGEST_POLL_SECONDS = 50


@dataclass(frozen=True)
class Call:
    """A call that the bot made."""

    method: str
    parameters: Json


@dataclass
class _Due:
    fault: Fault
    method: str
    left: int


class BotApi:
    """The server. `now` gives the moment that messages are stamped with."""

    def __init__(self, now: Callable[[], datetime], *, token: str = TOKEN, name: str = "Your Say") -> None:
        self.token = token
        number = int(token.split(":", maxsplit=1)[0])
        user: Json = {"id": number, "is_bot": True, "first_name": name, "username": "YourSayAnytownBot"}
        self.chats = Chats(now, user)
        self.methods = Methods(self.chats)
        self.calls: list[Call] = []
        """Every call but getUpdates, in order, those that went wrong too."""
        self.expired_links: set[str] = set()
        """Files whose link does not work any more."""
        self.url = ""
        self._people: dict[int, Person] = {}
        self._due: list[_Due] = []
        self._runner: web.AppRunner | None = None
        self.deliveries = Deliveries(self.updates, self._call)
        self._delivering: asyncio.Future[None] | None = None
        self._stopping = asyncio.Event()
        self._port = 0

    # the server

    async def start(self, *, more_routes: list[web.RouteDef] | None = None) -> None:
        """Listen on a free port of loopback; started again after `stop`, on the same port as before."""
        self._stopping = asyncio.Event()
        self.updates.is_open = True
        app = web.Application(client_max_size=60_000_000)
        app.add_routes(more_routes or [])
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._delivering = asyncio.ensure_future(self.deliveries.run(self._stopping))
        self._port = int(self._runner.addresses[0][1])
        self.url = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        self._stopping.set()
        self.updates.is_open = False
        self.updates.changes.tell()
        if self._delivering is not None:
            self._delivering.cancel()
            await asyncio.gather(self._delivering, return_exceptions=True)
            self._delivering = None
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> "BotApi":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # what a rehearsal does with it

    @property
    def updates(self) -> Updates:
        return self.chats.updates

    def person(self, chat_id: int, first_name: str = "Sam", **more: Any) -> Person:
        """The person of this private chat, always the same one for a number."""
        if chat_id not in self._people:
            self._people[chat_id] = Person(self.chats, chat_id, first_name, **more)
        return self._people[chat_id]

    def group(self, chat_id: int = -1001234567890, title: str = "Our flat") -> Group:
        return Group(self.chats, chat_id, title)

    def sent_to(self, chat_id: int) -> list[Shown]:
        """The bot's messages that this person sees now, oldest first."""
        return self.person(chat_id).sees()

    def ever_sent_to(self, chat_id: int) -> list[Shown]:
        """The same with those deleted since."""
        return list(self.person(chat_id).chat.by_bot.values())

    async def wait_for(self, chat_id: int, meant: Callable[[Shown], bool], seconds: float = 60) -> Shown:
        """Wait until this person sees a message that is meant; the newest such."""

        def look() -> Shown | None:
            return next((shown for shown in reversed(self.sent_to(chat_id)) if meant(shown)), None)

        return await self.updates.changes.until(look, seconds)

    async def wait_until(self, claim: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until a claim about this stand-in comes true."""
        await self.updates.changes.until(lambda: True if claim() else None, seconds)

    def next_calls(self, fault: Fault, *, count: int = 1, method: str = "sendMessage") -> None:
        """Let the next `count` calls of `method` ("" for every method but getUpdates) go wrong in this way."""
        self._due.append(_Due(fault, method.lower(), count))

    def calls_of(self, method: str) -> list[Json]:
        return [call.parameters for call in self.calls if call.method.lower() == method.lower()]

    # the wire

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            if request.match_info["token"] != self.token:
                raise ApiError(401, "Unauthorized")
            return await self._carry_out(request, request.match_info["method"])
        except ApiError as error:
            return web.json_response(error.as_json(), status=error.code)

    async def _carry_out(self, request: web.Request, method: str) -> web.StreamResponse:
        parameters = await _parameters(request)
        if method.lower() != "getupdates":
            self.calls.append(Call(method, parameters))
            self.updates.changes.tell()
        fault = self._fault_for(method.lower())
        if fault is None:
            return _ok(await self._do(method, parameters))
        if fault.error is not None:
            raise fault.error
        if fault.accepted:
            await self._do(method, parameters)
        if fault.trick is Trick.HANG:
            await self._stopping.wait()
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _call(self, method: str, parameters: Json) -> None:
        """A call that stood in a webhook's answer."""
        self.calls.append(Call(method, parameters))
        self.methods.do(method, parameters)

    async def _do(self, method: str, parameters: Json) -> Any:
        if method.lower() != "getupdates":
            return self.methods.do(method, parameters)
        return await self.updates.poll(
            int(parameters.get("offset") or 0),
            min(max(int(parameters.get("limit") or 100), 1), 100),
            min(float(parameters.get("timeout") or 0), LONGEST_POLL_SECONDS),
            parameters.get("allowed_updates"),
        )

    def _fault_for(self, method: str) -> Fault | None:
        for due in self._due:
            if due.left > 0 and (due.method == method or (due.method == "" and method != "getupdates")):
                due.left -= 1
                return due.fault
        return None

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return web.json_response(ApiError(401, "Unauthorized").as_json(), status=401)
        number = request.match_info["path"].removeprefix("files/")
        content = self.chats.files.get(number)
        if content is None or number in self.expired_links:
            return web.json_response(ApiError(404, "Not Found").as_json(), status=404)
        return web.Response(body=content)


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


async def _parameters(request: web.Request) -> Json:
    """Parameters as Telegram takes them: in the address, as a form or as JSON; structured ones as JSON inside a form."""
    given: Json = {name: _structured(name, value) for name, value in request.query.items()}
    if request.content_type == "application/json":
        body = await request.json()
        return given | {name: _plain(name, value) for name, value in body.items()} if isinstance(body, dict) else given
    form = await request.post()
    return given | {name: _structured(name, value) for name, value in form.items() if isinstance(value, str)}


STRUCTURED = frozenset({
    "reply_markup", "allowed_updates", "commands", "message_ids", "link_preview_options", "reply_parameters", "entities", "scope",
    "drop_pending_updates", "disable_notification", "protect_content", "show_alert", "menu_button", "rights",
})  # fmt: skip


def _plain(name: str, value: Any) -> Any:
    """A value of a JSON body as a form would have it: the same, whichever way it came."""
    is_number = isinstance(value, int | float) and name not in STRUCTURED
    return str(value) if is_number else value


def _structured(name: str, value: str) -> Any:
    if name not in STRUCTURED:
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError as mistake:
        raise ApiError(400, f"Bad Request: can't parse {name}") from mistake
