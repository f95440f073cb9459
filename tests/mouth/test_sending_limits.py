"""A provider's daily limit puts letters off, closes nobody's route, and holds staff's bundles back before people's letters."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from notifications.senders import EmailSender, TryLater, Undeliverable
from notifications.wires import SmtpAccess, Tls
from procedures.terms import Channel, Notice
from tests.mouth.test_senders import outgoing


@dataclass
class Limited:
    """A mail server that says this to each recipient, until it says nothing against them."""

    says: str
    recipients: list[str] = field(default_factory=list)
    port: int = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx ready\r\n")
        while line := (await reader.readline()).decode().strip():
            if line.upper().startswith("RCPT"):
                self.recipients.append(line)
            answer = self.says if line.upper().startswith("RCPT") and self.says else "250 fine"
            if line.upper() == "DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
            writer.write(answer.encode() + b"\r\n")
            if line.upper() == "QUIT":
                break
        writer.close()


@asynccontextmanager
async def limited(says: str) -> AsyncIterator[tuple[Limited, EmailSender]]:
    provider = Limited(says)
    server = await asyncio.start_server(provider.talk, "127.0.0.1", 0)
    sender = EmailSender(SmtpAccess("127.0.0.1", server.sockets[0].getsockname()[1], tls=Tls.NONE, timeout_seconds=5))
    try:
        yield provider, sender
    finally:
        await sender.close()
        server.close()


@pytest.mark.parametrize(
    "says",
    [
        "550 5.4.5 Daily user sending limit exceeded",
        "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients",
        "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException",
        "550 5.7.233 tenant exceeded its rate",
    ],
)
async def test_a_limit_for_a_day_is_no_fault_of_the_recipient(says: str) -> None:
    async with limited(says) as (_, sender):
        with pytest.raises(TryLater):
            await sender.send(outgoing(Notice.RECEIPT, Channel.EMAIL))


@pytest.mark.parametrize("says", ["550 5.1.1 no such user", "550 5.7.1 refused by policy", "552 5.3.4 over the size limit"])
async def test_another_no_for_good_is_still_one(says: str) -> None:
    async with limited(says) as (_, sender):
        with pytest.raises(Undeliverable):
            await sender.send(outgoing(Notice.RECEIPT, Channel.EMAIL))


async def test_once_a_limit_was_met_a_digest_waits_and_a_receipt_is_tried() -> None:
    async with limited("550 5.4.5 Daily user sending limit exceeded") as (provider, sender):
        with pytest.raises(TryLater):
            await sender.send(outgoing(Notice.RECEIPT, Channel.EMAIL))
        provider.says = ""
        with pytest.raises(TryLater):
            await sender.send(replace(outgoing(Notice.RECEIPT, Channel.EMAIL), notice=Notice.DIGEST))
        await sender.send(outgoing(Notice.RECEIPT, Channel.EMAIL))

    assert len(provider.recipients) == 2
