"""`python -m bot.rehearsal [--settings-out FILE]`: the Bot API, the mailbox and the mail server in a process of their own.

Prints one line of JSON once all listen: addresses, and the settings of the service as environment variables. Ends on SIGTERM.
"""

import argparse
import asyncio
import json
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.rehearsal.bot_api import BotApi
from bot.rehearsal.control import Control
from bot.rehearsal.post_office import PostOffice


def the_clock() -> datetime:
    """A program of its own asks the time itself; everything below it is given the time."""
    return datetime.now(UTC)


def settings(api: BotApi, office: PostOffice) -> dict[str, str]:
    """What the service needs to find this rehearsal, by the names of its environment variables."""
    given = {
        "TELEGRAM_TOKEN": api.token,
        "TELEGRAM_API_URL": api.url,
        "MAILBOX_HOST": "127.0.0.1",
        "MAILBOX_PORT": str(office.imap_port),
        "MAILBOX_USER": office.user,
        "MAILBOX_PASSWORD": office.password,
        "MAILBOX_TLS": "none",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(office.smtp_port),
        "SMTP_TLS": "none",
        "FROM_ADDRESS": office.council_address,
    }
    return {f"HEARD_{name}": value for name, value in given.items()}


async def serve(settings_out: Path | None) -> None:
    """Listen until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    api = BotApi(the_clock)
    async with PostOffice(the_clock) as office:
        await api.start(more_routes=Control(api, office).routes())
        try:
            told: dict[str, Any] = {
                "control_url": f"{api.url}/control",
                "council_address": office.council_address,
                "environment": settings(api, office),
            }
            tell(json.dumps(told), settings_out)
            await stop.wait()
        finally:
            await api.stop()


def tell(line: str, settings_out: Path | None) -> None:
    """Say where everything listens, in the file first: whoever reads the line can rely on it."""
    if settings_out:
        settings_out.write_text(line)
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m bot.rehearsal", description="Loopback doubles of every wire.")
    parser.add_argument("--settings-out", type=Path, metavar="FILE", help="also write the line of JSON here")
    asyncio.run(serve(parser.parse_args().settings_out))


if __name__ == "__main__":
    main()
