"""Drives a rehearsal from another process over HTTP, so that a test can kill the service and still know what was sent."""

import base64
import email.message
import email.utils
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from email import policy
from email.parser import BytesHeaderParser
from typing import Any

from aiohttp import web

from bot.rehearsal import errors
from bot.rehearsal.bot_api import BotApi
from bot.rehearsal.post_office import MailFault, PostedLetter, PostOffice

FAULTS: dict[str, Callable[[], errors.Fault]] = {
    "429": lambda: errors.too_many_requests(1),
    "403": errors.forbidden,
    "400": errors.bad_request,
    "500": errors.server_error,
    "dropped": errors.dropped,
    "dropped_after_accepting": errors.dropped_after_accepting,
    "silence": errors.silence,
    "silence_after_accepting": errors.silence_after_accepting,
}

Answer = dict[str, Any] | list[Any]


class Control:
    """Routes under /control/: POST takes a JSON object, GET takes a query, both answer JSON."""

    def __init__(self, api: BotApi, office: PostOffice) -> None:
        self._api = api
        self._office = office

    def routes(self) -> list[web.RouteDef]:
        posts: dict[str, Callable[[dict[str, Any]], Awaitable[Answer]]] = {
            "says": self._says,
            "presses": self._presses,
            "blocks": self._blocks,
            "unblocks": self._unblocks,
            "fault": self._fault,
            "mail_fault": self._mail_fault,
            "letter": self._letter,
            "renumber": self._renumber,
        }
        gets: dict[str, Callable[[dict[str, Any]], Awaitable[Answer]]] = {
            "sent": self._sent,
            "calls": self._calls,
            "waiting": self._waiting,
            "letters": self._letters,
        }
        return [web.post(f"/control/{name}", _posted(does)) for name, does in posts.items()] + [
            web.get(f"/control/{name}", _asked(does)) for name, does in gets.items()
        ]

    async def _says(self, given: dict[str, Any]) -> Answer:
        """`chat`, `text`, `name` if wanted."""
        return {"message_id": self._api.person(int(given["chat"]), given.get("name", "Sam")).says(given["text"])}

    async def _presses(self, given: dict[str, Any]) -> Answer:
        """`chat`, `label`."""
        return {"press": self._api.person(int(given["chat"])).presses(given["label"])}

    async def _blocks(self, given: dict[str, Any]) -> Answer:
        self._api.person(int(given["chat"])).blocks()
        return {}

    async def _unblocks(self, given: dict[str, Any]) -> Answer:
        self._api.person(int(given["chat"])).unblocks()
        return {}

    async def _fault(self, given: dict[str, Any]) -> Answer:
        """`fault`, a key of FAULTS; `count` and `method` if wanted."""
        fault = FAULTS[given["fault"]]()
        self._api.next_calls(fault, count=int(given.get("count", 1)), method=given.get("method", "sendMessage"))
        return {}

    async def _mail_fault(self, given: dict[str, Any]) -> Answer:
        """`fault`, a value of MailFault; `count` if wanted."""
        self._office.next_letters(MailFault(given["fault"]), int(given.get("count", 1)))
        return {}

    async def _letter(self, given: dict[str, Any]) -> Answer:
        """Into the council's mailbox: `raw` in base64, or `sender`, `subject`, `text`; `at` (ISO 8601, aware) if wanted."""
        at = datetime.fromisoformat(given["at"]) if "at" in given else None
        raw = base64.b64decode(given["raw"]) if "raw" in given else self._written(given)
        return {"uid": await self._office.deliver(raw, at=at)}

    def _written(self, given: dict[str, Any]) -> bytes:
        letter = email.message.EmailMessage()
        letter["From"], letter["To"] = given["sender"], self._office.council_address
        letter["Subject"] = given.get("subject", "")
        letter["Message-ID"] = given.get("message_id") or email.utils.make_msgid(domain="sender.example")
        letter.set_content(given["text"])
        return letter.as_bytes()

    async def _renumber(self, given: dict[str, Any]) -> Answer:
        await self._office.mailbox.renumber()
        return {}

    async def _sent(self, given: dict[str, Any]) -> Answer:
        """What the bot ever sent to `chat`, or to everybody: number, text, buttons, edited, deleted."""
        chats = [int(given["chat"])] if "chat" in given else list(self._api.chats.by_number)
        shown = [(chat, one) for chat in chats for one in self._api.ever_sent_to(chat)]
        fields = ("number", "text", "edited", "deleted", "silent")
        return [{"chat": chat, **{name: asdict(one)[name] for name in fields}, "buttons": one.labels()} for chat, one in shown]

    async def _calls(self, given: dict[str, Any]) -> Answer:
        """The parameters of every call of `method`."""
        return list(self._api.calls_of(given["method"]))

    async def _waiting(self, given: dict[str, Any]) -> Answer:
        """How many updates nobody confirmed yet."""
        return {"updates": self._api.updates.count()}

    async def _letters(self, given: dict[str, Any]) -> Answer:
        """The letters posted to `address`, or all; `brief` leaves out what is below their headers."""
        letters = self._office.letters_to(given["address"]) if "address" in given else self._office.posted
        return [_as_json(letter, whole="brief" not in given) for letter in letters]


def _as_json(letter: PostedLetter, *, whole: bool) -> dict[str, Any]:
    headers = BytesHeaderParser(policy=policy.default).parsebytes(letter.raw)  # of hundreds of letters, bodies take minutes
    names = ("Message-ID", "Subject", "Auto-Submitted", "In-Reply-To", "From", "To")
    return {
        "sender": letter.sender,
        "recipient": letter.recipient,
        "posted_at": letter.posted_at.isoformat(),
        "raw": base64.b64encode(letter.raw).decode() if whole else "",
        **{name.lower().replace("-", "_"): str(headers[name] or "") for name in names},
    }


def _posted(does: Callable[[dict[str, Any]], Awaitable[Answer]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        return await _answered(does, await request.json() if request.can_read_body else {})

    return answer


def _asked(does: Callable[[dict[str, Any]], Awaitable[Answer]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        return await _answered(does, dict(request.query))

    return answer


async def _answered(does: Callable[[dict[str, Any]], Awaitable[Answer]], given: dict[str, Any]) -> web.Response:
    try:
        return web.json_response(await does(given))
    except (KeyError, ValueError, LookupError) as mistake:
        return web.json_response({"mistake": repr(mistake)}, status=400)
