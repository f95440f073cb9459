"""What several tests of sending share."""

from collections.abc import AsyncIterator

import pytest

from bot.rehearsal.post_office import PostOffice
from notifications.senders import EmailSender
from notifications.wires import SmtpAccess, Tls


@pytest.fixture
async def post(post_office: PostOffice) -> AsyncIterator[EmailSender]:
    """A sender of mail before the rehearsal's mail server, which gives up after three seconds of silence."""
    sender = EmailSender(
        SmtpAccess("127.0.0.1", post_office.smtp_port, post_office.user, post_office.password, tls=Tls.NONE, timeout_seconds=3)
    )
    yield sender
    await sender.close()
