"""A file comes out of a letter as it was, and a picture without what the camera wrote into it."""

import io
import random
import struct
from binascii import b2a_uu
from datetime import UTC, datetime

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from intake.arrival import Arrival, Wire
from intake.letters.email_letter import file_in, read_letter
from intake.letters.pictures import may_tell_more, without_notes
from intake.letters.uuencoded import parted
from tests.desk.letters import FOLDER, NAMES, expected

HOME = b"51 degrees 30 minutes, the blue door"
PICTURE = Image.effect_noise((40, 30), 60).convert("RGB")


def jpeg(orientation: int = 6, *, progressive: bool = False) -> bytes:
    exif = Image.Exif()
    exif[0x112], exif[0x10F], exif[0x9286] = orientation, HOME.decode(), HOME.decode()
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (51.0, 30.0, 26.0)
    out = io.BytesIO()
    PICTURE.save(
        out, "JPEG", exif=exif, comment=HOME, xmp=b"<x:xmpmeta>" + HOME, progressive=progressive, restart_marker_blocks=2
    )
    return out.getvalue() + b"MotionPhoto" + HOME


def png() -> bytes:
    notes, out = PngInfo(), io.BytesIO()
    notes.add_text("Where", HOME.decode())
    notes.add_itxt("XML:com.adobe.xmp", HOME.decode())
    PICTURE.save(out, "PNG", pnginfo=notes, exif=b"Exif\0\0MM\0*" + HOME)
    return out.getvalue() + HOME


def webp() -> bytes:
    out = io.BytesIO()
    PICTURE.save(out, "WEBP", lossless=True, exif=b"Exif\0\0MM\0*" + HOME, xmp=HOME)
    return out.getvalue()


@pytest.mark.parametrize("picture", [jpeg(), jpeg(progressive=True), png(), webp()], ids=["jpeg", "progressive", "png", "webp"])
def test_a_picture_is_the_same_picture_and_says_no_more_where_it_was_made(picture: bytes) -> None:
    assert HOME in picture

    shown = without_notes(picture)

    assert HOME not in shown
    assert b"<x:xmp" not in shown
    with Image.open(io.BytesIO(shown)) as now, Image.open(io.BytesIO(picture)) as before:
        assert now.convert("RGB").tobytes() == before.convert("RGB").tobytes()
        assert not now.getexif().get_ifd(0x8825)
    assert without_notes(shown) == shown


def test_the_way_up_is_kept_and_nothing_else() -> None:
    with Image.open(io.BytesIO(without_notes(jpeg(6)))) as turned, Image.open(io.BytesIO(without_notes(jpeg(1)))) as upright:
        assert dict(turned.getexif()) == {0x112: 6}
        assert dict(upright.getexif()) == {}


def test_a_picture_that_was_cut_short_shows_what_there_is_or_nothing() -> None:
    whole = jpeg()
    chance = random.Random(5)
    for _ in range(500):
        cut = bytearray(whole[: chance.randrange(3, len(whole))])
        cut[chance.randrange(3, len(cut)) if len(cut) > 3 else 2] ^= 0xFF
        assert len(without_notes(bytes(cut))) <= len(whole)

    assert without_notes(whole[: whole.index(b"MotionPhoto") - 40]).endswith(b"\xff\xd9")
    assert without_notes(whole[:30]) == without_notes(png()[:30]) == b""


def test_what_is_no_such_picture_is_given_as_it_is_and_named_where_it_may_tell_more() -> None:
    heic = struct.pack(">I", 24) + b"ftypheic"
    for file in (b"%PDF-1.7 ...", heic, b"words", b""):
        assert without_notes(file) == file

    assert [may_tell_more(file) for file in (b"%PDF-1.7", heic, webp(), jpeg(), b"words")] == [True, True, False, False, False]


def test_the_files_of_a_letter_come_out_by_their_number() -> None:
    raw = (FOLDER / "attachments_of_five_kinds.eml").read_bytes()

    assert [(file_in(raw, number) or b"")[:4] for number in range(7)] == [b"", b"%PDF", b"\xff\xd8\xff\xe0", *[b"data"] * 3, b""]


@pytest.mark.parametrize("name", [name for name in NAMES if "attachments" in expected()[name] and "winmail" not in name])
def test_every_file_that_a_letter_names_can_be_had(name: str) -> None:
    files = expected()[name]["attachments"]
    raw = (FOLDER / f"{name}.eml").read_bytes()

    assert [file_in(raw, number) is not None for number in range(1, len(files) + 2)] == [True] * len(files) + [False]


def test_a_file_between_the_words_comes_out_as_it_was() -> None:
    raw = (FOLDER / "file_uuencoded_between_the_words.eml").read_bytes()

    assert file_in(raw, 1) == bytes(range(256)) * 2
    assert file_in(raw, 2) is None


@pytest.mark.parametrize("name", ["file_yencoded_between_the_words", "file_yencoded_in_parts", "file_yencoded_alone"])
def test_a_file_that_is_written_between_the_words_byte_for_byte_comes_out_as_it_was(name: str) -> None:
    raw = (FOLDER / f"{name}.eml").read_bytes()

    assert file_in(raw, 1) == bytes(number * 7 % 256 for number in range(300))
    assert file_in(raw, 2) is None


def test_a_file_that_never_ends_stays_among_the_words() -> None:
    raw = b"From: a@post.example\n\nNobody came.\n=ybegin line=128 size=5 name=a.txt\nabcde\n"

    assert file_in(raw, 1) is None


@pytest.mark.parametrize("end", ["=yend size=5", "=yend", "=yend size=", "=yend size=99999 part=1"])
def test_words_between_the_marks_of_a_file_that_do_not_make_it_stay_words(end: str) -> None:
    words = f"Nobody came.\n=ybegin line=128 size=5 name=a.txt\nhe hits me every night\n{end}\nHelp.\n"
    raw = f"From: a@post.example\n\n{words}".encode()

    assert file_in(raw, 1) is None
    assert (
        "he hits me every night"
        in read_letter(Arrival("mailbox:here/INBOX", Wire.EMAIL, raw, datetime(2026, 3, 2, 9, tzinfo=UTC))).words
    )


def test_a_file_in_base64_with_blanks_in_its_lines_is_decoded_all_the_same() -> None:
    raw = (FOLDER / "files_in_base64_with_blanks_in_their_lines.eml").read_bytes()

    assert file_in(raw, 1) == b"day,came\nMonday,no\nTuesday,no\nWednesday,no\nThursday,no\nFriday,no\n"


REAL = "".join(b2a_uu(bytes(range(at, at + 45))).decode() for at in (0, 45, 90))
WORDS = "THEY HIT ME EVERY DAY.\nI WANT TO DIE.\nPLEASE HELP ME.\nTHEY SAY NOBODY COMES.\n"


@pytest.mark.parametrize(
    ("begun", "size"),
    [("", 0), (REAL, 135), (REAL.replace(" \n", "\n"), 135), (f"{REAL}`\nend\n", 135), (REAL.replace("\n", "X\n"), 135)],
)
def test_words_in_capitals_below_the_beginning_of_a_file_stay_words(begun: str, size: int) -> None:
    words, files = parted(f"Hello\nbegin 644 NOTE.TXT\n{begun}{WORDS}")

    assert words == (f"Hello\n{WORDS}" if size else f"Hello\nbegin 644 NOTE.TXT\n{WORDS}")
    assert [(one.name, one.size, one.content()) for one in files] == ([("NOTE.TXT", size, bytes(range(size)))] if size else [])
