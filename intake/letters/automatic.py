"""Was it written by a machine, and did a letter of ours fail? (RFC 3834, RFC 3464; hard-cases.md 61 to 68.)

Such a letter is kept and shown, it's only not answered. Too eager a guess silences people: `Auto-Submitted: no` is a
person, and X-Auto-Response-Suppress only asks for no automatic answer.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from intake.letters import addresses
from intake.letters.headers import Headers
from intake.letters.parts import Part, content

_RETURNED = "subject of a returned letter"
_NULL_PATH = "null return path"
_NULL_PATH_OF_A_PERSON = "null return path with a named sender"
_BULK_OF_A_RELAY = "precedence bulk of a relay"
MAY_BE_A_PERSON = frozenset(
    {"mailing list", "precedence list", "no-reply sender", _RETURNED, _NULL_PATH_OF_A_PERSON, _BULK_OF_A_RELAY}
)
"""Reasons to answer nothing that say little about who wrote: shared mailboxes and web forms send so. A person must look."""
_MAIL_SYSTEM = re.compile(r"(?:mailer-daemon|postmaster|bounces?|auto-?reply|auto-?responder)(?:[+=-].*)?", re.IGNORECASE)
_NO_REPLY = re.compile(r"(?:no-?_?\.?reply|do-?_?not-?_?reply)(?:[+=-].*)?", re.IGNORECASE)
_AWAY = re.compile(
    r"(?:automatic reply|auto(?:matic)?[- ]?response|autoreply|auto|out of (?:the )?office|ateb awtomatig|allan o'r swyddfa"
    r"|réponse automatique|absen(?:ce|te?) du bureau|message d['’]absence|automatische antwort|odpowiedź automatyczna"
    r"|abwesen(?:heit(?:snotiz|snachricht|smeldung|sassistent)?|d)|automatyczna odpowiedź|autoodpowiedź|nieobecność"
    r"|răspuns automat|respuesta automática|risposta automatica|fuori (?:sede|ufficio)|automatisch antwoord|afwezig"
    r"|resposta automática|automatické? odpove[ďd]|automatická odpověď|automatisk svar|autosvar|автоответ|автоматична відповідь"
    r"|رد تلقائي|otomatik yanıt)\s?[:.\-–]",
    re.IGNORECASE,
)
_FAILED_SUBJECT = re.compile(
    r"undeliver|delivery (?:status notification|failure|has failed)|mail delivery (?:failed|system)|returned mail|failure notice"
    r"|delivery incomplete|nicht zugestellt|unzustellbar|non remis|niedostarczon",
    re.IGNORECASE,
)
_RETURNS = re.compile(
    r"(?:undeliver(?:able|ed)\b(?: mail|:)|(?:mail|message|e-?mail) (?:delivery|could not be delivered|undeliver|not delivered)"
    r"|delivery (?:fail|status|notification|warning|delay|incomplete|has failed)|failure notice|non-?delivery|returned mail)",
    re.IGNORECASE,
)
"""How mail systems begin a subject, and people theirs ("Delivery delay of my son's bed"): the body must show it, too."""
_HELD_BY_A_LIST = re.compile(r"(?:re: )?your message to .{1,200} awaits moderator approval", re.IGNORECASE)
"""Mailman says it in the subject alone. No person writes so."""
_SAYS_FAILED = (
    rb"\b[45]\d\d[ -](?:[45]\.\d{1,3}\.\d|[^\n]{0,200}@)"
    rb"|(?:unable to (?:deliver|relay)|(?:could not|cannot|can't) be delivered|not delivered to|delivery to the following)"
    rb"[^@]{0,200}@"
)
_FAILED_BODY = re.compile(
    _SAYS_FAILED + rb"|\brcpt to\b|mailer-daemon|^(?:message-id|diagnostic-code):", re.IGNORECASE | re.MULTILINE
)
_FAILED_OF_MAIL_SYSTEMS = re.compile(
    _SAYS_FAILED + rb"|(?<![\w.])[45]\.\d{1,3}\.\d{1,3}(?![\w.])|^[ \t>]*+[45]\d\d[ -]", re.IGNORECASE | re.MULTILINE
)
"""What a letter of a mail system shows whose subject we do not know: most of what they write of is no failure."""
_NOT_FAILED = re.compile(r"success|\brelay(?:ed)?\b|^(?:delivered|read|not read|warning)\s?:", re.IGNORECASE)
"""Subjects of letters that say that ours arrived, was read, or is still being tried."""
_OF_MAIL_SYSTEMS = re.compile(r"(?:mailer-daemon|postmaster|microsoftexchange[0-9a-f]{32})(?:[+=-].*)?", re.IGNORECASE)
_REASONS_OF_BOUNCES = {
    _NULL_PATH,
    "mail system",
    "report",
    "auto-submitted",
    "precedence bulk",
    "precedence junk",
    "precedence auto_reply",
    _RETURNED,
}
_AWAY_OF_NOTES = re.compile(r"auto: .{1,200} is out of the office", re.IGNORECASE)
"""Lotus Notes says it in the subject alone. No person writes so."""
_OF_EXCHANGE = re.compile(r"^smtp=", re.IGNORECASE)
_STATUS = re.compile(
    r"(?im)^(final-recipient|original-recipient|action|status|diagnostic-code)[ \t]{0,9}:[ \t]{0,9}([^\n]{0,500})"
)
_STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status"}
_REPORT_TYPES = _STATUS_TYPES | {"multipart/report", "message/disposition-notification"}
_RETURNED_TYPES = {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"}
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}")
_RETURNED_ID = re.compile(rb"(?im)^message-id[ \t]{0,9}:[ \t]{0,9}\n?[ \t]{0,9}(<[^<>\s]{1,990}>)")
_CODE = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_REPLY_CODE = re.compile(r"\b([45])\d\d[ -]")
_SEARCHED = 200_000


@dataclass(frozen=True)
class Failure:
    """A letter of ours that didn't arrive, as far as the bounce says."""

    is_one: bool = False
    message_id: str = ""
    recipient: str = ""
    is_permanent: bool = False
    is_still_tried: bool = False
    """It has not arrived yet, and the mail system goes on trying (RFC 3464, 2.3.3, "delayed")."""


def reason(
    letter: bytes, headers: Headers, root: Part, sender: str, our_addresses: Collection[str], answers_something: bool
) -> str:
    """Return why no person wrote this, in a word or two; empty when a person may have."""
    body = letter[root.start : root.start + _SEARCHED]
    return (
        _own(headers, sender, our_addresses)
        or _said_by_headers(headers)
        or _said_by_path(headers, root, sender, body)
        or _said_by_kind(headers, root)
        or _sent_to_many(headers)
        or _looks_so(headers, sender, answers_something, body)
        or (_BULK_OF_A_RELAY if _is_bulk_by_a_relay(headers) else "")
    )


def _own(headers: Headers, sender: str, our_addresses: Collection[str]) -> str:
    ours = {address.lower() for address in our_addresses}
    if sender and sender.lower() in ours:
        return "own address"
    if headers.has("x-heard") or any(loop.strip("<>").lower() in ours for loop in headers.plain("x-loop").split()):
        return "own mark"
    return ""


def _said_by_headers(headers: Headers) -> str:
    submitted = headers.plain("auto-submitted").partition(";")[0].partition("(")[0].strip().lower()
    if submitted not in {"", "no"}:
        return "auto-submitted"
    for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-autogenerated"):
        if headers.has(name) and headers.plain(name).lower() not in {"no", "false", "0"}:
            return name
    return ""


def _said_by_path(headers: Headers, root: Part, sender: str, body: bytes) -> str:
    """Mail systems send with a null path, so that nothing answers (RFC 5321, 4.5.5); some gateways send people's letters so."""
    if headers.raw("return-path").replace(b" ", b"") != b"<>":
        return ""
    local, subject = sender.rpartition("@")[0], headers.text("subject")
    is_a_machines = (
        not sender
        or headers.has("precedence")
        or headers.has("x-failed-recipients")
        or addresses.is_for_returned(headers)
        or any(part.media_type in _REPORT_TYPES for part in _flat(root))
        or _MAIL_SYSTEM.fullmatch(local)
        or _OF_MAIL_SYSTEMS.fullmatch(local)
        or any(words.match(subject) for words in (_AWAY, _AWAY_OF_NOTES, _HELD_BY_A_LIST, _RETURNS))
        or any(words.search(subject) for words in (_FAILED_SUBJECT, _NOT_FAILED))
        or _FAILED_BODY.search(body)
    )
    return _NULL_PATH if is_a_machines else _NULL_PATH_OF_A_PERSON


def _said_by_kind(headers: Headers, root: Part) -> str:
    if root.media_type == "multipart/report":
        return "report"
    precedence = headers.plain("precedence").lower()
    if precedence not in {"bulk", "junk", "auto_reply"} or _is_bulk_by_a_relay(headers):
        return ""
    return f"precedence {precedence}"


def _is_bulk_by_a_relay(headers: Headers) -> bool:
    """Say whether a server that passed the letter on wrote `Precedence: bulk`, as forwarding services do with all that they send.

    A server writes above what is there (RFC 5321, 4.4): what stands above a Received was not written by whoever began the letter.
    """
    names = [name for name, _ in headers.fields]
    if headers.plain("precedence").lower() != "bulk" or "received" not in names:
        return False
    return names.index("precedence") < len(names) - 1 - names[::-1].index("received")


def _sent_to_many(headers: Headers) -> str:
    if headers.plain("precedence").lower() == "list":
        return "precedence list"
    return "mailing list" if headers.has("list-id") or headers.has("list-unsubscribe") else ""


def _looks_so(headers: Headers, sender: str, answers_something: bool, body: bytes) -> str:
    local = sender.rpartition("@")[0]
    if _MAIL_SYSTEM.fullmatch(local):
        return "mail system"
    says_a_person = headers.plain("auto-submitted").lower().startswith("no")
    is_evidence = answers_something or headers.has("x-auto-response-suppress")
    subject = headers.text("subject")
    if not says_a_person and ((is_evidence and _AWAY.match(subject)) or _AWAY_OF_NOTES.match(subject)):
        return "subject of an automatic reply"
    if not says_a_person and (_HELD_BY_A_LIST.match(subject) or (_RETURNS.match(subject) and _FAILED_BODY.search(body))):
        return _RETURNED
    return "no-reply sender" if _NO_REPLY.fullmatch(local) else ""


def failure(letter: bytes, headers: Headers, root: Part, why: str, our_addresses: Collection[str] = ()) -> Failure:
    """Return what a bounce says of the letter that failed; nothing for a letter that is no bounce."""
    parts = _flat(root)
    status = next((part for part in parts if part.media_type in _STATUS_TYPES), None)
    if status is not None:
        told = _told_by_status(content(letter, status)[:_SEARCHED])
    elif why in _REASONS_OF_BOUNCES and _is_bounce(headers, why, letter[root.start : root.start + _SEARCHED]):
        told = _told_by_words(letter, root, {address.lower() for address in our_addresses})
    else:
        told = None
    return Failure() if told is None else Failure(True, _returned_id(letter, parts, root), *told)


def _is_bounce(headers: Headers, why: str, body: bytes) -> bool:
    """Say whether a mail system wrote this of a failure: by a subject in a language that we know, or by what it shows."""
    subject = headers.text("subject")
    if _NOT_FAILED.search(subject):
        return False
    if why == _RETURNED or _FAILED_SUBJECT.search(subject) or headers.has("x-failed-recipients"):
        return True
    if not _OF_MAIL_SYSTEMS.fullmatch(addresses.sender(headers)[0].partition("@")[0]):
        return False
    # To an address that stood in an envelope only, a mail system has nothing else to say, in whatever language.
    return bool(addresses.is_for_returned(headers) or _FAILED_OF_MAIL_SYSTEMS.search(body))


def _flat(root: Part) -> list[Part]:
    parts, waiting = [], [root]
    while waiting:
        part = waiting.pop()
        parts.append(part)
        waiting.extend(reversed(part.children))
    return parts


def _told_by_status(raw: bytes) -> tuple[str, bool, bool] | None:
    """Read the first recipient that failed, else the first that waits; None when the notice says that all arrived."""
    waits: tuple[str, bool, bool] | None = None
    for group in re.split(r"\n[ \t]*\n", raw.decode("utf-8", "replace")):
        said: dict[str, str] = {}
        for name, value in _STATUS.findall(group):
            said.setdefault(name.lower(), value.strip())
        if "action" not in said and "status" not in said:
            continue
        action = said.get("action", "").lower()
        code = _CODE.search(said.get("status", "")) or _REPLY_CODE.search(said.get("diagnostic-code", ""))
        if action in {"delivered", "relayed", "expanded"} or (code and code[1] == "2"):
            continue
        address = _ADDRESS.search(said.get("final-recipient", "")) or _ADDRESS.search(said.get("original-recipient", ""))
        named = address[0] if address else ""
        if action != "delayed":
            return (named, code[1] == "5" if code else action == "failed", False)
        waits = waits or (named, False, True)
    return waits


def _told_by_words(letter: bytes, root: Part, ours: Collection[str]) -> tuple[str, bool, bool]:
    """Read a bounce without a machine's part: most of them have none (libraries.md, bounces measured)."""
    text = letter[root.start : root.start + _SEARCHED].decode("utf-8", "replace")
    listed = _ADDRESS.search(root.headers.plain("x-failed-recipients"))
    code = _CODE.search(text) or _REPLY_CODE.search(text)
    named = (match[0] for match in _ADDRESS.finditer(text))
    others = (
        each
        for each in named
        if each.lower() not in ours and "." in each.rpartition("@")[2] and not _MAIL_SYSTEM.fullmatch(each.rpartition("@")[0])
    )
    first = listed[0] if listed else next(others, "").rstrip(".")
    return (_OF_EXCHANGE.sub("", first), code[1] == "5" if code else listed is not None, False)


def _returned_id(letter: bytes, parts: list[Part], root: Part) -> str:
    for part in [part for part in parts if part.media_type in _RETURNED_TYPES]:
        found = _RETURNED_ID.search(content(letter, part)[:_SEARCHED])
        if found:
            return found[1].decode("ascii", "replace")
    found = _RETURNED_ID.search(letter, root.start, root.start + _SEARCHED)
    return found[1].decode("ascii", "replace") if found else ""
