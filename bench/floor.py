"""The floor: the least program that does the intake's job as durably. No rules, no clocks, no templates, no people.

`python -m bench.floor DATABASE FOLDER SMTP_PORT [IMAP_PORT USER PASSWORD]`: one process, one thread, the standard library.
Reads 64 letters, parses every part, drops repeats, finds threads, stores letter and case in one commit (WAL,
synchronous=FULL), and only then hands the answers to a mail server over one connection; port 0 hands over none.
"""

import contextlib
import email
import email.header
import email.message
import email.utils
import hashlib
import imaplib
import smtplib
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

BATCH = 64
TABLES = """
create table cases (number integer primary key, sender text, subject text);
create table letters (digest text primary key, message_id text, case_number integer, words text, files integer, raw blob);
create index letters_by_id on letters (message_id);
create table answers (message_id text primary key, case_number integer, recipient text, sent integer);
"""
TRACE = {"received", "return-path", "delivered-to"}


def words_and_files(letter: email.message.Message) -> tuple[str, int]:
    """The words of the first readable part, and how many bytes its files hold. Every part is decoded."""
    words, files = "", 0
    for part in letter.walk():
        if part.is_multipart():
            continue
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if part.get_content_maintype() != "text" or part.get_filename():
            files += len(content)
        elif not words:
            words = decoded(content, part.get_content_charset() or "")
    return words, files


def decoded(content: bytes, charset: str) -> str:
    for name in (charset, "utf-8", "cp1252"):
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            return content.decode(name)
    return content.decode("latin-1")


def digest_of(letter: email.message.Message, raw: bytes) -> str:
    head = "\n".join(f"{name}: {value}" for name, value in letter.items() if name.lower() not in TRACE)
    return hashlib.sha256(head.encode("utf-8", "replace") + raw[raw.find(b"\n\n") :]).hexdigest()


def is_automatic(letter: email.message.Message) -> bool:
    return letter.get("Auto-Submitted", "no") != "no" or letter.get("Precedence", "") in ("bulk", "list", "auto_reply")


def file_one(memory: sqlite3.Connection, raw: bytes) -> tuple[str, str, bytes] | None:
    """Store one letter. Gives the answer to send, if there is one: Message-ID, recipient, letter."""
    letter = email.message_from_bytes(raw)
    digest = digest_of(letter, raw)
    if memory.execute("select 1 from letters where digest = ?", (digest,)).fetchone():
        return None
    sender = email.utils.parseaddr(str(letter["From"]))[1]
    named = f"{letter['In-Reply-To'] or ''} {letter['References'] or ''}".split()
    found = None
    for one in named:
        found = found or memory.execute("select case_number from letters where message_id = ?", (one,)).fetchone()
    if found:
        number = found[0]
    else:
        subject = str(email.header.make_header(email.header.decode_header(str(letter["Subject"] or ""))))
        number = memory.execute("insert into cases (sender, subject) values (?, ?)", (sender, subject)).lastrowid
    words, files = words_and_files(letter)
    values = (digest, letter["Message-ID"], number, words, files, raw)
    memory.execute("insert into letters values (?, ?, ?, ?, ?, ?)", values)
    if found or is_automatic(letter):
        return None
    answer = f"<{digest[:32]}@council.example>"
    memory.execute("insert into answers values (?, ?, ?, 0)", (answer, number, sender))
    text = f"We have your letter. Its number is {number}. A person will read it within two working days.\r\n"
    head = f"From: complaints@council.example\r\nTo: {sender}\r\nSubject: We have your letter\r\nMessage-ID: {answer}\r\n"
    return answer, sender, f"{head}Auto-Submitted: auto-replied\r\nIn-Reply-To: {letter['Message-ID']}\r\n\r\n{text}".encode()


def file_all(memory: sqlite3.Connection, letters: Iterator[list[bytes]], post: smtplib.SMTP | None) -> None:
    for some in letters:
        memory.execute("begin immediate")
        answers = [answer for raw in some if (answer := file_one(memory, raw))]
        memory.execute("commit")
        if post is None:
            continue
        for _, recipient, text in answers:
            post.sendmail("complaints@council.example", [recipient], text)
        memory.execute("begin immediate")
        memory.executemany("update answers set sent = 1 where message_id = ?", [(answer,) for answer, _, _ in answers])
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
    if smtp_port == "0":
        file_all(memory, letters, None)
        return
    with smtplib.SMTP("127.0.0.1", int(smtp_port)) as post:
        file_all(memory, letters, post)


if __name__ == "__main__":
    main(*sys.argv[1:])
