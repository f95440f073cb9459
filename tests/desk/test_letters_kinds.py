"""What a file is, is read from its first bytes; staff are told where its name says something else."""

import pytest

from intake.letters.kinds import kind_of, warning_of

PDF, PNG, PROGRAM, ZIP = b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\nx", b"MZ\x90\0", b"PK\x03\x04x"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.pdf", PDF),
        ("Scan.PNG", PNG),
        ("a.docx", ZIP),
        ("notes.txt", b"hello"),
        ("no ending", PDF),
        ("voice.ogg", b"OggS"),
    ],
)
def test_nothing_is_said_of_what_is_as_its_name_says(name: str, content: bytes) -> None:
    assert warning_of(name, content) == ""


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("photo.jpg", PDF, "but it is a PDF"),
        ("letter.pdf", PROGRAM, "do not open it"),
        ("letter.pdf.exe", b"hello", "do not open it"),
        ("picture.png", b"<html><script>", "do not open it"),
        ("drawing.svg", b"<svg onload=x>", "do not open it"),
        ("form.docm", ZIP, "macros"),
        ("letter.pdf", b"hello", "nothing of the kind"),
        ("shortcut", b"L\0\0\0\x01\x14\x02\0x", "do not open it"),
    ],
)
def test_staff_are_told_what_it_really_is(name: str, content: bytes, says: str) -> None:
    assert says in warning_of(name, content)


def test_a_telephones_pictures_and_films_are_told_apart() -> None:
    assert kind_of(b"\0\0\0\x18ftypheic") == "HEIC picture"
    assert kind_of(b"\0\0\0\x18ftypqt  ") == "film"
