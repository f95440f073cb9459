"""What is written askew is mended only where it is askew: nothing that was sound is read worse for it."""

from datetime import UTC, datetime

import pytest

from intake.arrival import Arrival, Letter, Wire
from intake.letters import read_letter, split_mbox
from intake.letters.markup import words_of

SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nNobody came.\n-----BEGIN PGP SIGNATURE-----\n"


def read(raw: bytes) -> Letter:
    return read_letter(Arrival("import", Wire.EMAIL, raw, datetime(2026, 3, 2, tzinfo=UTC)))


@pytest.mark.parametrize(
    "charset", ["iso-8859-1", "iso-8859-2", "iso-8859-15", "koi8-r", "windows-1251", "gb2312", "utf-8", "x-unknown"]
)
def test_a_subject_in_utf_8_is_that_whatever_the_words_below_are_in(charset: str) -> None:
    """RFC 6532; many programs write so without saying it."""
    head = f"From: Zoë Łukasik <zoe@post.example>\nSubject: Proszę o pomoc\nContent-Type: text/plain; charset={charset}\n\n"
    letter = read(head.encode() + b"Nobody came.")

    assert (letter.subject, letter.sender_name) == ("Proszę o pomoc", "Zoë Łukasik")


@pytest.mark.parametrize(
    ("charset", "subject"), [("koi8-r", "Никто не пришёл"), ("iso-8859-2", "Proszę o pomoc"), ("iso-2022-jp", "助けて")]
)
def test_a_subject_in_the_letters_own_charset_is_read_by_it(charset: str, subject: str) -> None:
    head = f"From: a@post.example\nSubject: {subject}\nContent-Type: text/plain; charset={charset}\n\n"

    assert read(head.encode(charset) + b"Nobody came.").subject == subject


def test_words_in_the_place_of_a_signature_are_kept() -> None:
    for seal, words in (
        ("Version: GnuPG v2\n\niQEcBAEBCAAGBQJQabcdEFGH\n=abcd\n", "Nobody came."),
        ("He hit me. Please help.\n", "He hit me."),
        ("Note: he hit me\n\nabcd\n", "he hit me"),
    ):
        letter = read(f"From: a@post.example\n\n{SIGNED}{seal}-----END PGP SIGNATURE-----\n".encode())

        assert words in letter.words
        assert ("BEGIN PGP" in letter.words) == ("hit" in seal)


def test_beyond_what_is_read_tag_by_tag_no_word_is_lost() -> None:
    markup = "<p>a</p>" * 30_001 + "<style>p{color:red}</style><p>one</p><p>5 < 6 I want to die > 3</p>"

    assert words_of(markup).split("\n")[-1] == "a one 5 < 6 I want to die > 3"


@pytest.mark.parametrize("wide", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("name", ["Ann Hall", "Zoë Łukasik"])
def test_a_letter_in_wide_signs_without_a_mark_is_read_whatever_its_first_name(wide: str, name: str) -> None:
    letter = read(f"From: {name} <a@post.example>\nSubject: Visits\n\nNobody came.\n".encode(wide))

    assert (letter.sender, letter.sender_name, letter.subject) == ("a@post.example", name, "Visits")
    assert letter.words == "Nobody came."


def test_a_sentence_with_a_day_and_an_hour_begins_no_letter() -> None:
    """In an mbox without the empty line before a separator the whole of its line is asked for, the year with it."""
    first = b"From a@post.example Mon Mar  2 09:14:07 2026\nFrom: a@post.example\n\nHello.\n"
    said = b"From Anna Mon Mar 2 12:30 I saw this\nNote: he hit me\n"
    second = b"From b@post.example Mon Mar  2 10:00:00 2026 +0000\nFrom: b@post.example\n\nThanks.\n"

    assert len(list(split_mbox(first + said))) == 1
    assert len(list(split_mbox(first + said + second))) == 2
