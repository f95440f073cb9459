"""Rich text as Outlook packs it, by the examples of its specification; what is broken or hostile ends at once."""

import random
import struct
import time

import pytest

from intake.letters.rich_text import LONGEST, decompressed, words_of

SIMPLE = "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
QUADRATIC = 10.0
"""Seconds of processor time: what grows with the square of half a megabyte takes minutes, these take less than one."""
CROSSING = "1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0"


def packed(body: bytes, size: int, kind: bytes = b"LZFu") -> bytes:
    return struct.pack("<II4sI", len(body) + 12, size, kind, 0) + body


def test_the_examples_of_the_specification_are_read() -> None:
    """[MS-OXRTFCP], 3.1: a simple one, and one that refers to what it is about to write."""
    assert decompressed(bytes.fromhex(SIMPLE)) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert decompressed(bytes.fromhex(CROSSING)) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


def test_what_was_not_compressed_is_taken_as_it_is() -> None:
    assert decompressed(packed(b"{\\rtf1 Nobody came.}", 20, b"MELA")) == b"{\\rtf1 Nobody came.}"


@pytest.mark.parametrize(
    ("rich", "words"),
    [
        (rb"{\rtf1\ansi Nobody came.\par Not once.}", "Nobody came.\nNot once."),
        (rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator Some program;}{\info{\author Kim}}Words.}", "Words."),
        (rb"{\rtf1\ansi\ansicpg1250 Przysz\'b3o.}", "Przysz\u0142o."),
        (rb"{\rtf1\ansi\uc1 Na\u239\'efve \u-10179?\u-8704?}", "Na\u00efve \U0001f600"),
        (rb"{\rtf1\ansi \{a\} b\\c\~d}", "{a} b\\c\u00a0d"),
        (
            rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\par \htmlrtf0 One.\htmlrtf }\htmlrtf0 {\*\htmltag72 </p>}}",
            "One.",
        ),
        (b"no rich text", ""),
    ],
)
def test_the_words_of_rich_text_are_read_and_what_is_about_them_is_not(rich: bytes, words: str) -> None:
    assert words_of(rich) == words


def test_what_is_damaged_gives_what_was_read_until_there() -> None:
    chance = random.Random(3)
    whole = bytes.fromhex(SIMPLE)
    for _ in range(500):
        damaged = bytearray(whole[: chance.randrange(len(whole) + 1)])
        for _ in range(chance.randrange(4)):
            if damaged:
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        words_of(decompressed(bytes(damaged)))
    assert words_of(decompressed(whole[:-8])) == "hello w"


@pytest.mark.parametrize("kind", [b"", b"\\fromhtml1"])
def test_no_sign_that_a_database_refuses_is_among_the_words(kind: bytes) -> None:
    assert words_of(b"{\\rtf1\\ansi" + kind + b" Nobody\0 came\x0f.}").split() == ["Nobody", "came."]


def test_a_little_that_says_it_is_much_ends_at_the_bound() -> None:
    """Each reference copies seventeen bytes of what was written last: nine times what was sent, and more is not made."""
    body, at = bytearray(), 207
    while at < 207 + 2 * LONGEST:
        body.append(0xFF)
        for _ in range(8):
            body += struct.pack(">H", (at - 1) % 4096 << 4 | 15)
            at += 17
    began = time.process_time()

    assert len(decompressed(packed(bytes(body), 2**32 - 1))) == LONGEST
    assert time.process_time() - began < QUADRATIC


@pytest.mark.parametrize("signs", [b"{", b"}", b"\\u1 ", b"\\a", b"a\\", b"{\\*\\htmltag <p>}", b"\\'41", b"\\" * 3])
def test_hostile_rich_text_is_read_in_no_time(signs: bytes) -> None:
    """Processor time of this process, and not the clock's: other tests do not count."""
    began = time.process_time()
    words_of(b"{\\rtf1\\fromhtml1 " + signs * (LONGEST // len(signs)))
    assert time.process_time() - began < QUADRATIC
