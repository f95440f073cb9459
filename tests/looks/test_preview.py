"""`heard preview`: what a communications team is given to read and to sign off."""

import json
import re
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser
from typer.testing import CliRunner, Result

from bot.cli.every import app
from bot.preview.folder import write_preview
from bot.preview.samples import samples
from casework.council import Contacts, Council
from casework.reference import references_in
from procedures.terms import Notice
from templates.screens import screens
from tests.looks.opening import DESK, Screen, opened
from tests.looks.test_mails import TOO_WIDE, WCAG
from tests.mouth import samples as exhaustive

COUNCIL = Council(name="Westmere Council", service_name="Speak Up", contacts=Contacts(phone="01632 960 321"))

Heard = Callable[..., Result]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Heard:
    """The command line in an empty folder, without settings."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, list(words))


def test_every_notice_has_samples_with_the_facts_that_dispatch_gives_it() -> None:
    for notice in exhaustive.NOTICES:
        given = {frozenset(one.facts) for one in samples(notice)}
        assert given and given <= {frozenset(facts) for facts in exhaustive.of(notice)}, notice

    assert {one.notice for one in samples()} == set(Notice) - {Notice.SCREEN}
    assert len({one.name for one in samples()}) == len(samples())


def test_every_form_that_the_words_take_is_among_the_samples(tmp_path: Path) -> None:
    """Each sentence that the exhaustive samples can bring up is in some previewed mail."""
    write_preview(tmp_path, exhaustive.COUNCIL, "en")
    written = "\n".join(file.read_text("utf-8") for file in (tmp_path / "mails").glob("*.txt"))

    assert "Nothing stops until then" in written and "This was our last step." in written
    for state in exhaustive.STATES:
        assert (tmp_path / "mails" / f"status-{state.replace('_', '-')}.html").exists()


def test_a_council_reads_its_own_name_and_numbers(tmp_path: Path) -> None:
    write_preview(tmp_path, COUNCIL, "en")

    receipt = (tmp_path / "mails" / "receipt-to-a-young-person.txt").read_text("utf-8")
    assert receipt.startswith("Subject: We got your message (K7M-W92-RXHC)\n") and "Speak Up team\n01632 960 321" in receipt
    index = (tmp_path / "index.html").read_text("utf-8")
    assert "Speak Up (Westmere Council)" in index and "Needs sign-off by the safeguarding lead" in index


def test_every_reference_in_a_preview_holds_its_check(tmp_path: Path) -> None:
    write_preview(tmp_path, COUNCIL, "en")

    for file in (tmp_path / "mails").glob("*.txt"):
        named = set(re.findall(r"\b[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{4}\b", file.read_text("utf-8")))
        assert named == set(references_in(" ".join(named))), file.name


def test_the_letter_is_a_mail_with_both_readings(tmp_path: Path) -> None:
    write_preview(tmp_path, COUNCIL, "en", Notice.DIGEST)

    mail = message_from_bytes((tmp_path / "mails" / "digest-to-the-director.eml").read_bytes(), policy=default)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["Precedence"] == "bulk" and mail["From"] == "Speak Up <yoursay@council.example>"
    assert not (tmp_path / "chat.html").exists()


def test_every_screen_of_the_chat_is_on_its_page_with_its_buttons(tmp_path: Path) -> None:
    write_preview(tmp_path, COUNCIL, "en")

    page = (tmp_path / "chat.html").read_text("utf-8")
    english = screens("en")
    assert [name for name in english.screens if f"<h3>{name}</h3>" not in page] == []
    assert "<li>Something is wrong</li>" in page and "someone unknown, at night" in page


def test_the_command_writes_a_folder_and_sends_nothing(heard: Heard, tmp_path: Path) -> None:
    done = heard("preview", "receipt", "--out", "words", "--json")

    assert done.exit_code == 0 and "Nothing was sent." in done.stderr
    rows = json.loads(done.stdout)
    assert {row["notice"] for row in rows} == {"receipt"} and rows[0]["subject"] == "We got your message (K7M-W92-RXHC)"
    assert all((tmp_path / "words" / "mails" / f"{row['name']}.eml").exists() for row in rows)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["words"], "no database was made"


def test_a_notice_that_is_none_is_refused_with_those_that_there_are(heard: Heard, tmp_path: Path) -> None:
    asked = heard("preview", "postcard")

    assert asked.exit_code == 2 and "acknowledgement" in asked.output and list(tmp_path.iterdir()) == []
    assert heard("preview", "--language", "xx").exit_code == 2


@pytest.mark.prove
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("name", ["index.html", "chat.html"])
async def test_the_pages_can_be_read_by_everyone(browser: Browser, tmp_path: Path, name: str) -> None:
    write_preview(tmp_path, COUNCIL, "en")
    for screen in (DESK, Screen(320), Screen(390, scheme="dark")):
        async with opened(browser, screen) as page:
            await page.goto((tmp_path / name).as_uri())

            assert await page.evaluate(TOO_WIDE) == []
            options = {"runOnly": {"type": "tag", "values": WCAG}}
            found = await Axe().run(page, options=options)
            assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
