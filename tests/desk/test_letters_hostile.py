"""Nothing a stranger sends makes the desk slow, deep or deaf. The libraries that do: reference/libraries.md."""

import base64
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.arrival import Arrival, Letter, Wire
from intake.letters import Unreadable, read_letter, received_at_of, split_mbox
from intake.letters.markup import words_of

HEAD = b"From: a@post.example\nIn-Reply-To: <x@anytown.example>\nSubject: Re: visits\n"
MIXED = b"Content-Type: multipart/mixed; boundary=b\n\n"
AT = datetime(2026, 3, 2, tzinfo=UTC)
SECONDS = 2.0
"""Of this process; another one's work doesn't count."""


def read(raw: bytes) -> Letter:
    return read_letter(Arrival("import", Wire.EMAIL, raw, AT), boundary="mx", our_addresses=("yoursay@anytown.example",))


def nested(depth: int) -> bytes:
    opening = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth))
    return HEAD + opening + b"\nthe innermost words"


def wide(parts: int) -> bytes:
    return HEAD + MIXED + b"--b\n\nwords\n" * parts


LETTERS: dict[str, Callable[[], bytes]] = {
    "an introduction without end": lambda: HEAD + b"\n" + b"On " * 20_000,
    "introductions line by line": lambda: HEAD + b"\n" + b"On \n" * 50_000,
    "wrote lines": lambda: HEAD + b"\n" + b"On 3 March 2026 at 10:12 a@b wrote:\n" * 20_000,
    "empty lines": lambda: HEAD + b"\nwords" + b"\n" * 50_000,
    "quotes": lambda: HEAD + b"\n" + b">" * 100_000 + b"\n>" * 50_000,
    "dashes": lambda: HEAD + b"\n" + b"-" * 100_000,
    "header blocks": lambda: HEAD + b"\n" + b"From: a\n" * 50_000,
    "3,000 parts one inside the other": lambda: nested(3_000),
    "10,000 parts": lambda: wide(10_000),
    "false boundaries": lambda: HEAD + MIXED + b"--b\n\nwords\n" + b"--\n" * 200_000,
    "a 200 kB subject of encoded words": lambda: HEAD + b"Subject: " + b"=?utf-8?q?=41?= " * 12_500 + b"\n\nwords",
    "a subject of opening marks": lambda: b"Subject: " + b"=?a?b?" * 40_000 + b"\n\nwords",
    "a 1 MB subject": lambda: b"Subject: " + b"x" * 1_000_000 + b"\n\nwords",
    "10,000 Received lines": lambda: b"Received: by x; Mon, 2 Mar 2026 09:14:07 +0000\n" * 10_000 + HEAD + b"\nwords",
    "a From of brackets": lambda: b"From: " + b"(" * 200_000 + b"\n\nwords",
    "a From of quotation marks": lambda: b"From: " + b'\\"' * 100_000 + b"\n\nwords",
    "a type of semicolons": lambda: b"Content-Type: text/plain" + b';a="' * 50_000 + b"\n\nwords",
    "types of semicolons": lambda: HEAD + MIXED + (b"--b\nContent-Type: a/b" + b';"' * 900 + b"\n\nx\n") * 999,
    "1 MB of one word": lambda: HEAD + b"\n" + b"a" * 1_000_000,
    "a base64 of words in lines": lambda: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"AAAA=\nab cd!\n" * 200_000,
    "a base64 of noise": lambda: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"!?" * 500_000,
    "nested letters": lambda: HEAD + b"Content-Type: message/rfc822\n\n" * 3_000 + b"\n\nwords",
    "20 MB of attachment": lambda: (
        HEAD
        + MIXED
        + b"--b\n\nwords\n--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(bytes(15_000_000))
        + b"--b--\n"
    ),
    "a slow charset": lambda: HEAD + b"Content-Type: text/plain; charset=punycode\n\n" + b"a-" * 200_000,
}


@pytest.mark.parametrize("name", LETTERS)
def test_a_hostile_letter_is_read_in_no_time(name: str) -> None:
    raw = LETTERS[name]()
    began = time.process_time()

    letter = read(raw)

    assert time.process_time() - began < SECONDS
    assert len(letter.subject) <= 16_384


MARKUP = [
    "<div>" * 200_000 + "x",
    "<p>" + "".join(f"<b a={n}>" for n in range(2_000)) + "</p>" + "<p>x" * 20_000,
    "<p " + "a=1 " * 250_000 + ">x",
    "<" * 500_000,
    '<a "' * 100_000,
    "<!--" * 200_000,
    "<script>" * 100_000,
    "&" * 500_000,
    "&#" + "9" * 100_000 + ";",
    "</div>" * 100_000,
    "<div>" * 50_000 + "</p>" * 50_000,
    "<blockquote type=cite>" * 20_000 + "x",
    "<style>x" * 50_000,
    "<b>word" * 600_000,
]


@pytest.mark.parametrize("markup", MARKUP, ids=range(len(MARKUP)))
def test_hostile_markup_is_read_in_no_time(markup: str) -> None:
    """A tree builder needs minutes and gigabytes for the first three."""
    began = time.process_time()

    words_of(markup)

    assert time.process_time() - began < SECONDS


def test_of_markup_without_end_the_words_are_kept_to_the_last() -> None:
    assert words_of("<b>a " * 100_000 + "<b>the last word").endswith("the last word")


def test_words_are_never_shortened() -> None:
    assert read(HEAD + b"\n" + b"a" * 1_000_000).words == "a" * 1_000_000


def test_no_more_than_a_thousand_parts_and_fifty_levels_are_read() -> None:
    assert read(wide(10_000)).words.count("words") == 999
    assert "innermost" in read(nested(40)).words
    assert "innermost" not in read(nested(60)).words


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_are_a_letter_or_nothing_at_all(raw: bytes) -> None:
    try:
        letter = read(raw)
    except Unreadable:
        return

    for text in (letter.words, letter.quoted, letter.subject, letter.sender_name):
        assert "\0" not in text
        text.encode()


_PIECES = (
    b'From: |a@b|<|>|"|(|\n|\r\n|\n\n|Content-Type: |multipart/mixed|; boundary=|b|--b|--|text/html|message/rfc822|=?utf-8?b?|?='
    b"|> | |Content-Transfer-Encoding: base64|On 3 Mar 2026 at 10:00 a@b wrote:|name*0*=utf-8''%ff|charset=utf-16|charset=utf-7"
    b"|\xff\xfe|=|+AAA-|multipart/report|message/delivery-status|Status: 5.1.1|<div>|</div|&#x;|Received: ; |Date: "
    b"|-----Original Message-----"
).split(b"|")


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=60).map(b"".join))
def test_any_jumble_of_a_letters_pieces_is_read(raw: bytes) -> None:
    assert received_at_of(raw, AT) <= AT
    assert all(split_mbox(raw))
    try:
        letter = read(raw)
    except Unreadable:
        return

    assert letter.identity
    assert "\n" not in letter.subject + letter.sender + letter.sender_name
