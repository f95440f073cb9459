"""How councils really get their mail: a relay that knows no plus-addressing, a mailbox that wants a token."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.access import oauth_access
from bot.settings import Auth, MailboxSettings, OAuthSettings, Provider, Settings, Tls
from notifications.wires.oauth import Grant, kept
from procedures.terms import Notice
from storage import heartbeats
from storage.tables import CaseRow
from tests.servers.sign_in import SignIn, refusal, signing_in
from tests.servers.xoauth2 import TokenPost, token_post
from tests.stories.letters import COUNCIL, answer_to, mail, text_of
from tests.stories.town import DUTY, Town

MUM = "r.green@family.example"


async def test_where_no_token_can_stand_in_the_address_an_answer_is_known_by_the_letter_that_it_answers(town: Town) -> None:
    town.council = replace(town.council, plus_addressing=False)
    await town.opens(chat=False)
    await town.gets(mail(MUM))
    await town.filed(1)
    reference = (await town.case(address=MUM)).reference
    receipt = town.letters_to(MUM)[0]

    await town.gets(answer_to(receipt, "They also lost his bicycle.", sender=MUM))
    await town.filed(2)
    await town.gets(answer_to(receipt, "status", sender=MUM, number=2))
    await town.filed(3)

    assert receipt["Reply-To"] is None
    assert str(receipt["From"]).endswith(f"<{COUNCIL}>")
    assert reference in text_of(receipt)
    assert re.search(rf"<[^>]+@{COUNCIL.partition('@')[2]}>", str(receipt["Message-ID"]))
    assert await town.count(CaseRow) == {"cases": 1}
    assert [row.notice for row in await town.sent(reference) if row.recipient == MUM] == [Notice.RECEIPT, Notice.STATUS]
    assert all("+c." not in str(letter) for letter in town.letters_to(MUM))
    assert "place_letter" not in await town.tasks()


@pytest.fixture
async def server() -> AsyncIterator[SignIn]:
    async with signing_in() as running:
        yield running


@pytest.fixture
async def post(server: SignIn) -> AsyncIterator[TokenPost]:
    async with token_post(COUNCIL, server.good_tokens) as running:
        yield running


def by_token(town: Town, server: SignIn, post: TokenPost, folder: Path) -> Settings:
    """The town's settings, but the mailbox is opened by a token. Somebody signed in; the token has an hour."""
    settings = replace(
        town.settings(chat=False),
        mailbox=MailboxSettings("127.0.0.1", COUNCIL, tls=Tls.NONE, port=post.imap_port, poll_seconds=0.1, auth=Auth.XOAUTH2),
        oauth=OAuthSettings(
            server.client_id,
            provider=Provider.OTHER,
            token_url=f"{server.url}/token",
            device_url=f"{server.url}/device",
            scope="mail",
            tokens=str(folder / "tokens.json"),
        ),
    )
    with kept(oauth_access(settings)) as keep:
        keep(Grant("access-0-not-to-be-logged", town.clock() + timedelta(hours=1), "refresh-0-not-to-be-logged"))
    server.good_tokens.add("access-0-not-to-be-logged")
    server.good_refresh.add("refresh-0-not-to-be-logged")
    return settings


async def test_a_sign_in_that_ends_is_told_to_the_duty_address_and_mended_by_login(
    town: Town, server: SignIn, post: TokenPost, tmp_path: Path
) -> None:
    """Elsewhere it took ten days to be noticed (hard-cases.md 20). Nothing is restarted, and nobody is besieged meanwhile."""
    settings = by_token(town, server, post, tmp_path)
    await town.opens(settings)
    asked_before = len(server.asked)
    server.says = lambda form: refusal("invalid_grant", 70008)
    await town.goes_on(hours=1)
    await town.log_says("loop hurt loop=mailbox", times=3)

    await town.goes_on(minutes=4)

    async def told() -> list[str]:
        return [text for letter in town.letters_to(DUTY) if "heard login" in (text := text_of(letter))]

    [words] = await town.until(told)
    assert "the sign-in has expired or was revoked" in words
    assert len(server.asked) == asked_before + 1

    server.says = lambda form: None
    with kept(oauth_access(settings)) as keep:
        keep(Grant("access-new-not-to-be-logged", town.clock() + timedelta(hours=1), "refresh-new"))
    server.good_tokens.add("access-new-not-to-be-logged")
    await town.log_says("loop well again loop=mailbox")
    async with town.memory.reading() as uow:
        assert [row.trouble for row in await heartbeats.every(uow) if row.loop == "mailbox"] == [""]
    assert not [line for line in town.log.lines if "not-to-be-logged" in line]
