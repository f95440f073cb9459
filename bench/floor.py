"""The floor: the least program that does the intake's job as durably. No rules, no clocks, no templates, no people.

`python -m bench.floor DATABASE FOLDER SMTP_PORT [IMAP_PORT USER PASSWORD]`: one process, one thread, the standard library.
Reads 64 letters, parses every part, drops repeats, finds threads, stores letter and case in one commit (WAL,
synchronous=FULL), and only then hands the answers to a mail server over one kept connection, one turn a letter: the next
envelope goes in the same write as the text before. Port 0 hands over none.
"""

import contextlib
import email
import email.header
import email.message
import email.utils
import imaplib
import re
import socket
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BATCH = 64
TABLES = """
create table cases (number integer primary key, sender text, subject text, received real, due text);
create table letters (number integer primary key, case_number int, message_id text unique, received real, words text, raw blob);
create table answers (case_number int, message_id text unique, sent int);
"""
OUR_NUMBER = re.compile(r"\[CMP-(\d+)\]")
MARK = re.compile(r"<[^>]+>")
MACHINES = ("bulk", "junk", "list", "auto_reply")


@dataclass(frozen=True)
class Answer:
    """What is sent once its case is stored."""

    recipient: str
    message_id: str
    text: bytes

    @property
    def envelope(self) -> bytes:
        return b"MAIL FROM:<>\r\nRCPT TO:<%b>\r\nDATA\r\n" % self.recipient.encode()


class Post:
    """One kept connection to a mail server."""

    def __init__(self, port: int) -> None:
        self._line = socket.create_connection(("127.0.0.1", port))
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._said = self._line.makefile("rb")
        self._said.readline()
        self._line.sendall(b"EHLO floor\r\n")
        while self._said.readline()[3:4] == b"-":
            pass

    def send(self, answers: list[Answer]) -> None:
        if answers:
            self._line.sendall(answers[0].envelope)
        for answer, following in zip(answers, [*answers[1:], None], strict=True):
            if any(self._said.readline()[:1] not in (b"2", b"3") for _ in range(3)):
                sys.exit("refused")
            self._line.sendall(answer.text + b"\r\n.\r\n" + (following.envelope if following else b""))
            if self._said.readline()[:3] != b"250":
                sys.exit("refused")


def header(value: object) -> str:
    """A header's words, decoded where they are encoded."""
    if "=?" not in str(value or ""):
        return str(value or "")
    pieces = email.header.decode_header(str(value))
    known = [(one, name if name and name != "unknown-8bit" else "utf-8") for one, name in pieces]
    return "".join(one.decode(name, "replace") if isinstance(one, bytes) else one for one, name in known)


def words_of(letter: email.message.Message) -> str:
    """The words of the last plain part, or of the first page."""
    words = ""
    for part in letter.walk():
        kind = part.get_content_type()
        if part.is_multipart() or part.get_filename() or kind not in ("text/plain", "text/html"):
            continue
        if words and kind == "text/html":
            continue
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        text = decoded(content, part.get_content_charset() or "")
        words = text if kind == "text/plain" else MARK.sub(" ", text)
    return words


def decoded(content: bytes, charset: str) -> str:
    for name in (charset, "utf-8", "cp1252"):
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            return content.decode(name)
    return content.decode("latin-1")


def is_automatic(letter: email.message.Message) -> bool:
    said = (letter["Auto-Submitted"] or "no").lower() != "no" or (letter["Precedence"] or "").lower() in MACHINES
    return said or bool(letter["X-Autoreply"]) or letter["Return-Path"] == "<>"


def case_of(memory: sqlite3.Connection, letter: email.message.Message, subject: str, sender: str) -> int | None:
    """The case that a letter names: by a letter of theirs, an answer of ours, or its number in the subject."""
    known = "select case_number from letters where message_id = ? union select case_number from answers where message_id = ?"
    for one in f"{letter['In-Reply-To'] or ''} {letter['References'] or ''}".split():
        if found := memory.execute(known, (one, one)).fetchone():
            return int(found[0])
    if named := OUR_NUMBER.search(subject):
        wanted = "select number from cases where number = ? and sender = ?"
        found = memory.execute(wanted, (int(named[1]), sender)).fetchone()
        return int(found[0]) if found else None
    return None


def file_one(memory: sqlite3.Connection, raw: bytes, now: float) -> Answer | None:
    """Store one letter. Gives the answer to send, if there is one."""
    letter = email.message_from_bytes(raw)
    message_id, subject = (letter["Message-ID"] or "").strip(), header(letter["Subject"])
    if memory.execute("select 1 from letters where message_id = ?", (message_id,)).fetchone():
        return None
    sender = email.utils.parseaddr(str(letter["From"]))[1]
    known = number = case_of(memory, letter, subject, sender)
    if number is None:
        opened = "insert into cases (sender, subject, received, due) values (?, ?, ?, '2026-03-16')"
        number = memory.execute(opened, (sender, subject, now)).lastrowid
    stored = "insert into letters (case_number, message_id, received, words, raw) values (?, ?, ?, ?, ?)"
    memory.execute(stored, (number, message_id, now, words_of(letter), raw))
    if is_automatic(letter):
        return None
    earlier = memory.execute("select count(*) from answers").fetchone()[0] if known else 0
    ours = f"<answer.{number}.{earlier}@council.example>"
    memory.execute("insert into answers values (?, ?, 0)", (number, ours))
    head = f"From: Complaints <complaints@council.example>\r\nTo: <{sender}>\r\nSubject: We have your letter [CMP-{number}]\r\n"
    thread = f"Message-ID: {ours}\r\nIn-Reply-To: {message_id}\r\nAuto-Submitted: auto-replied\r\n\r\n"
    text = f"Thank you. Your number is CMP-{number}.\r\nWe will answer within ten working days, by 16 March.\r\n"
    return Answer(sender, ours, f"{head}{thread}{text}".encode())


def file_all(memory: sqlite3.Connection, letters: Iterator[list[bytes]], post: Post | None) -> None:
    now = time.time()
    for some in letters:
        memory.execute("begin")
        answers = [answer for raw in some if (answer := file_one(memory, raw, now))]
        memory.execute("commit")
        if post is None or not answers:
            continue
        post.send(answers)
        memory.execute("begin")
        memory.executemany("update answers set sent = 1 where message_id = ?", [(answer.message_id,) for answer in answers])
        memory.execute("commit")


def from_folder(folder: Path) -> Iterator[list[bytes]]:
    files = sorted(folder.iterdir())
    for start in range(0, len(files), BATCH):
        yield [file.read_bytes() for file in files[start : start + BATCH]]


def from_mailbox(port: int, user: str, password: str) -> Iterator[list[bytes]]:
    with imaplib.IMAP4("127.0.0.1", port) as mailbox:
        mailbox.login(user, password)
        count = int(mailbox.select("INBOX", readonly=True)[1][0] or 0)
        for start in range(1, count + 1, BATCH):
            _, answers = mailbox.fetch(f"{start}:{min(start + BATCH - 1, count)}", "(UID BODY.PEEK[])")
            yield [one[1].replace(b"\r\n", b"\n") for one in answers if isinstance(one, tuple)]


def main(database: str, folder: str, smtp_port: str, *imap: str) -> None:
    memory = sqlite3.connect(database, isolation_level=None)
    memory.execute("pragma journal_mode = wal")
    memory.execute("pragma synchronous = full")
    memory.executescript(TABLES)
    letters = from_mailbox(int(imap[0]), *imap[1:]) if imap else from_folder(Path(folder))
    file_all(memory, letters, Post(int(smtp_port)) if smtp_port != "0" else None)


if __name__ == "__main__":
    main(*sys.argv[1:])
