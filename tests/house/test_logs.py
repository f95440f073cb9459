"""The log holds what happened, and nothing of the people it happened to."""

import asyncio
import io
import json
import logging
import sys
import threading
from collections.abc import Iterator

import pytest

from bot import logs

TOKEN = "1234567890:AAH-abcdefghijklmnopqrstuvwxyz_0123"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """What `set_up` changes for the whole program, put back."""
    root, hook, speaks = logging.root, sys.excepthook, logging.raiseExceptions
    handlers, level = root.handlers[:], root.level
    libraries = {name: logging.getLogger(name).level for name in logs.QUIET}
    yield
    root.handlers[:], sys.excepthook, logging.raiseExceptions = handlers, hook, speaks
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    for name, before in libraries.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


def test_a_line_is_time_level_logger_and_event(stream: io.StringIO) -> None:
    logs.set_up("info", stream)

    logging.getLogger("bot.service").info("ready doors=%d ref=%s", 2, logs.short("YS-7K2M-9RXH4"))

    moment, rest = stream.getvalue().split(" ", 1)
    assert moment.endswith("Z")
    assert rest == "info bot.service ready doors=2 ref=…RXH4\n"


def test_as_json_every_value_stands_under_its_name(stream: io.StringIO) -> None:
    logs.set_up("info", stream, secrets=("opensesame",), as_json=True)

    logging.getLogger("bot.loops").warning(
        "loop hurt loop=%s failures=%d wait=%.1f problem=%s", "mailbox", 2, 1.26, "opensesame a@b.example"
    )
    logging.getLogger("bot").info("half of %s is said", "it")
    logging.getLogger("aiohttp").warning("Dear council")

    hurt, plain, library = (json.loads(line) for line in stream.getvalue().splitlines())
    assert hurt.pop("time").endswith("Z")
    assert hurt == {
        "level": "warning",
        "logger": "bot.loops",
        "event": "loop hurt",
        "loop": "mailbox",
        "failures": 2,
        "wait": 1.26,
        "problem": "[hidden] [hidden]",
    }
    assert plain["event"] == "half of it is said"
    assert (library["event"], library["at"][:18]) == ("library", "house/test_logs.py")
    assert "Dear" not in stream.getvalue()


def test_what_python_itself_would_print_is_told_without_its_words(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error in a thread, and one that nothing can catch."""
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    logs.set_up("info", stream)
    logs.speak_for_all()

    class Spoiled:
        def __del__(self) -> None:
            raise ValueError("Dear council")

    Spoiled()
    thread = threading.Thread(target=lambda: [][len("Dear Sir")])
    thread.start()
    thread.join()

    assert "error bot unraisable error=ValueError" in stream.getvalue()
    assert "error bot uncaught in thread error=IndexError" in stream.getvalue()
    assert "Dear" not in stream.getvalue()


def test_an_exception_is_its_kind_and_place_without_its_words(stream: io.StringIO) -> None:
    logs.set_up("info", stream)

    try:
        try:
            raise KeyError("mum@example.org said")
        except KeyError as first:
            raise RuntimeError("Dear Ms Smith") from first
    except RuntimeError:
        logging.getLogger("intake.reception").exception("not admitted")

    line = stream.getvalue()
    assert "error=RuntimeError at house/test_logs.py:" in line
    assert "< KeyError at house/test_logs.py:" in line
    assert not any(word in line for word in ("mum", "Smith", "Dear"))
    assert line.count("\n") == 1


def test_each_error_of_a_group_is_told(stream: io.StringIO) -> None:
    logs.set_up("info", stream)

    logging.getLogger("bot").error("stopped", exc_info=ExceptionGroup("words", [ValueError("a"), TypeError("b")]))

    assert "error=ExceptionGroup at nowhere < of ValueError at nowhere and TypeError at nowhere" in stream.getvalue()


@pytest.mark.parametrize(
    "secret",
    [
        TOKEN,
        f"https://api/bot{TOKEN}/getMe",
        "postgresql://heard:swordfish@db/heard",
        "child.person@school.example",
        "opensesame",
    ],
)
def test_secrets_and_addresses_are_hidden_wherever_they_stand(stream: io.StringIO, secret: str) -> None:
    logs.set_up("debug", stream, secrets=("opensesame",))

    logging.getLogger("bot").warning("something went wrong with %s", secret)
    logging.getLogger("bot").warning(f"it went wrong with {secret}")

    assert not any(word in stream.getvalue() for word in ("AAH", "swordfish", "child.person", "opensesame"))
    assert stream.getvalue().count("[hidden]") == 2


def test_libraries_are_held_at_warnings_even_at_debug(stream: io.StringIO) -> None:
    logging.getLogger("httpx").setLevel(logging.DEBUG)
    logging.getLogger("aioimaplib.aioimaplib").setLevel(logging.DEBUG)
    logging.getLogger("aioimaplib.aioimaplib").addHandler(logging.StreamHandler(stream))

    logs.set_up("debug", stream)
    for name in (*logs.QUIET, "aioimaplib.aioimaplib", "telegram.Bot"):
        logging.getLogger(name).info("HTTP Request: POST https://api/bot%s", TOKEN)
        logging.getLogger(name).debug("Dear council")

    assert stream.getvalue() == ""


def test_a_warning_of_a_library_is_told_without_its_words(stream: io.StringIO) -> None:
    logs.set_up("info", stream)

    logging.getLogger("aioimaplib").warning("unexpected line: %s", "* 1 FETCH Dear council")

    assert "warning aioimaplib library at=house/test_logs.py:" in stream.getvalue()
    assert "Dear council" not in stream.getvalue()


def test_nobody_can_write_a_line_of_their_own(stream: io.StringIO) -> None:
    logs.set_up("info", stream)

    logging.getLogger("bot").info("folder=%s", "INBOX\n2026-01-01T00:00:00Z info bot all is well\x1b[2J")

    assert stream.getvalue().count("\n") == 1
    assert r"INBOX\n2026" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_a_line_that_cannot_be_formatted_prints_no_arguments(stream: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("info", stream)

    logging.getLogger("bot").info("n=%d", "Dear council")

    assert "Dear" not in stream.getvalue() + capsys.readouterr().err


def test_what_ends_the_program_is_told_without_its_words(stream: io.StringIO) -> None:
    logs.set_up("info", stream)

    error = ValueError("Dear council")
    sys.excepthook(ValueError, error, None)

    assert stream.getvalue().endswith("critical bot uncaught error=ValueError at nowhere\n")


async def test_what_no_task_took_is_told_without_its_words(stream: io.StringIO) -> None:
    logs.set_up("info", stream)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(logs.uncaught_in_loop)

    loop.call_exception_handler({"message": "Dear council", "exception": ValueError("Dear Sir")})

    assert "error bot uncaught in loop error=ValueError at nowhere" in stream.getvalue()
    assert "Dear" not in stream.getvalue()
