"""Letters that are sent along encoded: their words are read, their files can be had, and no damage costs a word."""

import base64
import quopri
import random
from datetime import UTC, datetime

import pytest

from intake.arrival import Arrival, Letter, Wire
from intake.letters.email_letter import file_in, files_in, read_letter
from intake.letters.identity import identity_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
INNER = (
    b"From: mum@family.example\nSubject: My son\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=in\n\n"
    b"--in\nContent-Type: text/plain\n\nNobody came on Friday.\n"
    b'--in\nContent-Type: image/png\nContent-Disposition: attachment; filename="door.png"\nContent-Transfer-Encoding: base64\n\n'
    + base64.encodebytes(b"\x89PNG door")
    + b"--in--\n"
)


def sent_along(inner: bytes, encoding: bytes = b"base64", boundary: bytes = b"out", more: bytes = b"") -> bytes:
    encoded = {b"base64": base64.encodebytes, b"quoted-printable": quopri.encodestring}[encoding](inner)
    return (
        b"From: aunt@family.example\nSubject: Fwd\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=" + boundary
        + b"\n\n--" + boundary + b"\nContent-Type: text/plain\n\nSee below.\n--" + boundary
        + b"\nContent-Type: message/rfc822\n" + more + b"Content-Transfer-Encoding: " + encoding + b"\n\n" + encoded
        + b"--" + boundary + b"--\n"
    )  # fmt: skip


def read(raw: bytes) -> Letter:
    return read_letter(Arrival("mailbox", Wire.EMAIL, raw, NOON))


@pytest.mark.parametrize(
    "raw",
    [
        sent_along(INNER.replace(b"\n", b"\r\n")),
        sent_along(INNER, b"quoted-printable").replace(b"\n", b"\r\n"),
        sent_along(sent_along(INNER, boundary=b"mid")),
        sent_along(sent_along(sent_along(INNER, boundary=b"three"), boundary=b"two"), boundary=b"one"),
    ],
)
def test_letters_sent_along_encoded_are_read_however_deep_and_their_files_can_be_had(raw: bytes) -> None:
    letter = read(raw)

    assert letter.words.startswith("See below.") and letter.words.endswith("My son\n\nNobody came on Friday.")
    number = [file.name for file in letter.attachments].index("door.png") + 1
    assert file_in(raw, number) == b"\x89PNG door"
    assert letter.identity == identity_of(raw), "it is the same letter as before, though it is read better"


def with_more(inner: bytes) -> bytes:
    """A letter with one sent along encoded, and behind that a picture and one between the words of the last part."""
    more = (
        b'--out\nContent-Type: image/png\nContent-Disposition: attachment; filename="p.png"\n\n\x89PNG behind\n'
        b"--out\nContent-Type: text/plain\n\nbegin 644 old.txt\n#0V%T\n#0V%T\n#0V%T\n`\nend\n"
    )
    return sent_along(inner).removesuffix(b"--out--\n") + more + b"--out--\n"


def test_files_of_an_encoded_letter_are_counted_behind_all_others_so_that_stored_numbers_stay() -> None:
    """As one filed before encoded letters were looked into: 1 the letter, 2 the picture behind it, 3 what is uuencoded."""
    raw = with_more(sent_along(INNER, boundary=b"mid"))

    assert [file.name for file in read(raw).attachments] == ["part-3.eml", "p.png", "old.txt", "part-6.eml", "door.png"]
    assert [file_in(raw, number) for number in (2, 3, 5, 6)] == [b"\x89PNG behind", b"CatCatCat", b"\x89PNG door", None]
    assert files_in(raw) == [file_in(raw, number) for number in range(1, 6)]


def test_what_is_no_letter_or_would_end_the_one_around_it_stays_a_file() -> None:
    ends = INNER.replace(b"Nobody", b"\n--out--\nNobody")
    for held in (b"\x89PNG\0 no letter", b"", ends):
        raw = sent_along(held)
        letter = read(raw)
        number = [file.name for file in letter.attachments].index("part-3.eml") + 1

        assert letter.words == "See below." and file_in(raw, number) == held


def test_no_damage_to_a_letter_that_holds_encoded_ones_breaks_its_reader() -> None:
    chance, whole = random.Random(11), sent_along(sent_along(INNER, boundary=b"mid"), more=b"Content-Transfer-Encoding: 8bit\n")
    for _ in range(300):
        cut = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(cut))
            cut[at : at + chance.randrange(3)] = bytes(chance.randrange(256) for _ in range(chance.randrange(3)))
        for number in range(1, len(read(bytes(cut)).attachments) + 1):
            file_in(bytes(cut), number)
    assert "See below." in read(whole).words
