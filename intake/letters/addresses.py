"""Who is written in From, strictly; and where a reply token may stand, loosely (people-and-safety.md 6.2)."""

import re
from collections.abc import Iterator

from intake.letters import cleaning
from intake.letters.headers import Headers, charset_of, decoded
from procedures import domains

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
MESSAGE_ID = re.compile(r"<[^<>\s]{1,990}>")
TOKEN_IN_ADDRESS = re.compile(r"\+([bc])\.([A-Za-z0-9_-]{1,64})@", re.IGNORECASE)
"""The token of a letter of ours in an address: after c where people answer to, after b where bounces come back to."""
_TWICE_IN_BRACKETS = re.compile(r"<<([^<>]{1,320})>>(?=\s*\Z)")
_A_LINK = re.compile(r"(\A|<)\s{0,9}mailto:", re.IGNORECASE)
"""Forms and address books put their links there."""
_RECIPIENT_HEADERS = ("to", "cc", "delivered-to", "x-original-to")
MOST_RECIPIENTS = 100
MOST_REFERENCES = 50
NAME_LENGTH = 200


def with_lower_domain(address: str) -> str:
    """Return the address with its domain in lower case; the part before @ is the receiver's own business."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"


def sender(headers: Headers, charset: str = "") -> tuple[str, str]:
    """Return the one address in From and the name beside it; both may be empty. `charset` is the letter's own.

    Two different From headers, two addresses, a group, or anything that isn't an address give no address: such a letter is a case
    that needs a person, and nobody is answered.
    """
    froms = list(dict.fromkeys(headers.all("from")))
    if len(froms) != 1:
        return "", ""
    written = cleaning.line(cleaning.decode(froms[0], charset_of(froms[0], charset)))
    words, angled, comment, is_sound = _parsed(_A_LINK.sub(r"\1", _TWICE_IN_BRACKETS.sub(r"<\1>", written)))
    name = decoded((words if angled else comment).encode())[:NAME_LENGTH].strip(" \"'")
    specs = angled or [word for word in words.replace(",", " ").split() if "@" in word]
    has_more = _names_another(words, angled[0]) if angled else len(specs) != 1 or words.strip() != specs[0]
    if not is_sound or len(specs) != 1 or has_more:
        return "", name
    address = domains.as_servers_know_it(specs[0].strip())
    return (with_lower_domain(address) if _ADDRESS.fullmatch(address) else ""), name


def _names_another(words: str, address: str) -> bool:
    """Say whether an address stands beside the one in brackets that is not that one: many programs write it twice."""
    beside = words.strip(" '").lower()
    return "@" in beside and beside != address.strip().lower()


def _parsed(value: str) -> tuple[str, list[str], str, bool]:
    """Return the words outside brackets (quoted ones without any @), what's in <>, the comments, and whether all was closed."""
    words: list[str] = []
    comments: list[str] = []
    angled: list[str] = []
    is_sound = True
    for kind, text in _pieces(value):
        match kind:
            case '"':
                words.append(re.sub(r"\\(.)", r"\1", text).replace("@", " "))
            case "<":
                angled.append(text)
            case "(":
                comments.append(text)
            case "":
                is_sound = is_sound and not set(text) & set(";:>)\\")
                words.append(text)
            case _:
                is_sound = False
    return "".join(words).strip(), angled, " ".join(comments).strip(), is_sound


def _pieces(value: str) -> Iterator[tuple[str, str]]:
    """Yield each run of plain words, and what stands between quotation marks or brackets; stop at one that isn't closed."""
    at = 0
    while at < len(value):
        opening = value[at]
        if opening not in '"(<':
            end = next((index for index in range(at, len(value)) if value[index] in '"(<'), len(value))
            yield "", value[at:end]
            at = end
            continue
        end = value.find(">", at) if opening == "<" else _closing(value, at)
        if end < 0:
            yield "unclosed", value[at:]
            return
        yield opening, value[at + 1 : end]
        at = end + 1


def _closing(value: str, at: int) -> int:
    """Return where the quotation or the (nested) comment ends that begins here, or -1."""
    depth, skip = 0, False
    for index in range(at, len(value)):
        character = value[index]
        if skip:
            skip = False
        elif character == "\\":
            skip = True
        elif value[at] == '"':
            if character == '"' and index > at:
                return index
        else:
            depth += (character == "(") - (character == ")")
            if depth == 0:
                return index
    return -1


def recipients(headers: Headers) -> tuple[str, ...]:
    """Return the addresses of To, Cc, Delivered-To and X-Original-To, each once."""
    found: dict[str, None] = {}
    for name in _RECIPIENT_HEADERS:
        for value in headers.all(name):
            for match in _ADDRESS.finditer(cleaning.line(cleaning.decode(value))):
                found.setdefault(with_lower_domain(match[0]))
                if len(found) >= MOST_RECIPIENTS:
                    return tuple(found)
    return tuple(found)


def is_for_returned(headers: Headers) -> bool:
    """Say whether it came to an address that stands in no letter of ours but on its envelope: bounces come back there."""
    return any((found := TOKEN_IN_ADDRESS.search(each)) and found[1].lower() == "b" for each in recipients(headers))


def message_id(headers: Headers) -> str:
    """Return the Message-ID as it stands, brackets and all: `<[id]@host>` is one too."""
    return headers.plain("message-id")[:998]


def references(headers: Headers) -> tuple[str, ...]:
    """Return the ids of In-Reply-To, then of References from last to first, each once."""
    answered = [each for value in headers.all("in-reply-to") for each in _ids(value)]
    named = [each for value in headers.all("references") for each in _ids(value)]
    return tuple(dict.fromkeys(answered + named[::-1]))[:MOST_REFERENCES]


def _ids(value: bytes) -> list[str]:
    text = cleaning.line(cleaning.decode(value))
    return MESSAGE_ID.findall(text) or [word[:998] for word in text.split() if "@" in word]
