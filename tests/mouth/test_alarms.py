"""An alarm is handed to a real program and a real web server, and each way that can fail comes out as one of three errors."""

import asyncio
import json
import os
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from casework.council import Council
from notifications import staff_chat
from notifications.alarms import AlarmSender
from notifications.rendering import render
from notifications.senders import MayHaveArrived, Outgoing, Sent, TryLater, Undeliverable
from notifications.wires.alarm import AlarmAccess
from procedures.terms import AlarmForm, AlarmRoute, Channel, Notice
from tests.servers import free_port

NOW = datetime(2026, 7, 1, 23, 10, tzinfo=UTC)
FACTS = {"id": "0a1b2c3d4e5f", "what": "harm", "reference": "YS-7K2M-9RXH4", "at": NOW.isoformat(), "again": 0}
SAID = {"service": "Your Say", "environment": "test", "kind": "safety_alert"} | FACTS


def outgoing(route: str) -> Outgoing:
    rendered = render(Notice.SAFETY_ALERT, Channel.ALARM, "en", FACTS, Council(environment="test"))
    return Outgoing(Notice.SAFETY_ALERT, Channel.ALARM, route, rendered, NOW)


def program(folder: Path, *lines: str) -> AlarmAccess:
    """A program of the council's; the first argument is its folder."""
    file = folder / "ring duty"
    file.write_text("\n".join(["#!/bin/sh", 'cd "$1" || exit 9', *lines]) + "\n")
    file.chmod(stat.S_IRWXU)
    return AlarmAccess((str(file), str(folder), "; touch hacked"), timeout_seconds=5)


async def ring(access: AlarmAccess, route: str = AlarmRoute.COMMAND) -> Sent:
    return await AlarmSender(access).send(outgoing(route))


async def test_the_program_gets_the_event_on_its_standard_input_and_no_shell_reads_its_arguments(tmp_path: Path) -> None:
    await ring(program(tmp_path, "cat > heard.json", 'printf %s "$2" > second'))

    assert json.loads((tmp_path / "heard.json").read_text()) == SAID
    assert (tmp_path / "second").read_text() == "; touch hacked"
    assert not (tmp_path / "hacked").exists()


async def test_the_program_is_not_given_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARD_TELEGRAM_TOKEN", "123:swordfish")

    await ring(program(tmp_path, "env > env"))

    assert "swordfish" not in (tmp_path / "env").read_text()
    assert f"PATH={os.environ['PATH']}" in (tmp_path / "env").read_text()


async def test_a_program_that_says_no_is_asked_again(tmp_path: Path) -> None:
    with pytest.raises(TryLater) as caught:
        await ring(program(tmp_path, "exit 3"))

    assert "3" in caught.value.reason


async def test_a_program_that_reads_nothing_and_ends_well_has_rung(tmp_path: Path) -> None:
    sent = await ring(program(tmp_path, "touch rang; exit 0"))

    assert sent == Sent() and (tmp_path / "rang").exists()


async def test_a_program_that_is_not_there_is_tried_later(tmp_path: Path) -> None:
    with pytest.raises(TryLater) as caught:
        await ring(AlarmAccess((str(tmp_path / "none"),)))

    assert "no program" in caught.value.reason


async def test_a_program_that_does_not_end_is_ended_with_all_that_it_began(tmp_path: Path) -> None:
    slow = AlarmAccess(program(tmp_path, "sleep 600 & echo $! > child", "wait").command, timeout_seconds=5)

    with pytest.raises(MayHaveArrived):
        await ring(slow)

    child = int((tmp_path / "child").read_text())
    async with asyncio.timeout(60):
        while _is_alive(child):  # noqa: ASYNC110 - another process tells nobody that it ended
            await asyncio.sleep(0.02)


def _is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


async def test_what_the_program_began_and_left_behind_may_go_on(tmp_path: Path) -> None:
    """A script may hand the ringing to a process of its own and leave."""
    await ring(program(tmp_path, "(until test -e let_go; do sleep 0.01; done; touch rang) &"))
    rang_before = (tmp_path / "rang").exists()
    (tmp_path / "let_go").touch()

    assert not rang_before, "nobody waited for it"
    async with asyncio.timeout(60):
        while not (tmp_path / "rang").exists():  # noqa: ASYNC110 - another process tells nobody what it did
            await asyncio.sleep(0.02)


class Pager:
    """A web server of the council's that answers as it is told."""

    def __init__(self) -> None:
        self.status = 204
        self.hangs = False
        self.heard: list[object] = []
        self.url = ""
        self._go_on = asyncio.Event()

    async def ring(self, request: web.Request) -> web.Response:
        self.heard.append(await request.json())
        if self.hangs:
            await self._go_on.wait()
        return web.Response(status=self.status, headers={"location": "/elsewhere"} if self.status == 302 else {})

    def goes_on(self) -> None:
        self._go_on.set()


@pytest.fixture
async def pager() -> AsyncIterator[Pager]:
    pager, app = Pager(), web.Application()
    app.router.add_post("/ring/{key}", pager.ring)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    pager.url = f"http://127.0.0.1:{port}/ring/opensesame"
    yield pager
    pager.goes_on()
    await runner.cleanup()


async def test_the_web_address_gets_the_event_as_json(pager: Pager) -> None:
    await ring(AlarmAccess(webhook=pager.url), AlarmRoute.WEBHOOK)

    assert pager.heard == [SAID]


@pytest.mark.parametrize("status", [500, 503, 429, 408])
async def test_what_may_be_mended_by_itself_is_tried_later(pager: Pager, status: int) -> None:
    pager.status = status

    with pytest.raises(TryLater) as caught:
        await ring(AlarmAccess(webhook=pager.url), AlarmRoute.WEBHOOK)

    assert str(status) in caught.value.reason


@pytest.mark.parametrize("status", [302, 401, 404, 410])
async def test_what_only_a_person_mends_is_given_up_loudly(pager: Pager, status: int) -> None:
    """A redirect is not followed: it may lead out of the council."""
    pager.status = status

    with pytest.raises(Undeliverable) as caught:
        await ring(AlarmAccess(webhook=pager.url), AlarmRoute.WEBHOOK)

    assert str(status) in caught.value.reason


async def test_an_answer_that_never_comes_may_have_rung(pager: Pager) -> None:
    pager.hangs = True

    with pytest.raises(MayHaveArrived):
        await ring(AlarmAccess(webhook=pager.url, timeout_seconds=0.3), AlarmRoute.WEBHOOK)


async def test_nobody_at_the_address_is_tried_later() -> None:
    with pytest.raises(TryLater):
        await ring(AlarmAccess(webhook=f"http://127.0.0.1:{free_port()}/ring"), AlarmRoute.WEBHOOK)


async def test_a_route_that_is_not_set_up_any_more_is_given_up(pager: Pager) -> None:
    with pytest.raises(Undeliverable) as caught:
        await ring(AlarmAccess(webhook=pager.url), AlarmRoute.COMMAND)

    assert "not set up" in caught.value.reason


def test_the_address_is_a_secret_and_never_goes_in_clear() -> None:
    with pytest.raises(ValueError, match="https"):
        AlarmAccess(webhook="http://pager.anytown.gov.uk/ring/opensesame")
    assert "opensesame" not in repr(AlarmAccess(webhook="https://pager.anytown.gov.uk/ring/opensesame"))


async def said_in(pager: Pager, form: AlarmForm, chat: str = "") -> Any:
    await ring(AlarmAccess(webhook=pager.url, form=form, chat=chat), AlarmRoute.WEBHOOK)
    return pager.heard[-1]


async def test_a_chat_of_the_staffs_reads_what_happened_and_what_to_do(pager: Pager) -> None:
    text = (await said_in(pager, AlarmForm.CHAT))["text"]

    assert text.splitlines()[0].startswith("[test] Your Say: a safety alert.")
    assert "heard alert take YS-7K2M-9RXH4" in text
    assert str(SAID["id"]) in text
    assert "harm" not in text, "a locked screen shows it"


async def test_teams_gets_a_card_and_telegram_its_group(pager: Pager) -> None:
    text = (await said_in(pager, AlarmForm.CHAT))["text"]
    [card] = (await said_in(pager, AlarmForm.TEAMS))["attachments"]
    telegram = await said_in(pager, AlarmForm.TELEGRAM, "-1001")

    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert [block["text"] for block in card["content"]["body"]] == [line for line in text.splitlines() if line]
    assert (telegram["chat_id"], telegram["text"]) == ("-1001", text)


@pytest.mark.parametrize(
    "what", ["door_silent", "unsent", "gave_up", "alert_gave_up", "loop_fails", "disk_low", "memory_away", "something_new"]
)
def test_every_trouble_is_said_in_a_sentence(what: str) -> None:
    event = json.dumps({**SAID, "kind": "trouble", "what": what, "reference": ""}).encode()

    text = json.loads(staff_chat.body(AlarmForm.CHAT, event, ""))["text"]

    assert ("something needs a person" in text) == (what == "something_new")
    assert text.endswith("Look: heard health")
    assert what not in text
