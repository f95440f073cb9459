"""Whole stories in a process of its own, with everything at DEBUG: nothing that it prints anywhere holds a secret or a person."""

import base64
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.commands.hearing import OFFICER, PATIENCE_SECONDS, PROJECT, Heard
from tests.commands.serving import Rehearsal, until

CHAT = 70_987_654
NAME = "Persephone Quillfeather"
ADDRESS = "persephone.quillfeather@pomegranate.example"
TEXTS = (
    "My foster dad hits me every night and Zebedee Wobblebottom knows it. Ring 07700 900123.",
    "I want to complain: nobody visits my daughter Clementine at Marmalade House.",
    "Tangerine submarine, and the social worker never rings back. I am not happy.",
)
CANARIES = (
    *("Persephone", "Quillfeather", "pomegranate", "Zebedee", "Wobblebottom", "07700", "900123", "Clementine", "Marmalade"),
    *("Tangerine", "submarine", "zucchini.pdf", "Rhubarb", "Kumquat", str(CHAT), OFFICER, "duty@", "yoursay@", "opensesame"),
)
LOUD = """
import logging, sys, threading
from bot import logs

as_it_was = logs.set_up
def loud(*given, **more):
    as_it_was(*given, **more)
    for name in [None, *logging.root.manager.loggerDict]:
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.Logger.setLevel = lambda self, level: None  # no library turns itself down later
logs.set_up = loud

from bot.cli import main
sys.argv = ["heard", "run"]
main()
"""
"""`heard run` with every library at DEBUG: what keeps people out of the log must not hang on a level alone."""


def a_letter(number: int, text: str, *, broken: bool = False) -> str:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"{NAME} <{ADDRESS}>", "yoursay@anytown.example", f"Rhubarb {number}"
    mail["Message-ID"] = f"<Kumquat.{number}@pomegranate.example>"
    mail.set_content(text)
    mail.add_attachment(b"%PDF-1.4 Tangerine submarine", maintype="application", subtype="pdf", filename="zucchini.pdf")
    raw = mail.as_bytes()
    if broken:
        raw = raw.replace(b"Content-Type: multipart/mixed", b'Content-Type: multipart/mixed; charset="Clementine"; x*=Zebedee')
    return base64.b64encode(raw).decode()


@pytest.fixture(params=["text to stderr", "json to stdout"])
def noisy(request: pytest.FixtureRequest, heard_here: Heard, own_rehearsal: Rehearsal, tmp_path: Path) -> Heard:
    how, _, where = request.param.partition(" to ")
    heard_here.settings |= own_rehearsal.environment | {
        "HEARD_MAILBOX_POLL_SECONDS": "0.2",
        "HEARD_TELEGRAM_POLL_SECONDS": "1",
        "HEARD_OUTBOX_PAUSE_SECONDS": "0.2",
        "HEARD_LOG_LEVEL": "debug",
        "HEARD_LOG_FORMAT": how,
        "HEARD_LOG_TO": where,
        "HEARD_ALARMS_COMMAND": "/bin/false",
        "HEARD_ALARMS_WEBHOOK": "http://127.0.0.1:9/ring/opensesame",
        "PYTHONASYNCIODEBUG": "1",
    }
    return heard_here


def story(heard: Heard, own_rehearsal: Rehearsal) -> Callable[[], bool]:
    """Letters, a chat, files and failures of every wire; gives what is true once all of it is stored."""
    own_rehearsal.post("mail_fault", fault="silent", count=1)
    own_rehearsal.post("fault", fault="dropped_after_accepting", count=1)
    own_rehearsal.post("fault", fault="500", count=2, method="getUpdates")
    own_rehearsal.post("fault", fault="403", count=1)
    for number, text in enumerate(TEXTS):
        own_rehearsal.post("letter", raw=a_letter(number, text))
        own_rehearsal.post("says", chat=CHAT, text=text, name=NAME)
    own_rehearsal.post("letter", raw=a_letter(9, TEXTS[0], broken=True))
    own_rehearsal.post("letter", raw=base64.b64encode(b"From: " + b"\xff" * 40 + ADDRESS.encode() + b"\n\nTangerine").decode())

    def is_stored() -> bool:
        health = heard("health", "--json").json
        cases = heard("case", "list", "--json").json
        return len(cases) >= 3 and health["alerts"]["open"] >= 2

    return is_stored


def test_nothing_that_it_prints_holds_a_secret_or_a_person(noisy: Heard, own_rehearsal: Rehearsal, tmp_path: Path) -> None:
    out, err = tmp_path / "out", tmp_path / "err"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        service = subprocess.Popen(
            [sys.executable, "-X", "dev", "-X", "faulthandler", "-W", "always", "-c", LOUD],
            cwd=noisy.folder,
            env=noisy.environment | {"PYTHONPATH": str(PROJECT)},
            stdout=stdout,
            stderr=stderr,
        )
        try:
            log = out if noisy.settings["HEARD_LOG_TO"] == "stdout" else err
            until(lambda: "ready" in log.read_text())
            until(story(noisy, own_rehearsal))
            until(lambda: "outbox tries later" in log.read_text())
            service.send_signal(signal.SIGABRT)  # a crash: Python prints where every thread was
            service.wait(PATIENCE_SECONDS)
        finally:
            service.kill()
            service.wait(PATIENCE_SECONDS)

    printed = out.read_text() + err.read_text()
    assert "Fatal Python error: Aborted" in err.read_text()
    assert "library at=" in printed or '"library"' in printed, "no library was loud"
    references = [case["reference"] for case in noisy("case", "list", "--json").json]
    secrets = [own_rehearsal.environment["HEARD_MAILBOX_PASSWORD"], own_rehearsal.environment["HEARD_TELEGRAM_TOKEN"]]
    bare = own_rehearsal.environment["HEARD_TELEGRAM_TOKEN"].partition(":")[2]
    for canary in (*CANARIES, *secrets, bare, *references):
        assert canary not in printed, next(line for line in printed.splitlines() if canary in line)
    if noisy.settings["HEARD_LOG_TO"] == "stdout":
        for line in out.read_text().splitlines():
            assert {"time", "level", "logger", "event"} <= set(json.loads(line))
    else:
        assert out.read_text() == ""
