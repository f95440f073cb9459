"""Letters to measure with: always the same bytes for the same number, each with what a right intake makes of it.

Of a hundred, 90 are first letters (a tenth of them with a scan of 200 kB, every tenth in an odd charset), 5 write again in the
thread of their own first letter, 3 come from machines, 2 are delivered twice. People, places and sentences are made up.
"""

import base64
import random
import textwrap
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.utils import format_datetime
from enum import StrEnum

COUNCIL = "complaints@council.example"
BEGINNING = datetime(2025, 3, 3, 8, tzinfo=UTC)
SCAN_BYTES = 200_000
FIRST_NAMES = [
    "Ada",
    "Bela",
    "Carys",
    "Dilip",
    "Enid",
    "Femi",
    "Gwen",
    "Hana",
    "Idris",
    "Jola",
    "Kofi",
    "Lowri",
    "Mina",
    "Nesta",
    "Orla",
    "Pavel",
    "Rhys",
    "Sana",
    "Tomos",
    "Zoë",
]
LAST_NAMES = [
    "Abel",
    "Boyd",
    "Çelik",
    "Drew",
    "Evans",
    "Frost",
    "Gray",
    "Hale",
    "Ito",
    "Jones",
    "Kaya",
    "Lloyd",
    "Moss",
    "Nowak",
    "O'Dea",
    "Price",
    "Quinn",
    "Rees",
    "Szabó",
    "Ward",
]
SUBJECTS = (
    "Nobody rings us back",
    "Our visits keep being called off",
    "The plan for my daughter",
    "Moved again without a word",
    "What was written about us",
)
OPENINGS = ("Hello,", "To whoever reads this,", "Dear complaints team,")
SENTENCES = (
    "We have had three different social workers since the summer and nobody told us why.",
    "The visit on Friday was cancelled an hour before, for the second time this month.",
    "My daughter was moved to another home and heard of it from the driver.",
    "The assessment should have been finished weeks ago and I still have no date.",
    "I rang the office and was told that somebody would ring back, and nobody did.",
    "The report says that I missed a meeting which your own office had moved.",
    "My grandson asks every evening when he can see his brother.",
    "There was a letter in our file that is about a different family.",
    "I was spoken to as if I were lying, in front of the children.",
    "The transport did not come on Tuesday and I lost a day's work.",
    "I kept a note of every call, with the date and the name I was given.",
    "The school thinks the same and has written to you too.",
    "We were promised a plan in writing and have not had one.",
    "I have asked for this in large print and did not get it.",
    "I would like somebody outside the team to look at this.",
    "Please tell me who deals with it and when I will hear.",
    "I want an apology, and for this to be put right before the review.",
)
CHARSETS = {
    "windows-1252": ("windows-1252", "windows-1252", "“It isn’t good enough” – £40"),
    "iso-8859-1": ("iso-8859-1", "iso-8859-1", "It cost £40 and Zoë cried"),
    "iso-8859-2": ("iso-8859-2", "iso-8859-2", "Ciocia Małgorzata też pisze"),
    "iso-8859-15": ("iso-8859-15", "iso-8859-15", "We paid 40 € for it"),
    "utf-16": ("utf-16", "utf-16", "Małgorzata paid £40"),
    "utf-8 with a mark": ("utf-8-sig", "utf-8", "Zoë paid £40"),
    "none named": ("windows-1252", "", "It’s £40 – again"),
    "an unknown name": ("iso-8859-1", "x-our-own", "Zoë paid £40"),
}


class Fate(StrEnum):
    """What a right intake makes of a letter."""

    CASE = "case"
    ADDED = "added"
    AUTOMATIC = "automatic"
    REPEAT = "repeat"


@dataclass(frozen=True)
class Sample:
    """A letter and its fate. `probe` are words that must be there unharmed once it is read."""

    raw: bytes
    fate: Fate
    sender: str
    probe: str = ""


def samples(number: int, seed: int = 20250303) -> list[Sample]:
    """So many letters, in the order in which they are delivered."""
    chance = random.Random(seed)
    firsts = [_first(chance, place) for place in range(round(number * 0.9))]
    found = list(firsts)
    for place in range(round(number * 0.03)):
        found.insert(chance.randrange(len(found)), _machine(chance, place))
    for _ in range(round(number * 0.02)):
        original = chance.choice(firsts)
        again = original.raw.replace(b"Received: from one", b"Received: from two", 1)
        found.insert(chance.randrange(found.index(original) + 1, len(found) + 1), Sample(again, Fate.REPEAT, original.sender))
    return found + [_again(chance, place, firsts) for place in range(number - len(found))]


def _first(chance: random.Random, place: int) -> Sample:
    name, sender = _person(chance, place)
    text = _story(chance, name)
    charset, probe = "utf-8", ""
    if place % 10 == 7:
        charset, label, probe = CHARSETS[chance.choice(sorted(CHARSETS))]
        text = f"{text}\n{probe}\n"
        typed, body = _in_charset(text, charset, label)
    else:
        form = chance.choice(("plain", "plain", "both", "both", "marked up", "answer"))
        typed, body = _FORMS[form](chance, text)
    if place % 10 == 3:
        typed, body = _with_scan(chance, typed, body)
    head = _head(chance, name, sender, chance.choice(SUBJECTS), place)
    return Sample(_joined([*head, *typed], body), Fate.CASE, sender, probe)


def _again(chance: random.Random, place: int, firsts: list[Sample]) -> Sample:
    first = chance.choice(firsts)
    answered = next(line[12:] for line in first.raw.decode("latin-1").split("\n") if line.startswith("Message-ID: "))
    head = _head(chance, "", first.sender, f"Re: {chance.choice(SUBJECTS)}", 1_000_000 + place)
    words = " ".join(chance.sample(SENTENCES, 3))
    typed, body = _plain(chance, f"Hello,\n\n{words}\n")
    return Sample(_joined([*head, f"In-Reply-To: {answered}", f"References: {answered}", *typed], body), Fate.ADDED, first.sender)


def _machine(chance: random.Random, place: int) -> Sample:
    name, sender = _person(chance, 2_000_000 + place)
    head = _head(chance, name, sender, "Automatic reply: Your message", 2_000_000 + place)
    says = chance.choice((["Auto-Submitted: auto-replied"], ["Precedence: auto_reply", "X-Autoreply: yes"]))
    typed, body = _plain(chance, "I am away until Monday and do not read my mail.\n")
    return Sample(_joined(["Return-Path: <>", *head[1:], *says, *typed], body), Fate.AUTOMATIC, sender)


def _person(chance: random.Random, place: int) -> tuple[str, str]:
    name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
    plain = name.encode("ascii", "ignore").decode().lower().replace(" ", ".").replace("'", "")
    return name, f"{plain}.{place}@family.example"


def _story(chance: random.Random, name: str) -> str:
    paragraphs = [" ".join(chance.sample(SENTENCES, chance.randint(3, 6))) for _ in range(chance.randint(2, 4))]
    wrapped = [textwrap.fill(paragraph, 74) for paragraph in paragraphs]
    return "\n\n".join([chance.choice(OPENINGS), *wrapped, name]) + "\n"


def _head(chance: random.Random, name: str, sender: str, subject: str, place: int) -> list[str]:
    stamp = format_datetime(BEGINNING + timedelta(minutes=place % 100_000))
    written = f"{Header(name, 'utf-8').encode()} <{sender}>" if name else sender
    return [
        f"Return-Path: <{sender}>",
        f"Received: from one.mail.example by mail.council.example with ESMTPS id {chance.getrandbits(32):08x}; {stamp}",
        f"From: {written}",
        f"To: {COUNCIL}",
        f"Subject: {Header(subject, 'utf-8').encode()}",
        f"Date: {stamp}",
        f"Message-ID: <{chance.getrandbits(64):016x}.{place}@family.example>",
        "MIME-Version: 1.0",
    ]


def _joined(head: list[str], body: bytes) -> bytes:
    return "\n".join(head).encode() + b"\n\n" + body


def _plain(chance: random.Random, text: str) -> tuple[list[str], bytes]:
    if chance.random() < 0.5:
        return ['Content-Type: text/plain; charset="utf-8"', "Content-Transfer-Encoding: 8bit"], text.encode()
    packed = base64.encodebytes(text.encode())
    return ['Content-Type: text/plain; charset="utf-8"', "Content-Transfer-Encoding: base64"], packed


def _marked_up(_: random.Random, text: str) -> tuple[list[str], bytes]:
    paragraphs = "".join(f"<p>{one.replace(chr(10), '<br>')}</p>" for one in text.strip().split("\n\n"))
    page = f"<html><head><style>p {{margin: 0 0 1em}}</style></head><body><div>{paragraphs}</div></body></html>\n"
    return ['Content-Type: text/html; charset="utf-8"', "Content-Transfer-Encoding: 8bit"], page.encode()


def _both(chance: random.Random, text: str) -> tuple[list[str], bytes]:
    return _parts(chance, "alternative", [_plain(chance, text), _marked_up(chance, text)])


def _answer(chance: random.Random, text: str) -> tuple[list[str], bytes]:
    quoted = "\n".join(f"> {line}" for line in ("Dear sir or madam,", "We will ring you by the end of the week.", "The team"))
    return _plain(chance, f"{text}\nOn Monday, Children's Services wrote:\n{quoted}\n")


def _in_charset(text: str, charset: str, label: str) -> tuple[list[str], bytes]:
    typed = f'Content-Type: text/plain; charset="{label}"' if label else "Content-Type: text/plain"
    return [typed, "Content-Transfer-Encoding: base64"], base64.encodebytes(text.encode(charset, "replace"))


def _with_scan(chance: random.Random, typed: list[str], body: bytes) -> tuple[list[str], bytes]:
    named = ["Content-Type: application/pdf", 'Content-Disposition: attachment; filename="scan of the letter.pdf"']
    scan = base64.encodebytes(b"%PDF-1.4\n" + chance.randbytes(SCAN_BYTES))
    return _parts(chance, "mixed", [(typed, body), ([*named, "Content-Transfer-Encoding: base64"], scan)])


def _parts(chance: random.Random, kind: str, parts: list[tuple[list[str], bytes]]) -> tuple[list[str], bytes]:
    boundary = f"----part{chance.getrandbits(48):x}"
    opened = b"".join(f"--{boundary}\n".encode() + _joined(typed, body.rstrip(b"\n")) + b"\n" for typed, body in parts)
    return [f'Content-Type: multipart/{kind}; boundary="{boundary}"'], opened + f"--{boundary}--\n".encode()


_FORMS = {"plain": _plain, "both": _both, "marked up": _marked_up, "answer": _answer}
