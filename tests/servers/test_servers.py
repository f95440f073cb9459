"""The servers that tests stand on do come up, and go."""

import base64
import json
import os
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.rehearsal.post_office import PostOffice
from tests.servers import free_port, missing
from tests.servers.dovecot import DovecotMailbox, program, running_dovecot
from tests.servers.postgres import Postgres

ROOT = Path(__file__).parents[2]


def test_a_free_port_is_one_that_no_connection_and_no_other_test_process_is_given() -> None:
    """The fault: a port of those that Linux hands to whoever connects was taken between the question and its use."""
    first_for_connections = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("ascii").split()[0])
    ours = free_port()

    another = f"import socket; socket.socket(socket.AF_UNIX).bind('\\0heard-test-port-{ours}')"
    said = subprocess.run([sys.executable, "-c", another], capture_output=True, text=True, check=False)

    assert ours < first_for_connections
    assert "Address already in use" in said.stderr


async def test_every_test_has_a_database_of_its_own(postgres: Postgres, postgres_url: str) -> None:
    await _asked(postgres_url, "create table seen (n int)")
    copy = postgres.create(template=postgres_url.rpartition("/")[2])

    assert await _asked(postgres.url(copy), "insert into seen values (1) returning n") == 1
    assert await _asked(postgres_url, "select count(*) from seen") == 0
    postgres.drop(copy)


async def test_a_letter_posted_to_the_council_lies_in_its_mailbox_with_the_clocks_date(post_office: PostOffice) -> None:
    uid = await post_office.deliver(b"Subject: x\r\n\r\nx\r\n", folder="Réclamations")

    assert await post_office.mailbox.uids("Réclamations") == [uid]
    assert post_office.is_the_councils("YourSay+c.token@anytown.example")
    assert not post_office.is_the_councils("yoursays@anytown.example")


def test_the_rehearsal_runs_in_a_process_of_its_own_and_is_driven_over_http(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "bot.rehearsal", "--settings-out", str(tmp_path / "settings.json")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stderr
        told = json.loads(process.stdout.readline())
        control = told["control_url"]

        assert told == json.loads((tmp_path / "settings.json").read_text())
        assert _post(f"{control}/says", chat=11, text="hello") == {"message_id": 1}
        assert _get(f"{control}/waiting") == {"updates": 1}
        assert "uid" in _post(f"{control}/letter", sender="sam@home.example", text="hello", subject="Ŵ")
        assert "uid" in _post(f"{control}/letter", raw=base64.b64encode(b"x: y\r\n\r\n").decode(), at="2026-07-01T09:00:00+00:00")
        assert _get(f"{control}/sent?chat=11") == []
        assert _get(f"{control}/letters") == []
        assert _get(f"{control}/calls?method=sendMessage") == []
        api, token = (told["environment"][f"HEARD_TELEGRAM_{name}"] for name in ("API_URL", "TOKEN"))
        assert _post(f"{api}/bot{token}/sendMessage", chat_id=11, text="We have it")["ok"]
        assert [shown["text"] for shown in _get(f"{control}/sent?chat=11")] == ["We have it"]
        process.terminate()
        assert process.wait(10) == 0
        assert process.stderr.read() == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="we are a plain user already, and every test of the mailbox shows it")
async def test_dovecot_comes_up_for_a_plain_user_too() -> None:
    if program() is None:
        missing("dovecot")
        pytest.skip("dovecot is not installed")

    with running_dovecot(as_user="nobody") as server:
        mailbox = DovecotMailbox(server, "sam")
        await mailbox.deliver(b"Subject: x\r\n\r\nx\r\n", at=datetime(2026, 7, 1, tzinfo=UTC))
        assert await mailbox.flags() == set()


async def _asked(url: str, question: str) -> Any:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        answer = await connection.execute(text(question))
        found = answer.scalar() if answer.returns_rows else None
    await engine.dispose()
    return found


def _get(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return json.loads(answer.read())


def _post(address: str, **given: Any) -> Any:
    request = urllib.request.Request(address, json.dumps(given).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())
