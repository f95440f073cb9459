"""The alarm's two wires: a program of the council's on this machine, and a web address of the council's."""

import asyncio
import contextlib
import os
import signal
from dataclasses import dataclass, field

import httpx

from notifications.wires.errors import Ambiguous, Refused, Unreachable
from notifications.wires.ways import Proxy, is_private
from notifications.wires.web import client_for, trouble_of
from procedures.terms import AlarmForm

PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ")
"""What of our environment the program gets. Our secrets may stand in the rest."""
MAY_BE_ASKED_AGAIN = (408, 425, 429)


@dataclass(frozen=True)
class AlarmAccess:
    """Where an alarm rings. ValueError for a web address that others on the way could read."""

    command: tuple[str, ...] = ()
    """A program by its full path, and its arguments; no shell reads them."""
    webhook: str = field(default="", repr=False)
    """Its path is often all that keeps others from ringing: a secret."""
    form: AlarmForm = AlarmForm.EVENT
    """What the web address understands."""
    chat: str = ""
    """The number of the group, for a bot of Telegram's."""
    timeout_seconds: float = 20
    ca_file: str = ""
    proxy: Proxy | None = None

    def __post_init__(self) -> None:
        if self.webhook and not is_private(self.webhook):
            raise ValueError("the alarm's web address must begin with https://")


async def run_command(access: AlarmAccess, said: bytes) -> None:
    """Run the program with the event on its standard input. It was rung when the program ends with 0, and in time.

    What it prints goes nowhere. One that takes too long is ended, with all that it began.
    """
    try:
        program = await asyncio.create_subprocess_exec(
            *access.command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
            cwd="/",
            start_new_session=True,
        )
    except (OSError, ValueError):
        raise Unreachable("no program") from None
    try:
        async with asyncio.timeout(access.timeout_seconds):
            await program.communicate(said)
    except TimeoutError:
        raise Ambiguous("silent") from None
    finally:
        if program.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
            await program.wait()
    if program.returncode:
        raise Refused(program.returncode, permanent=False, at="alarm")


async def call_webhook(access: AlarmAccess, said: bytes) -> None:
    """POST what is said, as JSON. It was rung when the answer is 2xx; a redirect is not followed, since it may lead anywhere."""
    try:
        async with client_for(access.webhook, access.ca_file, access.proxy, access.timeout_seconds) as client:
            async with asyncio.timeout(access.timeout_seconds):
                answer = await client.post(access.webhook, content=said, headers={"content-type": "application/json"})
    except (httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError, TimeoutError):
        raise Ambiguous("silent") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise Unreachable(trouble_of(error, otherwise="no connection")) from None
    if not answer.is_success:
        is_over = answer.is_redirect or (answer.is_client_error and answer.status_code not in MAY_BE_ASKED_AGAIN)
        raise Refused(answer.status_code, permanent=is_over, at="alarm")
