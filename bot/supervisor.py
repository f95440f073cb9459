"""What systemd is told: that we began, that we still turn, that we end (sd_notify(3)). Without systemd nothing is said."""

import asyncio
import contextlib
import os
import socket

from bot.loops import pause

ALIVE_EVERY_SECONDS = 20.0


def tell_supervisor(state: str) -> None:
    """Tell it one word, such as `READY=1`. A supervisor that does not listen is no trouble of ours."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.sendto(state.encode(), f"\0{address[1:]}" if address.startswith("@") else address)


async def stay_in_touch(stop: asyncio.Event) -> None:
    """Say that we began, and go on saying that we turn until the stop.

    Begun is what listens, not what has heard: a mail server that is away must not look like a service that does not start.
    """
    tell_supervisor("READY=1")
    while not stop.is_set():
        tell_supervisor("WATCHDOG=1")
        await pause(stop, ALIVE_EVERY_SECONDS)
    tell_supervisor("STOPPING=1")
