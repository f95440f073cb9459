"""The kinds of value that a setting can have: what is wanted, an example, and how it is read from text or TOML."""

import ipaddress
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from casework.council import StaffRole
from procedures.own_numbers import OwnNumber, read_own_number
from procedures.working_days import read_calendars

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
ADDRESS = re.compile(
    r"[^\s@<>,;:\"()\[\]\\]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
)
HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?")
RESERVED = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)$", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    """A kind of value. `read` raises ValueError for anything that is not wanted."""

    wanted: str
    example: str
    read: Callable[[Any], Any]


def text(given: Any) -> str:
    """Some text, without the blanks around it. A line break or another control character is refused: values go into headers."""
    if not isinstance(given, str) or not given.strip() or not given.strip().isprintable():
        raise ValueError("not a line of text")
    return given.strip()


def telephone(given: Any) -> str:
    """A number as people read it, with three digits or more: somebody in danger may ring it."""
    if sum(character.isdecimal() for character in text(given)) < len("999"):
        raise ValueError("not a telephone number")
    return text(given)


def whole(least: int, most: int) -> Callable[[Any], int]:
    """Reads a whole number in a range that includes both ends."""

    def read(given: Any) -> int:
        if not re.fullmatch(r"\s*[0-9]{1,9}\s*", str(given)):
            raise ValueError("not a whole number")
        if not least <= (number := int(given)) <= most:
            raise ValueError("out of range")
        return number

    return read


def seconds(least: float, most: float) -> Callable[[Any], float]:
    """Reads a number of seconds in a range that includes both ends."""

    def read(given: Any) -> float:
        if not re.fullmatch(r"\s*[0-9]{1,9}(?:\.[0-9]{1,6})?\s*", str(given)):
            raise ValueError("not a number")
        if not least <= (number := float(given)) <= most:
            raise ValueError("out of range")
        return number

    return read


def time_of_day(given: Any) -> time:
    """An hour and a minute, as London clocks show them."""
    if isinstance(given, time):
        return given
    if not isinstance(given, str) or not re.fullmatch(r"\s*[0-9]{2}:[0-9]{2}\s*", given):
        raise ValueError("not a time")
    return time.fromisoformat(given.strip())


def day(given: Any) -> date:
    """A date of the calendar."""
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    if not isinstance(given, str) or not re.fullmatch(r"\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*", given):
        raise ValueError("not a date")
    return date.fromisoformat(given.strip())


def days(given: Any) -> tuple[date, ...]:
    """Several dates: a list, or one line with commas."""
    items = given if isinstance(given, list) else text(given).split(",")
    return tuple(sorted({day(item) for item in items}))


def own_clocks(given: Any) -> tuple[tuple[str, str, OwnNumber], ...]:
    """The council's own periods: `corporate.s1_response = 20 + 10 from received`, in a list or in one line with commas."""
    items = given if isinstance(given, list) else text(given).split(",")
    found = []
    for item in items:
        parts = re.fullmatch(r"\s*([a-z_]+)\.([a-z0-9_]+)\s*=\s*(.+)", text(item))
        if not parts:
            raise ValueError("not a clock and its period")
        found.append((parts[1], parts[2], read_own_number(parts[3])))
    return tuple(found)


def weekday(given: Any) -> int:
    """A day of the week by its name; 0 is Monday."""
    return WEEKDAYS.index(text(given).lower())


def address(given: Any) -> str:
    """One bare address, without a name before it."""
    if not ADDRESS.fullmatch(found := text(given)):
        raise ValueError("not an address")
    return found


def several(read: Callable[[Any], str]) -> Callable[[Any], tuple[str, ...]]:
    """Reads a list, or one line with commas."""

    def read_all(given: Any) -> tuple[str, ...]:
        items = given if isinstance(given, list) else text(given).split(",")
        return tuple(dict.fromkeys(read(item) for item in items))

    return read_all


def socket_or_port(given: Any) -> str:
    """The path of a socket of this machine, or a server's name and port."""
    said = text(given)
    name, colon, port = said.rpartition(":")
    if not said.startswith("/"):
        if not colon:
            raise ValueError("neither a path nor a host and port")
        host(name)
        whole(1, 65535)(port)
    return said


def host(given: Any) -> str:
    """The name or number of a machine, without a port."""
    found = text(given)
    try:
        return str(ipaddress.ip_address(found.strip("[]")))
    except ValueError:
        if not HOST.fullmatch(found) or ".." in found:
            raise
        return found


def is_loopback(name: str) -> bool:
    """Whether the host is this machine, so that nothing goes over a wire."""
    if name.rstrip(".").lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def is_example(an_address: str) -> bool:
    """Whether the address lies in a domain that is only for examples and tests (RFC 2606, RFC 6761)."""
    return bool(RESERVED.search(an_address.rpartition("@")[2]))


def api_url(given: Any) -> str:
    """The address of a Bot API: https, or http on this machine."""
    found = text(given).rstrip("/")
    parts = re.fullmatch(r"(https?)://(\[[0-9a-fA-F:]+\]|[^/:@?#\s]+)(?::[0-9]{1,5})?(?:/[^?#\s]*)?", found)
    if not parts or (parts[1] == "http" and not is_loopback(parts[2])):
        raise ValueError("not an address of a Bot API")
    return found


def private_url(given: Any) -> str:
    """The address of a sign-in server, with a query perhaps: https, or http on this machine."""
    found = text(given)
    parts = re.fullmatch(r"(https?)://(\[[0-9a-fA-F:]+\]|[^/:@?#\s]+)(?::[0-9]{1,5})?(?:[/?][^#\s]*)?", found)
    if not parts or (parts[1] == "http" and not is_loopback(parts[2])):
        raise ValueError("not an address that only its server can read")
    return found


def chat_number(given: Any) -> str:
    """A chat of Telegram's: groups have a number below zero."""
    found = str(given) if isinstance(given, int) and not isinstance(given, bool) else text(given)
    if not re.fullmatch(r"-?[0-9]{1,20}", found):
        raise ValueError("not a chat's number")
    return found


def command(given: Any) -> tuple[str, ...]:
    """A program by its full path, and its arguments: a list, or one line as a shell would split it."""
    items = given if isinstance(given, list) else shlex.split(text(given))
    words = tuple(text(item) for item in items)
    if not words or not words[0].startswith("/"):
        raise ValueError("not a program by its full path")
    return words


def proxy(given: Any) -> str:
    """An HTTP or SOCKS5 proxy. Its user and password are settings of their own."""
    found = text(given).rstrip("/")
    if not re.fullmatch(r"(?:http|socks5)://(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}", found):
        raise ValueError("not a proxy")
    return found


def host_or_domain(given: Any) -> str:
    """A machine, or with a dot before it everything below a name."""
    found = text(given).lower()
    return f".{host(found[1:])}" if found.startswith(".") else host(found)


def yes_or_no(given: Any) -> bool:
    """True or false, as TOML writes it."""
    if isinstance(given, bool):
        return given
    return one_of("true", "false")(given) == "true"


def webhook_url(given: Any) -> str:
    """Where Telegram posts to: https with a path that nobody guesses, or http on this machine for a rehearsal."""
    found = api_url(given)
    if not re.fullmatch(r"https?://[^/]+/[A-Za-z0-9/_.~-]+", found):
        raise ValueError("no path, or one with other symbols")
    return found


def webhook_secret(given: Any) -> str:
    """What Telegram shows us: of the symbols that it allows, and too long to be guessed."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{24,256}", found := text(given)):
        raise ValueError("not a secret for a webhook")
    return found


def token(given: Any) -> str:
    """A bot's token. Its length is not checked: a rehearsal's is short."""
    if not re.fullmatch(r"[A-Za-z0-9_:-]{3,}", found := text(given)):
        raise ValueError("not a token")
    return found


def secret(given: Any) -> str:
    """A password as it is, blanks and all; only the line end of a file is cut."""
    if not isinstance(given, str) or not (found := given.rstrip("\r\n")) or not found.isprintable():
        raise ValueError("not a password")
    return found


SHORTEST_KEY = 32
"""Characters of a key: fewer could be tried."""


def erasure_key(given: Any) -> str:
    """What marks of what was erased are made with: long enough that nobody can try them all."""
    if len(found := secret(given)) < SHORTEST_KEY:
        raise ValueError("too short")
    return found


def one_of(*words: str) -> Callable[[Any], str]:
    """Reads one of these words."""

    def read(given: Any) -> str:
        if (found := text(given).lower()) not in words:
            raise ValueError("not one of the words")
        return found

    return read


def member(words: type[StrEnum]) -> Callable[[Any], StrEnum]:
    """Reads one of the words of an enumeration."""
    return lambda given: words(text(given).lower())


def nation(given: Any) -> str:
    """A nation whose bank holidays we know."""
    return one_of(*read_calendars())(given)


DATABASES = "sqlite:///FILE, sqlite+aiosqlite:///FILE, postgresql://USER@HOST/NAME or postgresql+asyncpg://USER@HOST/NAME"


def database_url(given: Any) -> str:
    """The URL with the async driver that we use. A database in memory is refused: nothing would be kept."""
    try:
        url = make_url(text(given))
    except (ArgumentError, ValueError):
        raise ValueError(f"This is not the URL of a database. Wanted {DATABASES}.") from None
    is_sqlite = url.drivername.startswith("sqlite")
    if url.drivername not in DRIVERS or not url.database:
        raise ValueError(f"This names no database that can be used. Wanted {DATABASES}.")
    if is_sqlite and (url.host or url.database.startswith((":memory:", "file:"))):
        raise ValueError("An SQLite database must be a file, such as sqlite:///heard.db: nothing else is kept.")
    return url.set(drivername=DRIVERS[url.drivername]).render_as_string(hide_password=False)


def holds_a_password(url: str) -> bool:
    """Whether a database URL carries a password, readable or not."""
    return bool(re.match(r"[^/]*//[^/@]*:[^/@]+@", url)) or "password=" in url


def without_password(url: str) -> str:
    """A database URL that may be shown."""
    return re.sub(r"//[^@]*@", "//…@", re.sub(r"(password=)[^&]*", r"\1…", url))


ANY_TEXT = Kind("a line of text", "Anytown Council", text)
LINES = Kind("lines of text in a list", '["Civic Centre", "1 High Street", "Anytown AN1 1AA"]', several(text))
ROLES = Kind("roles in a list", '["officer", "manager", "head_of_service"]', several(member(StaffRole)))
ADDRESS_KIND = Kind("an email address", "yoursay@anytown.gov.uk", address)
ADDRESSES = Kind("one or more email addresses", "duty@anytown.gov.uk, rota@anytown.gov.uk", several(address))
PHONE = Kind("a telephone number as people read it", "01632 960 000", telephone)
HOST_KIND = Kind("the name of a machine, without a port", "mail.anytown.gov.uk", host)
PORT = Kind("a port from 1 to 65535", "993", whole(1, 65535))
TIME = Kind("a time of day", "09:00", time_of_day)
DAY = Kind("a date", "2026-04-30", day)
WEEKDAY = Kind(f"a day of the week: {', '.join(WEEKDAYS)}", "monday", weekday)
NATION = Kind("a nation that the law book knows", "england", nation)
API_URL = Kind("an https address, or http on this machine", "https://api.telegram.org", api_url)
PRIVATE_URL = Kind("an https address, or http on this machine", "https://login.anytown.gov.uk/oauth2/token", private_url)
PROXY = Kind("http://HOST:PORT or socks5://HOST:PORT, without user and password", "http://proxy.anytown.gov.uk:3128", proxy)
DIRECT = Kind("machines, or domains with a dot before them", "mail.anytown.gov.uk, .internal", several(host_or_domain))
PAGE = Kind("the https address of a page", "https://www.anytown.gov.uk/complaints", private_url)
WEBHOOK = Kind("an https address, or http on this machine", "https://alarm.anytown.gov.uk/ring/0815", private_url)
COMMAND = Kind("a program by its full path, and its arguments, as a list", '["/usr/local/bin/ring", "duty"]', command)
YES_OR_NO = Kind("true or false", "true", yes_or_no)
TOKEN = Kind("the token that BotFather gave", "1234567890:the-rest-of-it", token)
WEBHOOK_URL = Kind("an https address with a path", "https://yoursay.anytown.gov.uk/telegram", webhook_url)
WEBHOOK_SECRET = Kind("24 to 256 letters, digits, _ and -", "3f9a8c0e5b7d2f4a6c8e0b1d", webhook_secret)
SECRET = Kind("the password, in one line", "correct-horse-battery-staple", secret)
ERASURE_KEY = Kind("a key of 32 characters or more, in one line", "the-output-of-openssl-rand-hex-32", erasure_key)
DATABASE = Kind(
    DATABASES,
    "sqlite:////var/lib/heard/heard.db",
    database_url,
)
LEVEL = Kind("how much to log: debug, info, warning or error", "info", one_of("debug", "info", "warning", "error"))
