"""A notice and its facts become what a person reads: a mail with two readings, or bubbles of chat with buttons."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum
from typing import Any

from jinja2 import TemplateError, TemplateNotFound, UndefinedError

from casework.council import Council
from procedures.terms import Channel, Notice
from templates import engine, markup
from templates.screens import Button, screens

LONGEST_SUBJECT = 200
MOST_REFERENCES = 10

# Every line that we make stays short, but an identifier may not be folded: Python would write a long one as an encoded word,
# and the thread would be lost. SMTP allows 998 octets a line (RFC 5321, 4.5.3.1.6).
# 7bit: the next server need not know 8BITMIME.
_POLICY = SMTP.clone(max_line_length=900, cte_type="7bit")
LONGEST_REFERENCES = 850
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,298}>")


class Auto(StrEnum):
    """What a mail says about how it came to be (RFC 3834, 5): a machine never answers the first two."""

    REPLIED = "auto-replied"
    GENERATED = "auto-generated"
    NO = "no"
    """A person's letter."""


class CannotRender(ValueError):
    """There are no words for this: a missing template or fact, an empty text, an address that is none. A person must look."""


@dataclass(frozen=True)
class Manner:
    """How a notice goes out, whatever it says."""

    auto: Auto = Auto.REPLIED
    is_for_staff: bool = False
    is_bulk: bool = False
    is_started_by_us: bool = False
    """Nobody has just asked for it: in chat it comes without a sound."""


LETTERS = (
    *(
        Notice.ACKNOWLEDGEMENT,
        Notice.INTEREST_ACCEPTED,
        Notice.INTEREST_REFUSED,
        Notice.LATE_ACCEPTED,
        Notice.LATE_REFUSED,
        Notice.LATE_PANEL_ACCEPTED,
        Notice.LATE_PANEL_REFUSED,
        Notice.EARLY_REFERRAL,
        Notice.FREEZE,
        Notice.LATER_START,
        Notice.HOLD,
        Notice.RESUBMIT,
        Notice.ADVOCATE_PENDING,
    ),
    *(Notice.EXTENSION, Notice.RESPONSE, Notice.TERMS, Notice.S2_ACKNOWLEDGEMENT, Notice.S2_DELAY, Notice.S2_RESPONSE),
    *(Notice.S3_ACKNOWLEDGEMENT, Notice.PANEL_REPORT, Notice.S3_RESPONSE, Notice.WITHDRAWAL_CONFIRMED, Notice.REROUTED),
    *(Notice.TRANSFERRED, Notice.REOPENED),
    *(Notice.DP_ACKNOWLEDGEMENT, Notice.CLOSURE, Notice.LETTER, Notice.BEHAVIOUR),
)
"""What a person sends, made ready here (procedures/letters.toml)."""

MANNERS: Mapping[Notice, Manner] = {
    Notice.RECEIPT: Manner(),
    Notice.THANKS: Manner(),
    Notice.ADDED: Manner(),
    Notice.STATUS: Manner(),
    Notice.NOTHING: Manner(),
    Notice.WITHDRAWAL_ASKED: Manner(),
    Notice.PASSED_TO_TEAM: Manner(),
    Notice.SCREEN: Manner(),
    **{letter: Manner(Auto.NO, is_started_by_us=True) for letter in LETTERS},
    Notice.LATE: Manner(Auto.GENERATED, is_started_by_us=True),
    Notice.ISSUES_FOR_YOU: Manner(Auto.NO, is_started_by_us=True),
    Notice.YOU_SAID_WE_DID: Manner(Auto.NO, is_started_by_us=True),
    Notice.PRAISE: Manner(Auto.NO, is_for_staff=True, is_started_by_us=True),
    Notice.NEW_CASE_FOR_STAFF: Manner(Auto.GENERATED, is_for_staff=True, is_started_by_us=True),
    Notice.SAFETY_ALERT: Manner(Auto.GENERATED, is_for_staff=True, is_started_by_us=True),
    Notice.REMINDERS: Manner(Auto.GENERATED, is_for_staff=True, is_bulk=True, is_started_by_us=True),
    Notice.DIGEST: Manner(Auto.GENERATED, is_for_staff=True, is_bulk=True, is_started_by_us=True),
    Notice.TROUBLE: Manner(Auto.GENERATED, is_for_staff=True, is_started_by_us=True),
}


@dataclass(frozen=True)
class Rendered:
    """What a person reads. `text` is complete by itself; in chat it is the bubbles of `parts`, one after the other."""

    subject: str
    text: str
    html: str | None
    buttons: tuple[tuple[Button, ...], ...] = ()
    parts: tuple[str, ...] = ()
    language: str = engine.ENGLISH
    """The language of the words, which may be English where another was asked for."""


@dataclass(frozen=True)
class Attached:
    """A file that goes with a mail."""

    name: str
    media_type: str
    content: bytes


def render(notice: Notice, channel: Channel, language: str, facts: Mapping[str, Any], council: Council) -> Rendered:
    """The words of a notice. Raises CannotRender; nothing is ever sent with a gap in it."""
    given = {**facts, "council": council}
    try:
        if notice is Notice.SCREEN:
            return _screen(channel, language, given)
        if channel is Channel.TELEGRAM:
            return _chat(notice, language, given)
        if channel is Channel.EMAIL:
            return _mail(notice, language, given)
        if channel is Channel.ALARM:
            return _alarm(notice, facts, council)
    except CannotRender:
        raise
    except (UndefinedError, TemplateNotFound) as error:
        raise CannotRender(f"{notice} by {channel}: {error}") from error  # names a fact or a file, never what a fact says
    except (TemplateError, ValueError, TypeError, LookupError) as error:
        raise CannotRender(f"{notice} by {channel}: {type(error).__name__}") from error
    raise CannotRender(f"{notice} cannot go by {channel}")


def with_note_of_repeat(rendered: Rendered, language: str) -> Rendered:
    """The same bubbles, the first with a word that they may have come before: a chat cannot tell a repeat by itself."""
    note = markup.plain(markup.blocks(engine.render("_base/repeat.txt", language, {})))
    first, *others = rendered.parts or (rendered.text,)
    parts = (f"{note}\n\n{first}", *others)
    return replace(rendered, text="\n\n".join(parts), parts=parts)


def _screen(channel: Channel, language: str, facts: Mapping[str, Any]) -> Rendered:
    if channel is not Channel.TELEGRAM:
        raise CannotRender(f"a screen cannot go by {channel}")
    text, buttons = screens(language).show(facts["screen"], facts, str(facts["nonce"]), facts.get("buttons"))
    return Rendered("", _not_empty(text), None, buttons, (text,), _found("screens.toml", language))


def _chat(notice: Notice, language: str, facts: Mapping[str, Any]) -> Rendered:
    path = f"{notice}/telegram.txt"
    parts = markup.bubbles(markup.blocks(engine.render(path, language, facts)))
    return Rendered("", _not_empty("\n\n".join(parts)), None, _buttons(notice, language, facts), parts, _found(path, language))


def _buttons(notice: Notice, language: str, facts: Mapping[str, Any]) -> tuple[tuple[Button, ...], ...]:
    """Beneath a signed answer: whoever presses it has opened it (`casework.letters.opened`). Beneath the numbered list: whether
    it is right (`casework.issues.answering`); one that was queued by an older version does not say which it is."""
    if notice is Notice.LETTER:
        return ((Button("opened", engine.read_words("_letter/words.toml", language)["opened"], facts["opened"]),),)
    if notice is Notice.ISSUES_FOR_YOU and facts.get("list") and facts["points"]:
        said, data = engine.read_words("_letter/words.toml", language), f"list.{facts['reference']}.{facts['list']}"
        return (
            (Button("list_right", said["list_right"], f"{data}.yes"),),
            (Button("list_wrong", said["list_wrong"], f"{data}.no"),),
        )
    return ()


def _alarm(notice: Notice, facts: Mapping[str, Any], council: Council) -> Rendered:
    """The event as JSON, for a program to read. It names what happened in our own words, and nobody."""
    said = {"service": council.service_name, "environment": council.environment, "kind": notice.value}
    said |= {name: facts[name] for name in ("id", "what", "reference", "at", "again")}
    return Rendered("", json.dumps(said), None)


def _found(path: str, language: str) -> str:
    """The language in which these words exist for a reader of `language`."""
    return engine.file_language(path, language) or engine.ENGLISH


def _mail(notice: Notice, language: str, facts: Mapping[str, Any]) -> Rendered:
    path = f"{notice}/email.txt"
    found = _found(path, language)
    parts = markup.blocks(engine.render(path, found, facts))
    subject = _subject(notice, found, facts)
    frame = f"{notice}/email.html" if engine.has_template(f"{notice}/email.html", found) else "_base/email.html"
    given = {
        **facts,
        "body": markup.html(parts),
        "lang": found,
        "subject": subject,
        "preheader": _preheader(notice, found, facts),
    }
    html = engine.render(frame, found, given)
    return Rendered(subject, _not_empty(markup.plain(parts)), html, language=found)


def _preheader(notice: Notice, language: str, facts: Mapping[str, Any]) -> str:
    """What a list of mails shows beside the subject: to people something neutral, to staff what the mail begins with."""
    return "" if MANNERS[notice].is_for_staff else markup.without_marks(engine.render("_base/preheader.txt", language, facts))


def _subject(notice: Notice, language: str, facts: Mapping[str, Any]) -> str:
    said = markup.without_marks(engine.render(f"{notice}/subject.txt", language, facts))
    environment = facts["council"].environment
    if environment and MANNERS[notice].is_for_staff:
        said = f"[{markup.without_marks(environment)}] {said}"
    return _not_empty(said[:LONGEST_SUBJECT].rstrip())


def _not_empty(text: str) -> str:
    if not text.strip():
        raise CannotRender("the words came out empty")
    return text


def build_mail(
    rendered: Rendered,
    *,
    message_id: str,
    date: datetime,
    service_name: str,
    from_address: str,
    recipient: str,
    auto: Auto,
    reply_to: str = "",
    in_reply_to: str = "",
    references: Sequence[str] = (),
    is_bulk: bool = False,
    files: Sequence[Attached] = (),
) -> EmailMessage:
    """The mail as it goes out: one recipient, the given Message-ID, plain text first, the HTML beside it, then the files.

    Raises CannotRender.
    """
    mail = EmailMessage(policy=_POLICY)
    try:
        mail["From"] = Address(markup.without_marks(service_name), addr_spec=from_address)
        mail["To"] = Address(addr_spec=recipient)
        if reply_to:
            mail["Reply-To"] = Address(addr_spec=reply_to)
    except (ValueError, IndexError, MessageError) as error:  # all three come out of the library for broken addresses
        raise CannotRender("an address that is none") from error
    mail["Subject"] = _not_empty(rendered.subject)
    mail["Date"] = date
    if not _MESSAGE_ID.fullmatch(message_id):
        raise CannotRender("a Message-ID that is none")
    mail["Message-ID"] = message_id
    _thread(mail, in_reply_to, references)
    if auto is Auto.NO:
        # a person's letter: bounces and read notices stay wanted, other machines' answers do not
        mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    else:
        mail["Auto-Submitted"] = str(auto)
        mail["X-Auto-Response-Suppress"] = "All"
    if is_bulk:
        mail["Precedence"] = "bulk"
    mail.set_content(rendered.text + "\n")
    if rendered.html is not None:
        mail.add_alternative(rendered.html, subtype="html")
    for file in files:
        kind, _, subtype = file.media_type.partition("/")
        mail.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
    mail["Content-Language"] = rendered.language  # after the content: setting that takes every Content- header away
    return mail


def _thread(mail: EmailMessage, in_reply_to: str, references: Sequence[str]) -> None:
    """Say what the mail answers. What came from strangers is kept only where it is an identifier and nothing else."""
    answered = _message_ids(in_reply_to)[:1]
    earlier = [found for one in references for found in _message_ids(one)]
    chain = list(dict.fromkeys([*earlier, *answered]))
    if len(chain) > MOST_REFERENCES:
        chain = [chain[0], *chain[1 - MOST_REFERENCES :]]  # RFC 5537, 3.4.4: the first and the last ones hold a thread together
    while sum(len(one) + 1 for one in chain) > LONGEST_REFERENCES:
        del chain[min(1, len(chain) - 1)]
    if answered:
        mail["In-Reply-To"] = answered[0]
    if chain:
        mail["References"] = " ".join(chain)


def _message_ids(text: str) -> list[str]:
    return [found for found in _MESSAGE_ID.findall(text) if "@" in found]
