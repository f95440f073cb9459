"""What the service says of itself: one line an event, and never a name, an address or a word of what people wrote."""

import asyncio
import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

QUIET = (
    "aioimaplib",  # at DEBUG it prints whole letters, some lines at INFO
    "aiosmtpd",
    "aiosmtplib",
    "aiosqlite",  # prints every statement with its parameters
    "alembic",
    "asyncio",  # at DEBUG it prints the arguments of slow callbacks
    "httpcore",
    "httpx",  # at INFO it prints the bot's token in every URL
    "pymap",
    "sqlalchemy",
    "telegram",  # at DEBUG it prints whole updates
)
OURS = ("bot", "intake", "notifications", "reports", "casework", "storage", "procedures", "templates")
TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]{30,}")
PASSWORD_IN_URL = re.compile(r"(//[^/\s:@]*:)[^/\s@]+@")
ADDRESS = re.compile(r"[^\s@<>=,;:\"'()\[\]]+@[A-Za-z0-9][A-Za-z0-9.-]*")
HIDDEN = "[hidden]"
FIELD = re.compile(r" (\w+)=(%[-#0 +.0-9]*[a-zA-Z])")
"""How a line of ours names a value: an event, then key=value."""


def short(reference: str) -> str:
    """How a case is named in the log: the last four symbols of its reference."""
    return f"…{reference[-4:]}"


def where(error: BaseException) -> str:
    """The kind of an error, and the line of ours or of a library where it rose; then those that caused it.

    Its words are left out: they hold addresses, statements with their parameters, pieces of letters.
    """
    chain, seen = [], set[int]()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        chain.append(
            f"{type(link).__module__}.{type(link).__qualname__} at {place(link.__traceback__)}".removeprefix("builtins.")
        )
        if isinstance(link, BaseExceptionGroup):
            chain.append("of " + " and ".join(where(inner) for inner in link.exceptions))
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return " < ".join(chain)


def place(trace: TracebackType | None) -> str:
    """The last four steps to where an error rose, the deepest first, as file:line."""
    steps = traceback.extract_tb(trace)[-4:]
    return ", ".join(f"{'/'.join(step.filename.split('/')[-2:])}:{step.lineno}" for step in reversed(steps)) or "nowhere"


def library_line(record: logging.LogRecord) -> str:
    """Where a library spoke, not what it said: its warnings quote letters, and asyncio's the exception with its arguments."""
    return f"library at={'/'.join(record.pathname.split('/')[-2:])}:{record.lineno}"


class Lines(logging.Formatter):
    """One line: time in UTC, level, who says it, and the event. Hides secrets and addresses whatever happens."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self.secrets = tuple(secret for secret in secrets if len(secret) > 3)

    def format(self, record: logging.LogRecord) -> str:
        """The line. Line ends within it are shown as such, so that nobody can write a line of their own."""
        moment = moment_of(record)
        said = record.getMessage() if record.name.partition(".")[0] in OURS else library_line(record)
        if record.exc_info and record.exc_info[1]:
            said += f" error={where(record.exc_info[1])}"
        line = self.hidden(f"{moment} {record.levelname.lower()} {record.name} {said}")
        if line.isprintable():
            return line
        return "".join(symbol if symbol.isprintable() else repr(symbol)[1:-1] for symbol in line)

    def hidden(self, line: str) -> str:
        """The line without tokens, passwords and addresses."""
        for secret in self.secrets:
            line = line.replace(secret, HIDDEN)
        return ADDRESS.sub(HIDDEN, PASSWORD_IN_URL.sub(rf"\1{HIDDEN}@", TOKEN.sub(HIDDEN, line)))


class JsonLines(Lines):
    """The same as a JSON value a line, for a machine that collects logs: every value under its own name."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of ASCII, whatever is in it."""
        ours = record.name.partition(".")[0] in OURS
        event, values = fields_of(record) if ours else ("library", {"at": library_line(record).partition("=")[2]})
        if record.exc_info and record.exc_info[1]:
            values["error"] = where(record.exc_info[1])
        told = values | {
            "time": moment_of(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event,
        }
        return json.dumps({name: self.hidden(value) if isinstance(value, str) else value for name, value in told.items()})


def moment_of(record: logging.LogRecord) -> str:
    """When it was said, in UTC."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def fields_of(record: logging.LogRecord) -> tuple[str, dict[str, Any]]:
    """The constant event of a line of ours, and its values by their names; the whole line where it names none."""
    template, args = str(record.msg), record.args
    found = list(FIELD.finditer(template))
    named = "".join(match[0] for match in found)
    if not found or not isinstance(args, tuple) or len(args) != len(found) or not template.endswith(named):
        return record.getMessage(), {}
    values = {
        match[1]: value if isinstance(value, int | float) else match[2] % value for match, value in zip(found, args, strict=True)
    }
    return template.removesuffix(named), values


def set_up(level: str = "info", stream: TextIO | None = None, secrets: Iterable[str] = (), *, as_json: bool = False) -> None:
    """Let the service speak to `stream` (stderr if none is given), and nothing else to anywhere.

    Libraries are held at warnings: some print tokens and letters below that. An error that nobody
    caught is told without its words.
    """
    handler = logging.StreamHandler(sys.stderr if stream is None else stream)
    handler.setFormatter(JsonLines(secrets) if as_json else Lines(secrets))
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level.upper())
    for name in QUIET:
        library = logging.getLogger(name)
        library.handlers[:] = []
        library.setLevel(logging.WARNING)
    for name in list(logging.root.manager.loggerDict):  # their children may have been given levels of their own
        if name.partition(".")[0] in QUIET and "." in name:
            logging.getLogger(name).setLevel(logging.NOTSET)
            logging.getLogger(name).handlers[:] = []
    logging.raiseExceptions = False  # a line that cannot be formatted would be printed with its arguments
    logging.captureWarnings(capture=True)
    sys.excepthook = uncaught


def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Tell of an error that ends the program."""
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("bot").critical("uncaught error=%s", where(error.with_traceback(trace)))


def speak_for_all() -> None:
    """Tell of what Python itself would print with its words: errors of threads, and those that nothing can catch."""
    logger = logging.getLogger("bot")

    def in_a_thread(args: threading.ExceptHookArgs) -> None:
        logger.error("uncaught in thread error=%s", where(args.exc_value) if args.exc_value else "unknown")

    def unraisable(args: "sys.UnraisableHookArgs") -> None:
        logger.error("unraisable error=%s", where(args.exc_value) if args.exc_value else "unknown")

    threading.excepthook, sys.unraisablehook = in_a_thread, unraisable


def uncaught_in_loop(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """For `loop.set_exception_handler`: tell of an error that no task took. The context's own words hold arguments."""
    error = context.get("exception")
    logging.getLogger("bot").error("uncaught in loop error=%s", where(error) if error else "unknown")
